import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { secretFor } from '../server/environment.ts';
import { seatEndpoint } from '../telephony/asterisk/plan.ts';
import type { Ticket } from '../tickets/ticket.ts';
import { aCity, hotline, peer } from '../tests/given/city.ts';
import type { Written } from '../tests/given/deployment.ts';
import { Desk } from '../tests/given/desk.ts';
import { aKey } from '../tests/given/exchange.ts';
import { aPeer, aPhone, aTrunk, Citizen, type Peer, type Phone } from '../tests/given/party.ts';
import { startPostgres } from '../tests/given/postgres.ts';
import { startRedis } from '../tests/given/redis.ts';
import type { Trunk } from '../tests/given/trunk.ts';
import { aBenchDeployment, type BenchDeployment } from './parts/deployment.ts';
import { logIn } from './parts/desks.ts';
import { KeyLine } from './parts/key.ts';
import { isLeft } from './parts/left.ts';
import { report, row } from './parts/result.ts';
import { DURABLE, Side } from './parts/ticket-process.ts';
import { Watch } from './parts/watch.ts';

/**
 * What the hand-over of a ticket adds to the transfer key: key -> INVITE at 110's trunk, the ticket of the call being born
 * before and handed over with the key, written, sent and taken by 110's deployment (its own process and database, here on the
 * same machine). The peer is the same deployment with tickets off, turn by turn. Aim (issue 6): at most 5 ms p99 more.
 */

/** BENCH_N: fewer trials. */
const N = Number(process.env.BENCH_N ?? 200);
const WARM_UP = Math.min(10, N);

/** A city with an operator who hands citizens over to 110. */
interface Town {
  readonly deployment: BenchDeployment;
  readonly carrier: Trunk;
  readonly police: Peer;
  readonly watch: Watch;
  readonly operator: Phone;
  readonly desk: Desk;
  readonly cookie: string;
  keys: KeyLine;
}

const city = aKey('city-1');
const there = aKey('police-1');
const folder = await mkdtemp(join(tmpdir(), 'liandong-keys-'));
const keyFile = join(folder, 'city.pem');
await writeFile(keyFile, city.own.pem);
const databases = [await startPostgres(DURABLE), await startPostgres(DURABLE)];
const redis = await startRedis();
const { side, url: policeUrl } = await Side.starts({
  which: 'police',
  databaseUrl: databases[1]?.url ?? '',
  redisUrl: redis.url,
  keys: { city, police: there },
});
const exchange = {
  key: { id: city.own.id, file: keyFile },
  peers: {
    police: {
      name: { zh: '公安', en: 'police' },
      url: policeUrl,
      hotlines: ['110'],
      keys: { [there.shown.id]: there.shown.x },
    },
  },
};

const off = await aTown({});
const on = await aTown({ exchange }, databases[0]?.url);
try {
  await side.does({ act: 'peer', url: on.deployment.url });
  for (let i = 0; i < WARM_UP; i++) {
    await handedOver(on, true);
    await handedOver(off, false);
  }
  const [ours, peers]: [number[], number[]] = [[], []];
  for (let i = 0; i < N; i++) {
    ours.push(await handedOver(on, true));
    peers.push(await handedOver(off, false));
  }
  await report('tickets-key', `Asterisk ${on.deployment.asterisk.version}`, [
    row(
      'transfer key -> INVITE, with its ticket',
      ours,
      { name: 'the same with tickets off', times: peers },
      { p99Over: 5 },
    ),
  ]);
} finally {
  for (const town of [on, off]) {
    town.keys.close();
    await Promise.all([town.operator.leaves(), town.police.leaves()]);
    await town.carrier.close();
    await town.deployment.stop();
  }
  await side.ends();
  await redis.stop();
  await Promise.all(databases.map((database) => database.stop()));
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);

async function aTown(more: Written, databaseUrl?: string): Promise<Town> {
  const {
    config,
    carrier: ip,
    fire,
  } = await aCity((given) => ({
    ...given,
    hotlines: { '12345': hotline('政务服务便民热线', ['12345']) },
    peers: { '110': peer('公安', [{ trunk: 'fire', number: '110' }]) },
    seats: (given.seats as Written[]).filter(({ id }) => String(id).startsWith('80')),
    ...more,
  }));
  const deployment = await aBenchDeployment(config, (files) => files, databaseUrl);
  const { url, sip: asterisk, environment } = deployment;
  const carrier = await aTrunk({ ip, asterisk });
  const police = await aPeer({ number: '110', ip: fire });
  const id = seatEndpoint('8001');
  const operator = await aPhone({ id, secret: secretFor(environment, 'seat 8001'), asterisk });
  const desk = new Desk(url, '8001');
  await desk.logsIn('8001');
  await desk.does('ready');
  const cookie = await logIn(url, '8001');
  const keys = await KeyLine.open(url, cookie);
  const watch = new Watch(police.trunk);
  return { deployment, carrier, police, watch, operator, desk, cookie, keys };
}

/** A citizen is handed over with one key, and all leave again. @returns ms from the key to the INVITE */
async function handedOver(town: Town, withTicket: boolean): Promise<number> {
  const { deployment, carrier, police, watch, operator, desk, cookie } = town;
  for (const trunk of [carrier, police.trunk, operator.trunk]) {
    trunk.wire.seen.length = 0;
    trunk.calls.length = 0;
  }
  watch.reset();
  const citizen = new Citizen('13800138000', 'citizen', 'citizen', carrier, false);
  const call = await citizen.rings('12345');
  call.voice.tone = null;
  const rung = await operator.isRung();
  rung.voice.tone = null;
  await operator.answers();
  const view = await desk.isAtStage('talking');
  if (withTicket) await isBorn(desk, view.call?.id ?? '');
  const { request } = await desk.key('transfer:one-key:110');
  // The server closes a connection that has been idle for some seconds.
  town.keys.close();
  town.keys = await KeyLine.open(deployment.url, cookie);
  await sleep(20);
  const pressed = town.keys.press(request);
  const invited = await police.isRung();
  invited.voice.tone = null;
  await pressed.done;
  await police.answers();
  await citizen.hangsUp();
  await operator.hangsUp();
  await isLeft(police, deployment, cookie);
  await desk.isInState('ready');
  return watch.invited - pressed.at;
}

async function isBorn(desk: Desk, call: string): Promise<void> {
  for (;;) {
    const { body } = await desk.get(`/api/calls/${call}/tickets`);
    if ((body as Ticket[]).length > 0) return;
    await sleep(10);
  }
}
