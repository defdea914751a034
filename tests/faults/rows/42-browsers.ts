import { setTimeout as sleep } from 'node:timers/promises';
import type { CallView } from '../../../server/http/views.ts';
import { Timeline } from '../../given/timeline.ts';
import type { Citizen } from '../../given/party.ts';
import type { BrowserSeat, PhoneSeat } from '../../given/world.ts';
import type { Hall } from '../hall.ts';
import type { FaultRow } from '../row.ts';

/** Browsers are lost in every state of their seats (decision 0011). */

interface Scene {
  readonly operator: BrowserSeat;
  readonly citizen: Citizen;
  readonly police?: PhoneSeat;
}

const talking = async ({ guests }: Hall): Promise<Scene> => {
  const operator = await guests.browserSeat('8051');
  const citizen = await guests.citizen();
  await citizen.rings('12345');
  await operator.desk.isOffered();
  await operator.desk.does('answer');
  await operator.desk.isAtStage('talking');
  return { operator, citizen };
};

const withPolice =
  (key: string, stage: 'talking' | 'consulting' | 'transferring') =>
  async (hall: Hall): Promise<Scene> => {
    const police = await hall.guests.phoneSeat('9001');
    const scene = await talking(hall);
    await scene.operator.desk.does(`transfer:${key}:110`);
    await police.phone.isRung();
    if (stage === 'transferring') await police.phone.rings();
    else await police.phone.answers();
    await scene.operator.desk.isAtStage(stage);
    return { ...scene, police };
  };

const states = {
  talking,
  'one-key rings': withPolice('one-key', 'transferring'),
  'three-way': withPolice('three-way', 'talking'),
  consulting: withPolice('consult', 'consulting'),
  offered: async ({ guests }: Hall): Promise<Scene> => {
    const operator = await guests.browserSeat('8051');
    const citizen = await guests.citizen();
    await citizen.rings('12345');
    await operator.desk.isOffered();
    return { operator, citizen };
  },
} as const;

type State = keyof typeof states;

/** Silence in milliseconds that she may hear; looks, their pause and the measuring's own blocks on a busy machine. */
const mostSilent = 1_600;

/** Brings the seat into the state, does the harm and listens until it is as it should be. */
async function lost(
  hall: Hall,
  state: State,
  harm: (operator: BrowserSeat) => Promise<unknown>,
  then: (scene: Scene) => Promise<unknown>,
): Promise<{ words: string; wrong: string[] }> {
  const scene = await states[state](hall);
  const line = new Timeline(scene.citizen);
  await sleep(300);
  const at = Date.now();
  await harm(scene.operator);
  const wrong: string[] = await then(scene).then(
    () => [],
    (error: unknown) => [`${state}: ${(error as Error).message.split('\n')[0] ?? ''}`],
  );
  const ms = Date.now() - at;
  await line.ends();
  const silent = line.silence(at);
  if (silent > mostSilent) wrong.push(`${state}: she heard nothing for ${silent} ms`);
  await goHome(scene);
  return { words: `${state}: silent ${silent} ms, well after ${ms} ms`, wrong };
}

/** So that the next ones find their seats free. */
async function goHome({ operator, citizen, police }: Scene): Promise<void> {
  await citizen.hangsUp();
  await operator.page.leaves();
  await police?.phone.hangsUp().catch(() => undefined);
  for (const { desk } of police ? [operator, police] : [operator]) {
    await desk.until('the call to be over', ({ call }) => call === null);
    await desk.post('/api/log-out');
  }
  await police?.phone.leaves();
}

/** One after another; each in words, and what was wrong. */
async function all(
  hall: Hall,
  which: readonly State[],
  harm: (operator: BrowserSeat) => Promise<unknown>,
  then: (scene: Scene) => Promise<unknown>,
) {
  const seen = [];
  for (const state of which) seen.push(await lost(hall, state, harm, then));
  return {
    words: seen.map(({ words }) => words).join('; '),
    wrong: seen.flatMap(({ wrong }) => wrong),
  };
}

/** His voice is there again, without an offer. */
const inTheCallAgain = async ({ operator, citizen }: Scene): Promise<void> => {
  for (const deadline = Date.now() + 8_000; Date.now() < deadline;) {
    const { call, seat } = await operator.desk.sees();
    const mine = call?.legs.find(({ you }) => you)?.state;
    const heard = (await citizen.heard(100)).operator > 400;
    if (seat.lineUp && mine === 'talking' && (heard || call?.stage === 'consulting')) return;
  }
  throw new Error('the seat is not in its call again');
};

/** The seat of the killed browser takes part no more. Another desk looks: what he asked for would be a sign of life. */
const goesOnWithout = (hall: Hall) => async (): Promise<void> => {
  const observer = await hall.guests.logsIn('8052');
  for (const deadline = Date.now() + 8_000; Date.now() < deadline; await sleep(25)) {
    const calls = (await observer.get('/api/calls')).body as readonly CallView[];
    const mine = calls.filter(({ stage }) => stage !== 'ended').flatMap(({ legs }) => legs);
    if (!mine.some(({ number }) => number === '8051')) return;
  }
  throw new Error('the seat is in its call still');
};

const inCalls = ['talking', 'one-key rings', 'three-way', 'consulting'] as const;

export const rows: readonly FaultRow[] = [
  {
    n: 42,
    injected: 'a browser in a call is reloaded; its network changes, in each state',
    expected: 'she hears somebody or music all the time; the same seat is in the call again',
    async run(hall) {
      const reloaded = await all(hall, inCalls, ({ page }) => page.page.reload(), inTheCallAgain);
      const moved = await all(
        hall,
        inCalls,
        async ({ page }) => {
          await page.context.setOffline(true);
          await page.context.setOffline(false);
        },
        inTheCallAgain,
      );
      return {
        words: `reloaded: ${reloaded.words}. Another network: ${moved.words}`,
        wrong: [...reloaded.wrong, ...moved.wrong],
      };
    },
  },
  {
    n: 43,
    injected: 'a browser is killed without a word, in each state',
    expected:
      'she hears somebody or music all the time; the seat is out of the call within seconds',
    run: (hall) =>
      all(hall, [...inCalls, 'offered'], ({ page }) => page.dies(), goesOnWithout(hall)),
  },
];
