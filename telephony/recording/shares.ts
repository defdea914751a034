import type { Call } from '../call.ts';
import { partiesOf, presentOf, saidGoodbye } from '../table/step.ts';
import type { Share } from './recording.ts';

type Sharer = Pick<Share, 'leg' | 'role' | 'who'>;

/**
 * Who can be heard by her at this moment, and she by him, she first. Whoever consults privately or has her on hold is
 * not; a manager is only while he has barged in.
 */
function sharersOf(call: Call): Sharer[] {
  if (!call.callerHere || saidGoodbye(call)) return [];
  const her: Sharer = { leg: call.caller.leg, role: 'caller', who: '' };
  if ('held' in call && call.held) return [her];
  const parties = call.stage === 'consulting' ? [] : presentOf(partiesOf(call));
  const { supervisor } = call;
  const manager: Sharer[] =
    supervisor?.here && supervisor.how === 'barge'
      ? [{ leg: supervisor.leg, role: 'supervisor', who: supervisor.seat }]
      : [];
  return [
    her,
    ...parties.map((one): Sharer => ({
      leg: one.leg,
      role: one.role,
      who: one.role === 'seat' ? one.seat : one.peer,
    })),
    ...manager,
  ];
}

/** The shares so far, after the call has become this one. The same again where nothing is new. */
export function sharesAfter(
  shares: readonly Share[],
  call: Call | null,
  now: number,
): readonly Share[] {
  const here = call === null ? [] : sharersOf(call);
  const same = (one: Sharer, other: Sharer) => one.leg === other.leg && one.who === other.who;
  const open = shares.filter(({ to }) => to === null);
  const left = open.filter((one) => !here.some((other) => same(one, other)));
  const come = here.filter((one) => !open.some((other) => same(one, other)));
  if (left.length === 0 && come.length === 0) return shares;
  return [
    ...shares.map((one) => (left.includes(one) ? { ...one, to: now } : one)),
    ...come.map((one): Share => ({ ...one, from: now, to: null })),
  ];
}
