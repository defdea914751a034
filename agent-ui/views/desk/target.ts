import type { Action, TargetView, Words } from '../../../server/http/views.ts';
import type { ShapeName } from '../Shape.tsx';

/** Told by shape and word before colour. */
export const TARGET_SHAPES: Readonly<Record<TargetView['state'], ShapeName>> = {
  well: 'tick',
  busy: 'wait',
  away: 'cross',
  unknown: 'ring',
};

/** To where a transfer leads. */
export const targetOf = ({ request }: Action): string => String(request.body.target ?? '');

/** The reason all of them share, to be said once. */
export function sharedWhy(actions: readonly Action[]): Words | null {
  const [first] = actions;
  if (!first?.why || actions.length < 2) return null;
  return actions.every((action) => !action.allowed && action.why?.zh === first.why?.zh)
    ? first.why
    : null;
}
