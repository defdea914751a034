import { setTimeout as sleep } from 'node:timers/promises';
import { PicksUp, presses, sees, Silence } from '../crash-matrix/people.ts';
import type { Hall } from '../hall.ts';
import { withStandby, type Pair } from '../pair.ts';
import type { FaultRow } from '../row.ts';

const kinds = ['answer', 'one-key', 'three-way', 'consult', 'release'] as const;
type Kind = (typeof kinds)[number];

/** So long after the key, or after her INVITE, it is killed. */
const AFTER_MS = [0, 4, 12, 30];

export const rows: readonly FaultRow[] = [
  {
    n: 31,
    injected: `the controller is killed ${AFTER_MS.join(', ')} ms after a key (${kinds.join(', ')}), and another one stands by`,
    expected:
      'the other one takes over and each action ends as without the kill; nobody is dropped, rung twice or long in silence',
    run: (hall) =>
      withStandby(hall, async (pair) => {
        const backs: number[] = [];
        const wrong: string[] = [];
        let quiet = 0;
        for (const kind of kinds) {
          for (const ms of AFTER_MS) {
            const seen = await killed(hall, pair, kind, ms).catch((error: Error) => ({
              backMs: NaN,
              quietMs: 0,
              wrong: [error.message],
            }));
            backs.push(seen.backMs);
            quiet = Math.max(quiet, seen.quietMs);
            wrong.push(...seen.wrong.map((one) => `${kind}, ${ms} ms: ${one}`));
            await hall.guests.clear(hall.standing);
            await pair.standby.standsBy();
          }
        }
        backs.sort((one, other) => one - other);
        const middle = backs[Math.floor(backs.length / 2)];
        return {
          words: `n ${backs.length}; control back p50 ${middle} ms, longest ${backs.at(-1)} ms; longest silence ${quiet} ms`,
          wrong,
        };
      }),
  },
];

async function killed(hall: Hall, pair: Pair, kind: Kind, ms: number) {
  let inControl = true;
  const operator = await hall.guests.phoneSeat('8001');
  const fire = await hall.guests.fireBrigade();
  const citizen = await hall.guests.citizen();
  const robots = [operator.phone, fire].map((who) => new PicksUp(who, () => inControl));
  const talks = () =>
    sees(operator, 'a call', ({ seat: { state }, call }) => state === 'talking' && call !== null);
  try {
    await citizen.rings('12345');
    if (kind !== 'answer') await talks();
    const silence = kind === 'answer' ? null : new Silence(citizen);
    const key = `transfer:${kind}:119`;
    const request = kind === 'answer' ? null : (await operator.desk.key(key)).request;
    const pressed = request && operator.desk.post(request.path, request.body).catch(() => null);
    await sleep(ms);
    inControl = false;
    await pair.active.isKilled();
    const backMs = await pair.takesOver();
    inControl = true;
    await pressed;
    const wrong = await ended[kind](hall, { operator, fire, citizen, key, talks });
    return { backMs, quietMs: (await silence?.stops()) ?? 0, wrong };
  } finally {
    for (const robot of robots) await robot.stops();
  }
}

interface Scene {
  readonly operator: Awaited<ReturnType<Hall['guests']['phoneSeat']>>;
  readonly fire: Awaited<ReturnType<Hall['guests']['fireBrigade']>>;
  readonly citizen: Awaited<ReturnType<Hall['guests']['citizen']>>;
  readonly key: string;
  readonly talks: () => Promise<void>;
}

const three = async (hall: Hall, { operator, fire, citizen, key }: Scene) => {
  await presses(operator, key, ({ call }) => call?.stage === 'talking' && call.legs.length === 3);
  return hall.hear(
    [citizen, [operator.phone, fire]],
    [operator.phone, [citizen, fire]],
    [fire, [citizen, operator.phone]],
  );
};

/** What must come of each action, whatever happened meanwhile; people press again where nothing came of it. */
const ended: Record<Kind, (hall: Hall, scene: Scene) => Promise<string[]>> = {
  answer: async (hall, { talks, citizen, operator }) => {
    await talks();
    return hall.hear([citizen, [operator.phone]], [operator.phone, [citizen]]);
  },
  'one-key': three,
  'three-way': three,
  consult: async (hall, { operator, fire, citizen, key }) => {
    await presses(operator, key, ({ call }) => call?.stage === 'consulting');
    await presses(operator, 'complete', ({ call }) => call === null);
    return hall.hear([citizen, [fire]], [fire, [citizen]]);
  },
  release: async (hall, { operator, fire, citizen, key }) => {
    await presses(operator, key, ({ call }) => call === null);
    return hall.hear([citizen, [fire]], [fire, [citizen]]);
  },
};
