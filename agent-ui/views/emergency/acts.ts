import type { PlanView } from '../../../server/http/floor-views.ts';
import type { WordKey } from '../../words/words.ts';

/** What can be wanted of a plan. */
export type PlanAct = 'open' | 'rehearse' | 'extend' | 'drain' | 'close' | 'dismiss';

export type Stage = 'closed' | 'open' | 'draining' | 'drill' | 'drill-draining';

export function stageOf({ opening }: PlanView): Stage {
  if (!opening) return 'closed';
  if (opening.drill) return opening.stage === 'open' ? 'drill' : 'drill-draining';
  return opening.stage;
}

interface Offered {
  readonly act: PlanAct;
  readonly word: WordKey;
}

/** What the server would obey now, as its table of a plan’s life says. */
const OFFERED: Readonly<Record<Stage, readonly Offered[]>> = {
  closed: [
    { act: 'open', word: 'act.open' },
    { act: 'rehearse', word: 'act.drill' },
  ],
  open: [
    { act: 'extend', word: 'act.extend' },
    { act: 'drain', word: 'act.drain' },
    { act: 'close', word: 'act.close' },
  ],
  draining: [
    { act: 'open', word: 'act.again' },
    { act: 'close', word: 'act.close' },
  ],
  drill: [
    { act: 'open', word: 'act.earnest' },
    { act: 'extend', word: 'act.extend' },
    { act: 'drain', word: 'act.drain' },
    { act: 'close', word: 'act.close' },
  ],
  'drill-draining': [
    { act: 'open', word: 'act.earnest' },
    { act: 'close', word: 'act.close' },
  ],
};

export const offeredTo = (plan: PlanView): readonly Offered[] => OFFERED[stageOf(plan)];

/** What the switch of a plan would do: open a closed one, drain an open one, close what drains. */
export const SWITCHED: Readonly<Record<Stage, PlanAct>> = {
  closed: 'open',
  open: 'drain',
  draining: 'close',
  drill: 'drain',
  'drill-draining': 'close',
};
