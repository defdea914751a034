import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { Chance } from '../../routing/simulator/chance.ts';
import { anAddress } from '../given/address.ts';
import { trunkTo, type Written } from '../given/deployment.ts';
import { startSipp } from '../given/sipp.ts';
import type { PhoneSeat } from '../given/world.ts';
import { Hall } from './hall.ts';
import { residentMb } from './seeing.ts';
import { adds, takesAll, works, type Tally } from './soak-people.ts';

const MINUTES = 30;
const SEATS = ['8001', '8002', '8003', '8004', '8005', '8006'];
/** Callers of each kind a second: those who stay for fifteen seconds at most, and those who lose patience after four. */
const A_SECOND = 1;
const STAYS_MS = [15_000, 4_000] as const;
/** Between two faults, in milliseconds: so long at least, and so much more at most. */
const PAUSE_MS = [6_000, 8_000] as const;
/** After the last caller. */
const DRAIN_MS = 20_000;
/** The controller knows an ended call for a minute, and has a timer for that. */
const REMEMBERED_MS = 61_000;
/** What may be left without being a leak. */
const SLACK = { 'controller MB': 80, 'Asterisk MB': 60, timers: 25, keys: 12 } as const;

type Figures = Readonly<
  Record<'controller MB' | 'Asterisk MB' | 'channels' | 'bridges' | 'keys' | 'timers', number>
>;

const timersModule = fileURLToPath(new URL('./timers.mjs', import.meta.url));

/**
 * `make faults ARGS="soak MINUTES SEED"`: busy traffic beside the fifty calls of the hall, with random faults; in the end
 * everything must be as in the beginning. Returns whether it is.
 */
export async function soak([minutes, seed]: readonly string[]): Promise<boolean> {
  const wanted = Number(minutes ?? MINUTES);
  const first = Number(seed ?? Math.floor(Math.random() * 2 ** 30));
  console.log(`soak: ${wanted} min, seed ${first}`);
  const chance = new Chance(first);
  const folder = await mkdtemp(join(tmpdir(), 'liandong-soak-'));
  const timersFile = join(folder, 'timers');
  const ips = await Promise.all(STAYS_MS.map(() => anAddress()));
  const hall = await Hall.open((config) => ({
    ...config,
    trunks: {
      ...(config.trunks as Written),
      ...Object.fromEntries(ips.map((ip, i) => [`soak-${i}`, trunkTo(ip)])),
    },
  }));
  const begins = () => hall.controller.starts(timersModule, { LIANDONG_TIMERS_FILE: timersFile });
  try {
    await hall.controller.isKilled();
    await begins();
    await sleep(3_000);
    const before = await figures(hall, timersFile);
    const tally: Tally = new Map();
    const unlike = await traffic(hall, { wanted, ips, chance, tally, begins });
    const wrong = [...unlike, ...(await hall.isJudged())];
    await sleep(REMEMBERED_MS);
    const after = await figures(hall, timersFile);
    return told(before, after, tally, wrong);
  } finally {
    await hall.ends();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Traffic {
  /** Minutes. */
  readonly wanted: number;
  /** Where callers come from. */
  readonly ips: readonly string[];
  readonly chance: Chance;
  readonly tally: Tally;
  readonly begins: () => Promise<unknown>;
}

/** Returns what callers met that they should not. */
async function traffic(
  hall: Hall,
  { wanted, ips, chance, tally, begins }: Traffic,
): Promise<string[]> {
  const until = Date.now() + wanted * 60_000;
  const [isOver, isDrained] = [() => Date.now() > until, () => Date.now() > until + DRAIN_MS];
  const seats = await Promise.all(SEATS.map((id) => hall.guests.phoneSeat(id)));
  const fire = await hall.guests.fireBrigade();
  const callers = await Promise.all(
    STAYS_MS.map((stayMs, i) =>
      startSipp({
        scenario: 'citizen',
        ip: ips[i] ?? '',
        asterisk: hall.deployment.sip,
        number: '12345',
        keys: { caller: `139${i}` },
        ownNumbers: true,
        calls: Math.ceil(wanted * 60 * A_SECOND),
        rate: A_SECOND,
        stayMs,
        seconds: Math.ceil(wanted * 60 + 60),
      }),
    ),
  );
  await Promise.all([
    ...seats.map((one) => works(one, new Chance(chance.next() * 2 ** 30), isDrained, tally)),
    takesAll(fire, isDrained, tally),
    faults(hall, seats, { chance, tally, begins, isOver }),
    watches(hall, isOver),
  ]);
  const wrong: string[] = [];
  for (const { report } of callers) {
    const { counts, errors } = await report;
    const crossed = errors.match(crossedGoodbye)?.length ?? 0;
    adds(tally, 'callers', counts.successful + counts.failed);
    adds(tally, 'goodbyes crossed', crossed);
    if (counts.failed > crossed)
      wrong.push(`${counts.failed - crossed} callers met what they should not: ${errors}`);
  }
  return wrong;
}

/** She hangs up in the moment in which she is hung up on. */
const crossedGoodbye = /while expecting '200' \(index \d+\), received 'BYE /g;

async function faults(
  hall: Hall,
  seats: readonly PhoneSeat[],
  {
    chance,
    tally,
    begins,
    isOver,
  }: Pick<Traffic, 'chance' | 'tally' | 'begins'> & { isOver: () => boolean },
): Promise<void> {
  const { controller, ariWire } = hall;
  const { redis } = hall.deployment;
  const ways: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['controller killed', () => controller.isKilled().then(begins)],
    [
      'Redis restarted',
      () =>
        redis
          .kill()
          .then(() => sleep(800))
          .then(() => redis.revive()),
    ],
    ['line to Asterisk cut', () => (ariWire.cuts(), sleep(1_000).then(() => ariWire.mends()))],
    [
      'controller stopped for 2 s',
      () => (controller.signals('SIGSTOP'), sleep(2_000).then(() => controller.signals('SIGCONT'))),
    ],
    ['a phone unregistered', () => unregisters(pick(seats, chance))],
  ];
  for (;;) {
    await sleep(PAUSE_MS[0] + chance.next() * PAUSE_MS[1]);
    if (isOver()) return;
    const [name, does] = pick(ways, chance);
    console.log(`  ${new Date().toISOString().slice(11, 19)} ${name}`);
    await does().catch((error: Error) => adds(tally, `${name}: ${error.message.split('\n')[0]}`));
    adds(tally, name);
  }
}

/** Every minute, for people: whether memory grows all the time. */
async function watches(hall: Hall, isOver: () => boolean): Promise<void> {
  const begun = Date.now();
  while (!isOver()) {
    await sleep(60_000);
    await hall.reader.keeps().catch(() => undefined);
    const [ours, theirs] = await Promise.all(
      [hall.controller.pid, hall.deployment.asterisk.pid].map((pid) =>
        residentMb(pid).catch(() => Number.NaN),
      ),
    );
    const minutes = Math.round((Date.now() - begun) / 60_000);
    console.log(`  ${minutes} min: controller ${ours} MB, Asterisk ${theirs} MB`);
  }
}

async function unregisters({ phone }: PhoneSeat): Promise<void> {
  await phone.unregisters();
  await sleep(3_000);
  await phone.registers();
}

const pick = <T>(from: readonly T[], chance: Chance): T =>
  from[Math.floor(chance.next() * from.length)] as T;

async function figures(hall: Hall, timersFile: string): Promise<Figures> {
  const { asterisk, redis } = hall.deployment;
  await rm(timersFile, { force: true });
  hall.controller.signals('SIGUSR2');
  await sleep(500);
  const [channels, bridges] = await Promise.all([
    hall.reader.get<unknown[]>('channels'),
    hall.reader.get<unknown[]>('bridges'),
  ]);
  return {
    'controller MB': await residentMb(hall.controller.pid),
    'Asterisk MB': await residentMb(asterisk.pid),
    channels: channels.length,
    bridges: bridges.length,
    keys: await lastingKeys(redis.url),
    timers: Number(await readFile(timersFile, 'utf8')),
  };
}

/** Keys that do not go by themselves: an ended call is kept for an hour. */
async function lastingKeys(url: string): Promise<number> {
  const redis = new Redis(url);
  const keys = await redis.keys('*');
  const left = await Promise.all(keys.map((key) => redis.ttl(key)));
  redis.disconnect();
  return left.filter((seconds) => seconds === -1).length;
}

function told(before: Figures, after: Figures, tally: Tally, judged: readonly string[]): boolean {
  console.log([...tally].map(([what, n]) => `${what}: ${n}`).join(', '));
  const wrong = [...judged];
  for (const [what, was] of Object.entries(before) as [keyof Figures, number][]) {
    const is = after[what];
    const slack = what in SLACK ? SLACK[what as keyof typeof SLACK] : 0;
    console.log(`  ${what.padEnd(14)} ${was} -> ${is}`);
    if (is > was + slack || (slack === 0 && is !== was)) wrong.push(`${what}: ${was} -> ${is}`);
  }
  for (const one of wrong) console.log(`WRONG: ${one}`);
  if (wrong.length === 0) console.log('all as in the beginning');
  return wrong.length === 0;
}
