import { aKey } from '../tests/given/exchange.ts';
import { startPostgres, type GivenPostgres } from '../tests/given/postgres.ts';
import { startRedis } from '../tests/given/redis.ts';
import { differences, settled } from '../tests/given/same-story.ts';
import { now } from './parts/clock.ts';
import { usedByAll } from './parts/cpu.ts';
import { report, row } from './parts/result.ts';
import { DURABLE, Side } from './parts/ticket-process.ts';

/**
 * How many tickets a second two deployments exchange: two databases, two processes, HTTP between them, all on this machine.
 * Measured is all of it: the request of a person at the one, its ticket with its events written there, signed, sent, checked,
 * and the ticket with its whole story written at the other. Then the other side accepts each, and that comes back.
 * PostgreSQL as `make run` and production have it: fsync and synchronous_commit on.
 * Aim (issue 6): at least 500 tickets a second.
 */

/** BENCH_N: tickets in a round. */
const COUNT = Number(process.env.BENCH_N ?? 3000);
const ROUNDS = 3;
const WARM_UP = 300;
const AIM = { least: 500 };
const says = (line: string): void => console.error(line);

interface Rate {
  readonly perSecond: number;
  /** ms a ticket: both sides' processes, then both sides' PostgreSQL. */
  readonly cpu: readonly number[];
}

const servers: GivenPostgres[] = [await startPostgres(DURABLE), await startPostgres(DURABLE)];
const redis = await startRedis();
try {
  const keys = { city: aKey('city-1'), police: aKey('police-1') };
  const [city, police] = await Promise.all(
    (['city', 'police'] as const).map((which, i) =>
      Side.starts({ which, databaseUrl: servers[i]?.url ?? '', redisUrl: redis.url, keys }),
    ),
  );
  if (!city || !police) throw new Error('two sides are needed');
  await Promise.all([
    city.side.does({ act: 'peer', url: police.url }),
    police.side.does({ act: 'peer', url: city.url }),
  ]);

  let all = 0;
  const parts = [city.side.pid, police.side.pid, ...servers.map(({ pid }) => pid)];
  const timed = async (count: number, work: () => Promise<unknown>): Promise<Rate> => {
    const began = now();
    const before = await Promise.all(parts.map(usedByAll));
    await work();
    const after = await Promise.all(parts.map(usedByAll));
    const cpu = after.map((one, i) => (one - (before[i] ?? 0)) / count);
    return { perSecond: (1000 * count) / (now() - began), cpu };
  };
  /** Opened, handed over, accepted. */
  const round = async (count: number): Promise<readonly [Rate, Rate, Rate]> => {
    let ids: string[] = [];
    const opened = await timed(count, async () => {
      ids = await city.side.does({ act: 'open', from: all, count });
    });
    all += count;
    const handedOver = await timed(count, () =>
      Promise.all([city.side.does({ act: 'hand-over', ids }), police.side.has(all, 1)]),
    );
    const accepted = await timed(count, () =>
      Promise.all([police.side.does({ act: 'accept', ids }), city.side.has(all, 2)]),
    );
    const rates = [opened, handedOver, accepted] as const;
    const told = rates.map(({ perSecond, cpu }) => {
      const each = cpu.map((one) => one.toFixed(2)).join(' + ');
      return `${Math.round(perSecond)}/s, CPU ${each} ms`;
    });
    says(`${count} tickets: ${told.join('; ')}`);
    return rates;
  };
  await round(WARM_UP);
  const rates: (readonly [Rate, Rate, Rate])[] = [];
  for (let i = 0; i < ROUNDS; i++) rates.push(await round(COUNT));
  const [one = '', other = ''] = servers.map(({ url }) => url);
  await settled(one, other);
  const wrong = await differences(one, other);
  if (wrong.length > 0) throw new Error(wrong.slice(0, 5).join('\n'));

  const of = (what: string, i: 0 | 1 | 2, aim: typeof AIM | null) =>
    row(
      `${what}, ${ROUNDS} rounds of ${COUNT}`,
      rates.map((round) => round[i].perSecond),
      null,
      aim,
      'tickets/s',
    );
  await report('tickets-exchange', 'PostgreSQL with fsync and synchronous_commit on', [
    of('opened with its call, at one side', 0, null),
    of('handed over, written at both sides', 1, AIM),
    of('accepted there, written at both sides', 2, AIM),
    row(
      'CPU of one handed over: both processes, both PostgreSQL',
      rates.map((round) => round[1].cpu.reduce((sum, one) => sum + one, 0)),
      null,
      null,
      'CPU ms a ticket',
    ),
  ]);
  await Promise.all([city.side.ends(), police.side.ends()]);
} finally {
  await redis.stop();
  await Promise.all(servers.map((server) => server.stop()));
}
process.exit(0);
