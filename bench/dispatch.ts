import { setTimeout as sleep } from 'node:timers/promises';
import { CpuMeter } from './parts/cpu.ts';
import { Hall, until, type Side } from './parts/hall.ts';
import { report, row } from './parts/result.ts';
import type { SipCall } from './parts/sip.ts';

/**
 * How long a free seat waits for its next caller. 50 seats on phones with their desks open, 150 callers waiting; ours
 * and app_queue on the same Asterisk and the same phones, turn by turn, so that each has the machine for itself.
 * - freed: all seats talk, one hangs up, and is rung with the next caller. From just before its BYE is handed to
 *   the socket to the arrival of the INVITE, both in this process.
 * - not answered: the 150 wait for a queue in which nobody works. Of the 50 seats 30 talk, 10 are rung and let it
 *   ring, 10 are free. From the arrival of the CANCEL at the seat whose time is over to the arrival of the INVITE with
 *   the same caller at another.
 */

const SEATS = 50;
const WAITING = 150;
const TALKING = 30;
const RINGING = 10;
/** The least that a hotline may be given. */
const RING_SECONDS = 3;
const BLOCKS = 2;
/** BENCH_N: fewer trials. BENCH_DESKS=closed: no pages are open. */
const n = Math.min(Number(process.env.BENCH_N ?? 200), 1000);
const WARM_UP = 5;
const LOOK_MS = 2000;
const PATIENCE_MS = 10_000;
/** So long after its ring time is over a seat is made ready again; with ours it must. */
const BACK_MS = 300;
const desks = process.env.BENCH_DESKS === 'closed' ? 'closed' : 'open';

const waitingCosts = both();
const hall = await Hall.open({ seats: SEATS, ringSeconds: RING_SECONDS });
const { deployment, phones } = hall;
try {
  if (desks === 'open') await hall.opensDesks();
  const times = { freed: both(), notAnswered: both() };
  for (let block = 0; block < BLOCKS; block++) {
    for (const side of [hall.ours, hall.peer]) {
      times.freed[side.name].push(...(await freed(side, Math.ceil(n / BLOCKS))));
      times.notAnswered[side.name].push(...(await notAnswered(side, Math.ceil(n / BLOCKS))));
      console.error(`block ${block + 1} of ${BLOCKS}, ${side.name}: done`);
    }
  }
  const rows = (
    [
      ['a seat is free -> INVITE at it', times.freed, { ratio: 1 / 100, p99: 10 }, 'ms'],
      ['offer not answered (CANCEL) -> next INVITE', times.notAnswered, { ratio: 1 / 20 }, 'ms'],
      [`Asterisk's CPU while ${SEATS} talk without sound`, waitingCosts, null, '% of a core'],
    ] as const
  ).map(([what, { ours, app_queue }, aim, unit]) => {
    const where = `${SEATS} seats, ${WAITING} wait, desks ${desks}`;
    return row(`${what}; ${where}`, ours, { name: 'app_queue', times: app_queue }, aim, unit);
  });
  await report('dispatch', `Asterisk ${deployment.asterisk.version}`, rows);
} finally {
  await deployment.stop();
}
process.exit(0);

function both(): Record<Side['name'], number[]> {
  return { ours: [], app_queue: [] };
}

async function freed(side: Side, trials: number): Promise<number[]> {
  phones.onRung = (call) => call.answers();
  await hall.comes(SEATS, side.number);
  await until('all seats talk', () => hall.talking.length === SEATS);
  await hall.comes(WAITING, side.number);
  const meter = await CpuMeter.start(deployment.pids);
  await sleep(LOOK_MS);
  const { asterisk = 0, elapsed = 1 } = await meter.used();
  waitingCosts[side.name].push((100 * asterisk) / elapsed);
  const found: number[] = [];
  for (let trial = -WARM_UP; trial < trials; trial++) {
    // At any moment of app_queue's second: it looks once in each, and the last trial ended when it did.
    await sleep(50 + Math.random() * 1000);
    const seat = hall.talking[Math.floor(Math.random() * SEATS)];
    if (!seat) throw new Error('nobody talks');
    const before = hall.callers.calls.size;
    let next: SipCall | undefined;
    phones.onRung = (call) => {
      next = call;
      call.answers();
    };
    const at = seat.hangsUp();
    await until('a caller comes to the seat', () => (next?.answered ?? 0) > 0, PATIENCE_MS);
    if (next?.called !== seat.called) throw new Error(`${next?.called} is rung: ${seat.called}`);
    if (trial >= 0) found.push(next.at - at);
    await until('the caller before is gone', () => hall.callers.calls.size === before - 1);
    await hall.comes(1, side.number);
  }
  await hall.empties();
  return found;
}

async function notAnswered(side: Side, trials: number): Promise<number[]> {
  phones.onRung = (call) => call.answers();
  await hall.comes(TALKING, side.number);
  await until('some seats talk', () => hall.talking.length === TALKING);
  await hall.comes(WAITING, side.deserted);
  const found: number[] = [];
  const missed = new Map<string, SipCall>();
  phones.onRung = (call) => {
    const before = missed.get(call.caller);
    if (before && before.called !== call.called) found.push(call.at - before.cancelled);
    call.rings();
    call.onCancelled = () => {
      missed.set(call.caller, call);
      void sleep(BACK_MS).then(() => side.backToWork(call.called));
    };
  };
  for (let caller = 0; caller < RINGING; caller++) {
    hall.rings(side.number);
    await sleep((RING_SECONDS * 1000) / RINGING);
  }
  const enough = ((trials + 2 * RINGING) / RINGING) * (RING_SECONDS + 2) * 1000;
  await until('offers are not answered', () => found.length >= trials, enough);
  await hall.empties();
  return found.slice(0, trials);
}
