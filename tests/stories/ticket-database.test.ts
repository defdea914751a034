import { aCaller, calls } from '../given/calls.ts';
import { until } from '../given/exchange.ts';
import { startPostgres, type GivenPostgres } from '../given/postgres.ts';
import { crowding, losses, urlBy } from '../given/postgres-faults.ts';
import { Proxy } from '../given/proxy.ts';
import { faultsIn, ticketsByNumber } from '../given/same-story.ts';
import {
  city,
  configOf,
  TicketDeployment,
  type Asks,
  type Reply,
} from '../given/ticket-deployment.ts';

/** Faults 40 and 41 without calls on a switch: what calls tell is written once when it can be; who asks is told in time. */

let postgres: GivenPostgres;
let wire: Proxy;
let here: TicketDeployment;
let li: Asks;
beforeAll(async () => {
  postgres = await startPostgres();
  wire = await Proxy.to(postgres.port);
  here = await TicketDeployment.on(urlBy(wire, postgres));
  await here.begins(configOf(city));
  await until(() => here.tickets.state === 'on');
  li = await here.logsIn('8001');
}, 60_000);
afterAll(async () => {
  await here.ends();
  await wire.ends();
  await postgres.stop();
});

const BUSY_MS = 1_000;
const CALLS = 6;
let rung = 0;
const expected = new Map<string, string>();

/** Calls talk, are told to be in danger, and end. */
function talks(): void {
  for (let n = 0; n < CALLS; n += 1) {
    const number = String(13_700_000_000 + (rung += 1));
    const call = { ...calls.talking('a'), key: `call-${rung}`, caller: aCaller({ number }) };
    here.tickets.callChanged(call);
    const danger = { ...call, danger: true };
    here.tickets.callChanged(danger, call);
    const ended = { ...calls.ended(), key: call.key, caller: call.caller };
    here.tickets.callChanged(ended, danger);
    expected.set(number, '1 of 1');
  }
}

const lost = losses(BUSY_MS);
test.each([...lost, ...crowding(BUSY_MS)])('$name', async (fault) => {
  let asked: Reply | undefined;
  let told = 0;
  await fault.lasts({ postgres, wire }, async () => {
    const before = performance.now();
    talks();
    told = performance.now() - before;
    asked = await li.post('/api/tickets', { fields: { asked: '故障期间' } });
    // Said aloud, also where it still reads.
    if (lost.includes(fault)) await until(() => here.tickets.state === 'away');
  });
  // Written, or refused in words: nobody is left without an answer.
  expect([200, 503]).toContain(asked?.status);
  if (asked?.status === 503) {
    expect(asked.body).toMatchObject({
      code: expect.stringMatching(/^(tickets-away|database-busy)$/),
      words: { zh: expect.any(String), en: expect.any(String) },
    });
  }
  await until(() => here.tickets.behind === 0 && here.tickets.state === 'on');
  expect(await ticketsByNumber(postgres.url)).toEqual(expected);
  expect(await faultsIn(postgres.url)).toEqual([]);
  // Telling it has waited for nothing.
  expect(told).toBeLessThan(BUSY_MS);
});
