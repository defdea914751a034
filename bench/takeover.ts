import { setTimeout as sleep } from 'node:timers/promises';
import type { CallView } from '../server/http/views.ts';
import { aCity, hotline, peer, seat } from '../tests/given/city.ts';
import { compiledNoMore } from '../tests/given/compiled.ts';
import type { ControllerProcess } from '../tests/given/controller-process.ts';
import { aDeployment, trunkTo } from '../tests/given/deployment.ts';
import { anAddress, type Citizen } from '../tests/given/party.ts';
import { startSipp } from '../tests/given/sipp.ts';
import { World, type PhoneSeat } from '../tests/given/world.ts';
import { report, row } from './parts/result.ts';

/**
 * kill -9 of the controller in control with 200 calls up, most of them waiting. Ours: a second one stands by. The peer:
 * there is none, and the killed one is started again at once. The one that stands by has rehearsed. Counted from the kill until the later of two: a new INVITE
 * is in Stasis (somebody rings every 100 ms; the controller counts the first), and a key of an old call is carried out (the target's INVITE is on the wire).
 * After each round the next caller must be the one who has waited longest; in the end nobody may have been dropped.
 */

const n = Math.max(2, Math.min(Number(process.env.BENCH_N ?? 12), 50));
const CALLS = 200;
const SECONDS = 900;
const PATIENCE_MS = 15_000;

const load = await anAddress();
const city = await aCity((config) => ({
  ...config,
  hotlines: { '12345': hotline('政务服务便民热线', ['12345']) },
  trunks: { ...(config.trunks as object), load: trunkTo(load) },
  peers: { '119': peer('消防', [{ trunk: 'fire', number: '119' }], { ringSeconds: 60 }) },
  seats: ['8001', '8002', '8003', '8004'].map((id) => seat(id)),
}));
const deployment = await aDeployment(city.config, { ownProcess: true, rtpPorts: 2_000 });
const world = new World(city, deployment);
let active = deployment.controller as ControllerProcess;
let standby: ControllerProcess | null = null;
const callers: Citizen[] = [];

const underWay = async (): Promise<number> => {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const reply = await fetch(`${active.url}/api/health`, { signal }).catch(() => null);
  if (!reply) return -1;
  const { calls, role } = (await reply.json()) as { calls: number; role: string };
  return role === 'active' ? calls : -1;
};
const until = async (what: string, is: () => Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await is())) {
    if (performance.now() > deadline) throw new Error(`waited for ${what}`);
    await sleep(5);
  }
};
const takes = async ({ phone, desk }: PhoneSeat): Promise<void> => {
  await phone.isRung(PATIENCE_MS);
  await phone.answers();
  await desk.isInState('talking');
};
const aCaller = async (): Promise<Citizen> => {
  const one = await world.citizen(`139${String(10_000_000 + callers.length)}`);
  callers.push(one);
  return one;
};

try {
  const seats: PhoneSeat[] = [];
  for (const id of ['8001', '8002', '8003', '8004']) {
    const operator = await world.phoneSeat(id);
    await (await aCaller()).rings('12345');
    await takes(operator);
    seats.push(operator);
  }
  const [presser, server] = seats as [PhoneSeat, PhoneSeat];
  const fire = await world.fireBrigade({ silent: true });
  const crowd = await startSipp({
    scenario: 'citizen',
    ip: load,
    asterisk: deployment.sip,
    number: '12345',
    calls: CALLS - seats.length,
    rate: 20,
    stayMs: SECONDS * 1_000,
    seconds: SECONDS,
  });
  await until('all calls', async () => (await underWay()) === CALLS);

  /** One round; milliseconds until control was back. */
  const killed = async (next: ControllerProcess, restart: boolean) => {
    const waiting = ((await presser.desk.get('/api/calls')).body as CallView[])
      .filter(({ stage }) => stage === 'waiting')
      .sort((a, b) => a.since - b.since);
    const before = await underWay();
    const newcomers: Citizen[] = [];
    let back = false;
    const { request } = await presser.desk.key('transfer:one-key:119');
    const began = performance.now();
    await active.isKilled();
    const starting = restart ? next.begins() : null;
    active = next;
    deployment.goesOnAt(next);
    for (const { desk } of seats) desk.url = next.url;
    const inStasis = (async () => {
      await until('a newcomer', async () => (await underWay()) > before);
      back = true;
      return performance.now() - began;
    })();
    const ringing = (async () => {
      while (!back && newcomers.length < 50) {
        const one = await aCaller();
        newcomers.push(one);
        await one.rings('12345');
        await sleep(100);
      }
    })();
    const carriedOut = (async () => {
      const rung = fire.isRung(PATIENCE_MS);
      await until('the key', () =>
        presser.desk.post(request.path, request.body).then(
          ({ status }) => status === 200,
          () => false,
        ),
      );
      await rung;
      return performance.now() - began;
    })();
    const [taken, pressed] = await Promise.all([inStasis, carriedOut]);
    await Promise.all([starting, ringing]);
    // One stays in the place of the one who is served.
    await Promise.all(newcomers.slice(1).map((one) => one.hangsUp()));
    await until('the others to have left', async () => (await underWay()) === before + 1);
    await presser.desk.does('cancel');
    await server.desk.does('hang-up');
    const { call } = await server.desk.isOffered();
    if (call?.id !== waiting[0]?.id) {
      throw new Error(`${call?.id} is offered, and ${waiting[0]?.id} has waited longest`);
    }
    await takes(server);
    return { taken, pressed, both: Math.max(taken, pressed) };
  };

  type Round = Awaited<ReturnType<typeof killed>>;
  const [ours, theirs]: [Round[], Round[]] = [[], []];
  let other = active.beside();
  for (let round = 0; round < n; round++) {
    standby = other;
    await other.standsBy();
    await until('the rehearsal', () => Promise.resolve(other.hasSaid('ready to take over')));
    const gone = active;
    ours.push(await killed(standby, false));
    standby = null;
    other = gone;
    theirs.push(await killed(active, true));
  }
  const left = await underWay();
  if (left !== CALLS) throw new Error(`${CALLS - left} of ${CALLS} calls were dropped`);
  console.log(`0 of ${CALLS} calls were dropped in ${2 * n} rounds; the order was kept in each`);
  const of = (what: string, time: (round: Round) => number, p99: number | null) =>
    row(
      what,
      ours.map(time),
      { name: 'no second controller, restarted at once', times: theirs.map(time) },
      p99 === null ? null : { p99 },
    );
  await report('takeover', `Asterisk ${deployment.asterisk.version}`, [
    of('kill -9 -> control back, 200 calls up', ({ both }) => both, 1_000),
    of('kill -9 -> a new INVITE is in Stasis', ({ taken }) => taken, null),
    of('kill -9 -> a key of an old call is carried out', ({ pressed }) => pressed, null),
    row(
      'kill -9 -> control back, restarted',
      theirs.map(({ both }) => both),
      null,
      { p99: 3_000 },
    ),
  ]);
  await crowd.stop();
} finally {
  await standby?.stops();
  await world.ends();
  await compiledNoMore();
}
process.exit(0);
