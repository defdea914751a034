import { planOf } from '../routing/staffing/promises.ts';
import type { Opening } from '../routing/staffing/state.ts';
import type { OpeningRecord } from './http/emergency-views.ts';
import { byOf, levelNames } from './names.ts';
import type { Wired } from './wire.ts';

/** So many are told. */
const SHOWN = 20;

/** The lives of plans, open and past, the newest first; of plans that are configured no more nothing is told. */
export function openingsOf(wired: Wired): OpeningRecord[] {
  const { openings, past } = wired.staff.keeper.state;
  const known = new Set(wired.rules.plans.map(({ id }) => id));
  return [...past, ...Object.values(openings)]
    .filter(({ plan }) => known.has(plan))
    .sort((a, b) => b.at - a.at)
    .slice(0, SHOWN)
    .map((one) => recordOf(wired, one));
}

function recordOf(wired: Wired, opening: Opening): OpeningRecord {
  const { id, plan, drill, stage, by, why, at, until, timeline } = opening;
  const { name, level } = planOf(wired.rules, plan);
  return {
    id,
    plan,
    name,
    level: { id: level, name: levelNames[level] },
    drill,
    stage,
    by: byOf(wired, by),
    why,
    at,
    until,
    timeline: timeline.map((entry) => ({ ...entry, by: byOf(wired, entry.by) })),
  };
}
