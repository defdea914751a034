import type { Config } from '../config/load.ts';
import { promptFor } from '../routing/staffing/counts.ts';
import type { Heard, HeardView, PromptView } from './http/emergency-views.ts';
import { promptViews } from './prompts.ts';
import type { Wired } from './wire.ts';

type Hotline = Config['hotlines'][number];
type Prompts = (name: string) => PromptView;

/** What callers of each hotline hear now while they wait, and what they would hear by each plan. */
export async function heardBy({ config, rules, staff, environment }: Wired): Promise<HeardView> {
  const prompts = await promptViews(environment.prompts);
  return {
    hotlines: config.hotlines.map((hotline) => ({
      hotline: hotline.id,
      name: hotline.name,
      hears: heardOn(hotline, promptFor(rules, staff.keeper.state, hotline.id), prompts),
    })),
    plans: rules.plans.flatMap(({ id, prompt }) =>
      prompt === null ? [] : [{ plan: id, prompt: prompts(prompt) }],
    ),
  };
}

/** In their order: the welcome, what an open plan says, then what the wait brings. */
function heardOn(hotline: Hotline, plan: string | null, prompts: Prompts): Heard[] {
  const at = (what: Heard['what'], afterSeconds: number, more: Partial<Heard> = {}): Heard => ({
    ...{ what, afterSeconds, everySeconds: null, key: null, prompt: null },
    ...more,
  });
  const first = [
    ...(hotline.welcome === null ? [] : [at('welcome', 0, { prompt: prompts(hotline.welcome) })]),
    ...(plan === null ? [] : [at('plan', 0, { prompt: prompts(plan) })]),
  ];
  const later = hotline.steps.flatMap((step): Heard[] => {
    if (!('say' in step)) return [];
    const { say, afterSeconds } = step;
    if (say === 'place') return [at('place', afterSeconds, { everySeconds: step.everySeconds })];
    if (say === 'call-back')
      return [at('call-back', afterSeconds, { prompt: prompts('call-back-offer') })];
    const answers = Object.entries(step.keys).map(([key, prompt]) =>
      at('answer', afterSeconds, { key, prompt: prompts(prompt) }),
    );
    return [at('answers', afterSeconds, { prompt: prompts('answers-offer') }), ...answers];
  });
  return [...first, ...later.sort((a, b) => a.afterSeconds - b.afterSeconds)];
}
