import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PhoneSeat } from '../../given/world.ts';
import type { Hall } from '../hall.ts';
import type { FaultRow } from '../row.ts';
import { inTurn, served, shown, stand } from '../serving.ts';

type Fault = readonly [
  what: string,
  lasts: (hall: Hall, during: () => Promise<void>) => Promise<void>,
];

/** Row 37's half-open connection lasts so long here instead of three minutes. */
const HALF_OPEN_MS = 20_000;

/** With a connection of its own, past the controller's wire. */
async function told(hall: Hall, ...commands: (readonly [string, ...string[]])[]): Promise<void> {
  const redis = new Redis(hall.deployment.redis.url);
  for (const [name, ...args] of commands) await redis.call(name, ...args);
  redis.disconnect();
}

const losses: readonly Fault[] = [
  [
    'killed for three seconds',
    async ({ deployment: { redis } }, during) => {
      await redis.kill();
      await Promise.all([during(), sleep(3_000)]);
      await redis.revive();
    },
  ],
  [
    'emptied (FLUSHALL)',
    async (hall, during) => {
      await told(hall, ['FLUSHALL']);
      await during();
    },
  ],
  [
    'killed, its file cut in half, started again',
    async ({ deployment: { redis } }, during) => {
      await redis.kill();
      await redis.losesHalf();
      await redis.revive();
      await during();
    },
  ],
];

const illnesses: readonly Fault[] = [
  [
    `half-open for ${HALF_OPEN_MS / 1000} s`,
    async ({ redisWire }, during) => {
      redisWire.standsStill();
      await Promise.all([during(), sleep(HALF_OPEN_MS)]);
      redisWire.goesOn();
    },
  ],
  [
    'READONLY',
    async (hall, during) => {
      await told(hall, ['REPLICAOF', '127.0.0.1', '1']);
      await during();
      await told(hall, ['REPLICAOF', 'NO', 'ONE']);
    },
  ],
  [
    'full (maxmemory)',
    async (hall, during) => {
      await told(hall, ['CONFIG', 'SET', 'maxmemory', '1']);
      await during();
      await told(hall, ['CONFIG', 'SET', 'maxmemory', '0']);
    },
  ],
  [
    'LOADING',
    async ({ deployment: { redis } }, during) => {
      await redis.kill();
      await Promise.all([during(), redis.revivesSlowly(3_000)]);
    },
  ],
];

/** Each in turn, with calls served meanwhile; then the judge looks, and a controller that is killed finds all again. */
async function each(hall: Hall, faults: readonly Fault[]) {
  const seat: PhoneSeat = await hall.guests.phoneSeat('8001');
  const waiting = await stand(hall, '110');
  const words: string[] = [];
  const wrong: string[] = [];
  for (const [what, lasts] of faults) {
    const found: string[] = [];
    await lasts(hall, async () => {
      const meanwhile = await served(hall, seat, 3);
      words.push(`${what}: ${shown(meanwhile)}`);
      found.push(...meanwhile.wrong);
    }).catch((error: Error) => found.push(error.message));
    found.push(...(await hall.judgedNow()));
    wrong.push(...found.map((one) => `${what}: ${one}`));
  }
  await hall.controller.isKilled();
  const backMs = await hall.controller.starts();
  wrong.push(...(await inTurn(await hall.guests.phoneSeat('9001'), waiting)));
  words.push(
    `then a controller killed and begun again, in ${backMs} ms; ${waiting.length} who waited through all of it served in turn`,
  );
  return { words: words.join('; '), wrong };
}

export const rows: readonly FaultRow[] = [
  {
    n: 35,
    injected: `Redis ${losses.map(([what]) => what).join('; ')}`,
    expected: 'calls go on and new ones are served; Redis has all again; a new controller finds it',
    run: (hall) => each(hall, losses),
  },
  {
    n: 37,
    injected: `Redis ${illnesses.map(([what]) => what).join('; ')}`,
    expected: 'calls are served as ever; once it is well the records are true',
    run: (hall) => each(hall, illnesses),
  },
];
