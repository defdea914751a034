import type { Chance } from '../../routing/simulator/chance.ts';
import type { FloorSeat } from '../../server/http/floor-views.ts';
import type { FloorCall } from '../../server/http/supervise-views.ts';

/** What a person at a seat does next. */
export interface Intention {
  /** The situation that it belongs to: in another one he thinks anew. */
  readonly of: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Keys of his desk; the first that is allowed is pressed. */
  readonly keys: readonly string[];
}

/** Whom a hotline's operators hand callers to with one key, and whom they take in for three to talk. */
const handsTo: Readonly<
  Record<string, { readonly line: string; readonly peers: readonly string[] }>
> = {
  '12345': { line: '110', peers: ['water', 'power', '119'] },
  '110': { line: '12345', peers: ['119', '120'] },
};

/** Mean length of a talk, in milliseconds at tempo 1. */
export const TALK_MS = 28_000;
/** What a call costs a seat beside the talk: to answer it, and the wrap-up. */
export const AROUND_MS = 8_000;

/** How a seat stands, as far as the one who sits there would notice. */
export function situationOf({ state, since, lineUp }: FloorSeat, call?: FloorCall): string {
  const talk = call ? [call.id, call.stage, ...call.seats, ...call.peers] : [];
  return [state, since, lineUp, ...talk].join(' ');
}

/**
 * What he means to do in this situation; null: to wait for what comes.
 * @param tempo 1: talks of half a minute; smaller: shorter
 * @param now epoch milliseconds
 */
export function intends(
  seat: FloorSeat,
  call: FloorCall | undefined,
  tempo: number,
  chance: Chance,
  now: number,
): Intention | null {
  const within = (from: number, to: number) =>
    now + 1000 * tempo * (from + (to - from) * chance.next());
  const of = situationOf(seat, call);
  switch (seat.state) {
    case 'signed-out':
      return null;
    case 'not-ready':
      return seat.lineUp ? { of, at: within(1, 15), keys: ['ready'] } : null;
    case 'ready':
      return chance.next() < 0.06 ? { of, at: within(1, 4), keys: ['not-ready:break'] } : null;
    case 'offered':
      return { of, at: within(1, 3), keys: ['answer'] };
    case 'wrap-up':
      return { of, at: within(2, 8), keys: ['ready'] };
    case 'talking':
      return call ? talks(seat, call, of, within, chance) : null;
  }
}

function talks(
  seat: FloorSeat,
  call: FloorCall,
  of: string,
  within: (from: number, to: number) => number,
  chance: Chance,
): Intention {
  const goodbye = ['hang-up', 'leave'];
  if (call.stage !== 'talking') return { of, at: within(30, 40), keys: ['cancel', ...goodbye] };
  // Who handed her over leaves once they have met; whom she was handed to talks on.
  const others = call.seats.length + call.peers.length - 1;
  if (others > 0 && call.seats[0] === seat.id) return { of, at: within(5, 9), keys: ['leave'] };
  const mean = TALK_MS / 1000;
  if (others > 0 || call.seats.length === 0)
    return { of, at: within(mean / 2, mean * 1.2), keys: goodbye };
  const to = handsTo[seat.hotlines[0] ?? ''];
  const fate = chance.next();
  if (to && fate < 0.15)
    return { of, at: within(6, 12), keys: [`transfer:one-key:${to.line}`, ...goodbye] };
  if (to && fate < 0.22) {
    const peer = to.peers[Math.floor(chance.next() * to.peers.length)] ?? '';
    return { of, at: within(6, 12), keys: [`transfer:three-way:${peer}`, ...goodbye] };
  }
  return { of, at: within(mean / 2, mean * 1.5), keys: goodbye };
}
