import type { Call, LegId } from '../call.ts';
import type { RingOrder, SwitchOrder } from '../calls.ts';

/** Whose leg it is: stands on each channel of a call, for people at Asterisk's console and for a controller that has lost its record. */
export interface LegMarks {
  readonly call: string;
  readonly role: 'caller' | 'seat' | 'peer' | 'supervisor';
  readonly hotline: string;
  /** Of a citizen who is called back: `number@trunk`. */
  readonly to: string;
}

/** The channel variables, in the order in which they are told when the leg comes to us. */
const VARIABLES = { call: 'LD_CALL', role: 'LD_ROLE', hotline: 'LD_HOTLINE', to: 'LD_TO' } as const;
const ORDER = ['call', 'role', 'hotline', 'to'] as const;

/** The first argument of a leg that we rang. */
export const LEG = 'leg';

/** A leg that a citizen is rung on has `caller` in its id. */
export const isCalledBack = (leg: LegId): boolean => leg.split('.')[1] === 'caller';

/** An order that makes a leg. */
export type MadeLeg =
  Exclude<RingOrder, { do: 'beep' }> | Extract<SwitchOrder, { do: 'ringSupervisor' }>;

export function marksOf(call: Call, order: MadeLeg): LegMarks {
  const common = { call: call.id, hotline: call.hotline, to: '' };
  if (order.do === 'ringSupervisor') return { ...common, role: 'supervisor' };
  if (order.do === 'ringPeer' && isCalledBack(order.leg)) {
    return { ...common, role: 'caller', to: `${order.ring.number}@${order.ring.trunk}` };
  }
  const seat = order.do === 'ringPhone' || order.leg.split('.')[1]?.startsWith('seat-');
  return { ...common, role: seat ? 'seat' : 'peer' };
}

/** On a channel that was there before it came into this call, or (null) that has left the last one. */
export const guestVariables = (call: Call | null): readonly (readonly [string, string])[] => [
  [VARIABLES.call, call?.id ?? ''],
  [VARIABLES.hotline, call?.hotline ?? ''],
];

/** What the dialplan knows of a channel that comes in. */
export const marksInDialplan = (role: LegMarks['role'], hotline = ''): string =>
  `${VARIABLES.role}=${role},${VARIABLES.hotline}=${hotline}`;

/** Set when the leg is made. */
export const variablesOf = (marks: LegMarks): Record<string, string> =>
  Object.fromEntries(ORDER.map((one) => [VARIABLES[one], marks[one]]));

/** What comes with the leg into the application. */
export const argsOf = (marks: LegMarks): string =>
  [LEG, ...ORDER.map((one) => marks[one])].join(',');

/** The same, as the dialplan writes it. */
export const argsInDialplan = [LEG, ...ORDER.map((one) => `\${${VARIABLES[one]}}`)].join(',');

/** As they were told; null: it is no leg of ours. */
export function marksIn([what, call, role, hotline, to]: readonly string[]): LegMarks | null {
  if (what !== LEG || call === undefined || hotline === undefined) return null;
  const known = (['caller', 'seat', 'peer', 'supervisor'] as const).find((one) => one === role);
  return known ? { call, role: known, hotline, to: to ?? '' } : null;
}
