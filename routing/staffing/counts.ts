import { present, type Seat } from '../seats.ts';
import { levels, type Rules } from './nouns.ts';
import { inOrder, planOf, promises } from './promises.ts';
import { own, type State } from './state.ts';

/** How far a plan's call for seats has come, of one site. */
export interface Count {
  readonly site: string;
  /** 应到: so many are asked for; what another plan has is not. */
  readonly askedIn: number;
  /** 已签入: so many of them are let in and there. */
  readonly signedIn: number;
  /** 就绪: so many of those are at work: they can be offered a call, or have one. */
  readonly ready: number;
}

/**
 * The counts of each open plan and drill, by plan.
 * @param seatOf a seat as the dispatcher has it; undefined: it does not have it
 */
export function countsOf(
  rules: Rules,
  state: State,
  seatOf: (id: string) => Seat | undefined,
): ReadonlyMap<string, readonly Count[]> {
  const order = inOrder(state);
  const promised = promises(rules, order);
  return new Map(
    order.map(({ plan, admitted }) => [
      plan,
      (promised.get(plan) ?? []).map(({ site, seats }) => {
        const there = (own(admitted, site) ?? []).map(seatOf).filter((seat) => seat !== undefined);
        return {
          site,
          askedIn: seats,
          signedIn: there.filter((seat) => seat.state !== 'signed-out').length,
          ready: there.filter(atWork).length,
        };
      }),
    ]),
  );
}

const atWork = (seat: Pick<Seat, 'state' | 'lineUp' | 'leaving'>): boolean =>
  present(seat) && seat.state !== 'not-ready';

/** What callers of a queue hear while they wait, by the gravest open plan that says something; null: as always. */
export function promptFor(rules: Rules, state: State, hotline: string): string | null {
  const plans = inOrder(state)
    .filter(({ drill }) => !drill)
    .map(({ plan }) => planOf(rules, plan))
    .filter(({ queues, prompt }) => queues.includes(hotline) && prompt !== null)
    .sort((a, b) => levels.indexOf(b.level) - levels.indexOf(a.level));
  return plans[0]?.prompt ?? null;
}
