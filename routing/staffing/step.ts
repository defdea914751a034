import { chronicled } from './chronicle.ts';
import { forecast, accept, dismiss, proposalsEnded } from './forecasts.ts';
import { forced } from './forced.ts';
import { byHand } from './hand.ts';
import { andThen, nothingNew } from './happenings.ts';
import type { Fact, Happening, Moment, PlanRequest, Stepped } from './happenings.ts';
import { join, leasesEnded } from './leases.ts';
import { measured, reached, triedAgain, tryAgainAt } from './line-quality.ts';
import { drainsAt, livesGoOn } from './lives.ts';
import type { Rules } from './nouns.ts';
import { close, drain, extend, mayNot, opens } from './plans.ts';
import { admit, planOf } from './promises.ts';
import { StaffingRefusal } from './refusals.ts';
import { seatSeen, waitingSeen, wellSeen } from './sights.ts';
import type { State } from './state.ts';
import { byTwo } from './two-people.ts';

/**
 * The one door for all that changes who serves whom: what has come of a request or a fact at `now` (epoch
 * milliseconds), with what people are told and what peers are. A request may be refused: then nothing has changed. A
 * fact never is; one about something unknown changes nothing.
 */
export function step(
  rules: Rules,
  state: State,
  happening: Happening,
  now: number,
): Stepped | StaffingRefusal {
  const moment = { rules, now };
  const passed = timePasses(moment, state);
  const done = decide(moment, passed.state, happening);
  if (done instanceof StaffingRefusal) return done;
  const all = chronicled(
    moment,
    state,
    andThen(
      andThen(passed, () => done),
      (after) => livesGoOn(moment, after),
    ),
  );
  const admitted = mayAdmit(state, all.state) ? admit(moment, all.state) : all.state;
  return { ...all, state: versioned(state, admitted) };
}

/** When time by itself changes something next (epoch milliseconds): `time` should happen then; null: never. */
export function nextAt(rules: Rules, state: State): number | null {
  const times = [
    ...Object.values(state.leases).map(({ until }) => until),
    ...Object.values(state.openings).map(({ until }) => until),
    ...Object.values(state.openings).map((one) => drainsAt(planOf(rules, one.plan), state, one)),
    ...Object.values(state.proposals).map(({ expiresAt }) => expiresAt),
    ...rules.sites.map(({ id }) => tryAgainAt(state, id)),
  ].filter((at) => at !== null);
  return times.length === 0 ? null : Math.min(...times);
}

function timePasses(moment: Moment, state: State): Stepped {
  return [leasesEnded, triedAgain, proposalsEnded, livesGoOn].reduce(
    (passed, passes) => andThen(passed, (before) => passes(moment, before)),
    nothingNew(state),
  );
}

function decide(moment: Moment, state: State, happening: Happening): Stepped | StaffingRefusal {
  switch (happening.type) {
    case 'join':
      return join(moment, state, happening);
    case 'open':
    case 'drain':
    case 'close':
    case 'extend':
    case 'accept':
    case 'dismiss':
      return mayNot(moment, happening) ?? withPlan(moment, state, byTwo(moment, state, happening));
    case 'forced':
      return forced(moment, state, happening);
    case 'moveSeat':
    case 'setSkills':
    case 'setQueue':
    case 'undo':
      return byHand(moment, state, happening);
    default:
      return learn(moment, state, happening);
  }
}

function withPlan(
  moment: Moment,
  state: State,
  asked: PlanRequest | StaffingRefusal,
): Stepped | StaffingRefusal {
  if (asked instanceof StaffingRefusal) return asked;
  switch (asked.type) {
    case 'open':
      return opens(moment, state, asked);
    case 'drain':
      return drain(moment, state, asked);
    case 'close':
      return close(moment, state, asked);
    case 'extend':
      return extend(moment, state, asked);
    case 'accept':
      return accept(moment, state, asked);
    case 'dismiss':
      return dismiss(moment, state, asked);
  }
}

function learn(moment: Moment, state: State, fact: Fact): Stepped {
  switch (fact.type) {
    case 'time':
      return nothingNew(state);
    case 'waiting':
      return waitingSeen(moment, state, fact);
    case 'well':
      return nothingNew(wellSeen(moment, state, fact));
    case 'seat':
      return nothingNew(seatSeen(moment, state, fact));
    case 'quality':
      return measured(moment, state, fact);
    case 'siteReached':
      return reached(moment, state, fact);
    case 'forecast':
      return forecast(moment, state, fact);
  }
}

/** Most facts change nothing of who may be let in. */
const mayAdmit = (before: State, after: State): boolean =>
  before.openings !== after.openings ||
  before.leases !== after.leases ||
  before.seen.here !== after.seen.here;

/** What is only seen is not a new version: it is told again after a restart. */
function versioned(before: State, after: State): State {
  const names = Object.keys(after) as (keyof State)[];
  const changed = names.some((name) => name !== 'seen' && after[name] !== before[name]);
  return changed ? { ...after, version: before.version + 1 } : after;
}
