import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import type { FloorSeat, FloorView } from '../../server/http/floor-views.ts';
import type { TourView } from '../../server/http/tour-view.ts';
import { MOST_AT_ONCE } from '../../tools/demo/citizens.ts';
import { play, type Play } from '../../tools/demo/play.ts';
import { aDeployment, type Deployment, type Written } from '../given/deployment.ts';
import { Person } from '../given/staff.ts';

/** `make demo` on real parts, at a speed at which a talk lasts some seconds. */
const SPEED = 500;

let deployment: Deployment;
let going: Play | undefined;

beforeAll(async () => {
  const text = await readFile(resolve('config/demo.yaml'), 'utf8');
  deployment = await aDeployment(parse(text) as Written, { ownProcess: true });
}, 60_000);
afterAll(async () => {
  await going?.stop();
  await deployment?.stop();
});

test('a busy day plays: callers wait and talk, one is handed over, seats are in all states; then nobody is left', async () => {
  const manager = new Person(deployment.url, 'chen');
  await manager.logsInAs({ person: 'chen' }, 'chen');
  const duty = new Person(deployment.url, 'duty');
  await duty.logsInAs({ person: 'duty' }, 'duty');
  going = await play({
    url: deployment.url,
    asterisk: deployment.env.ASTERISK_URL ?? '',
    configFile: deployment.environment.configFile,
    speed: SPEED,
    seed: 1,
    says: () => undefined,
  });

  const tourSteps = async () => {
    const { steps } = (await duty.get('/api/practice/tour')).body as TourView;
    return steps.filter(({ doneAt }) => doneAt !== null).map(({ id }) => id);
  };
  expect(await tourSteps()).toEqual([]);

  const states = new Set<FloorSeat['state']>();
  let [waits, handedOver, most] = [false, false, 0];
  const suzhou = ({ sites }: FloorView) => sites.find(({ id }) => id === 'suzhou');
  const sees = (floor: FloorView): FloorView => {
    for (const { state } of floor.seats) states.add(state);
    waits ||= floor.queues.some(({ waiting }) => waiting > 1);
    handedOver ||= floor.calls.some(({ seats }) => seats.length > 1);
    most = Math.max(most, floor.calls.length);
    return floor;
  };
  const until = async (what: string, is: (floor: FloorView) => boolean) => {
    const deadline = Date.now() + 20_000;
    while (!is(sees(await manager.sees()))) {
      if (Date.now() > deadline) throw new Error(`waited for ${what}; at most ${most} talks`);
      await sleep(100);
    }
  };
  await until('several talks and waiting callers', () => most > 3 && waits);
  await until('a caller handed over', () => handedOver);
  await duty.plans('storm', 'open');
  await until('the other city comes', (floor) => (suzhou(floor)?.signedIn ?? 0) > 1);
  await until('seats of all kinds', () => states.size === 6);

  expect(most).toBeLessThanOrEqual(MOST_AT_ONCE);
  expect(going.onTheLine()).toBeGreaterThan(0);
  expect(await tourSteps()).toEqual(['plan']);

  await going.stop();
  expect(await deployment.asterisk.cli('core show channels concise')).toBe('');
  const after = await manager.sees();
  expect(after.calls).toEqual([]);
  expect(after.seats.filter(({ id, state }) => id !== '9900' && state !== 'signed-out')).toEqual(
    [],
  );
}, 60_000);
