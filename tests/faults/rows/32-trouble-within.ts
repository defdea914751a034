import { resolve } from 'node:path';
import { takesIt } from '../../stories/talk.ts';
import type { Hall } from '../hall.ts';
import { withStandby, type Pair } from '../pair.ts';
import type { FaultRow } from '../row.ts';
import { untilSo } from '../../given/until.ts';

/** What befalls the process, by which words, and how it may end; null: it goes on. */
interface Trouble {
  readonly name: string;
  readonly env: NodeJS.ProcessEnv;
  readonly ends: readonly (string | null)[];
}

const BLOCKS_MS = [2_000, 4_000];

const troubles: readonly Trouble[] = [
  ...BLOCKS_MS.map((ms) => ({
    name: `its event loop is blocked for ${ms} ms`,
    env: { LIANDONG_TROUBLE: 'block', LIANDONG_BLOCK_MS: String(ms) },
    // The lease holds for two seconds: it may be just renewed, or just about to be.
    ends: ms > 2_400 ? ['exit code 75'] : [null, 'exit code 75'],
  })),
  {
    name: 'an unhandled rejection',
    env: { LIANDONG_TROUBLE: 'rejection' },
    ends: [null],
  },
  {
    name: 'an uncaught exception',
    env: { LIANDONG_TROUBLE: 'exception' },
    ends: ['exit code 70'],
  },
  {
    name: 'out of memory',
    env: { LIANDONG_TROUBLE: 'memory', NODE_OPTIONS: '--max-old-space-size=96' },
    ends: ['signal SIGABRT', 'signal SIGTRAP', 'exit code 134'],
  },
];

const preload = resolve('tests/faults/trouble.mjs');

export const rows: readonly FaultRow[] = [
  {
    n: 32,
    injected: `two controllers; in the one in control: ${troubles.map(({ name }) => name).join('; ')}; a phone rings, and a key is pressed`,
    expected:
      'it goes on or the other one takes over; the phone was rung once, the talk goes on, every key acts once',
    async run(hall) {
      const words: string[] = [];
      const wrong: string[] = [];
      for (const trouble of troubles) {
        const found = await withStandby(
          hall,
          (pair) => befalls(hall, pair, trouble),
          preload,
          trouble.env,
        );
        words.push(`${trouble.name}: ${found.words}`);
        wrong.push(...found.wrong.map((one) => `${trouble.name}: ${one}`));
      }
      return { words: words.join('; '), wrong };
    },
  },
];

async function befalls(hall: Hall, pair: Pair, { ends }: Trouble) {
  const wrong: string[] = [];
  // The one that was prepared for it comes into control.
  pair.active.signals('SIGTERM');
  await pair.takesOver();
  await pair.standby.ended();
  await pair.standby.standsBy();
  // Who has just taken over is not relieved for being silent.
  const settled = Date.now() + 5_000;
  const operator = await hall.guests.phoneSeat('8001');
  const citizen = await hall.guests.citizen();
  await citizen.rings('12345');
  await takesIt(operator);
  const second = await hall.guests.phoneSeat('8002');
  const next = await hall.guests.citizen('13800138077', 'secondCitizen');
  while (Date.now() < settled) await citizen.heard(200);
  await next.rings('12345');
  const call = await second.phone.isRung();
  await call.rings();
  const rungs = second.phone.calls.length;
  const { active } = pair;
  let how: string | null = null;
  void active.ended().then((end) => (how = end ?? ''));
  const key = await operator.desk.key('hold');
  active.signals('SIGUSR2');
  const began = performance.now();
  const pressed = operator.desk.post(key.request.path, key.request.body).catch(() => null);
  await untilSo('it is in trouble', () => Promise.resolve(active.hasSaid('in trouble')));
  const survivor = await inControl(pair, () => how);
  const backMs = Math.round(performance.now() - began);
  await pressed;
  if (survivor !== active) pair.hasTakenOver();
  await call.answers().catch(() => second.phone.isRung().then((again) => again.answers()));
  await second.desk.isInState('talking');
  wrong.push(...(await hall.hear([next, [second.phone]], [second.phone, [next]])));
  const { actions } = await operator.desk.sees();
  const held = actions.some(({ id, allowed }) => id === 'resume' && allowed);
  wrong.push(...(await hall.hear([citizen, held ? ['music'] : [operator.phone]])));
  if (!ends.includes(how)) wrong.push(`it ended with ${how}`);
  if (second.phone.calls.length > rungs) wrong.push('the phone was rung twice');
  await citizen.hangsUp();
  await next.hangsUp();
  for (const { phone } of [operator, second]) await phone.leaves();
  return { words: `${how ?? 'it went on'}, control ${backMs} ms later`, wrong };
}

/** Whoever answers as the one in control: the same after its trouble, or the other one. */
async function inControl(pair: Pair, how: () => string | null) {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const both = how() === null ? [pair.standby, pair.active] : [pair.standby];
    for (const one of both) if ((await one.role()) === 'active') return one;
    if (Date.now() > deadline) throw new Error('nobody is in control');
  }
}
