import { setTimeout as sleep } from 'node:timers/promises';
import type { FloorCall, ManagedCall, ManagerLogEntry } from '../../server/http/supervise-views.ts';
import { compiledNoMore } from '../given/compiled.ts';
import type { DeskView } from '../../server/http/views.ts';
import { expectHears, expectHearsFor } from '../given/hearing.ts';
import { Person } from '../given/staff.ts';
import { aSupervisor, presses, supervisorAt9900, theCall } from '../given/supervisor.ts';
import { aWorld, type World } from '../given/world.ts';
import { aTalk, hearsMeanwhile, historySays } from './talk.ts';

/** A manager listens in, whispers, barges in, takes over; whatever becomes of him, the two talk on. */

let world: World;
beforeAll(async () => {
  world = await aWorld(
    (config) => ({
      ...config,
      people: [
        supervisorAt9900,
        { id: 'wang', name: '王强', roles: ['manager'], seat: '9950', password: '9950' },
        { id: 'liu', name: '刘静', roles: ['manager'], password: 'liu1' },
      ],
    }),
    { ownProcess: true },
  );
}, 120_000);
afterEach(() => world.clear());
afterAll(async () => {
  await world?.ends();
  await compiledNoMore();
});

async function aPerson(id: string, password = id): Promise<Person> {
  const person = new Person(world.deployment.url, id);
  await person.logsInAs({ person: id }, password);
  return person;
}

const log = async (person: Person): Promise<string[]> =>
  ((await person.get('/api/manager-log')).body as ManagerLogEntry[]).map(
    ({ what, by, seat }) => `${by.name.zh} ${what} ${seat}`,
  );

interface Found {
  readonly id: string;
}

async function onTheSwitch(what: 'channels' | 'bridges'): Promise<string[]> {
  const { url, user, password } = world.deployment.environment.asterisk;
  const found = await fetch(`${url}/ari/${what}?api_key=${user}:${password}`);
  return ((await found.json()) as Found[]).map(({ id }) => id);
}

/** Of a whisper nothing is left: neither the snoop channel nor the room. */
async function isSwept(): Promise<void> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const all = [...(await onTheSwitch('channels')), ...(await onTheSwitch('bridges'))];
    const left = all.filter((id) => id.includes('.ear.') || id.startsWith('Snoop'));
    if (left.length === 0) return;
    if (Date.now() > deadline) throw new Error(`left on the switch: ${left.join(' ')}`);
    await sleep(50);
  }
}

/** A talk with a manager who whispers. */
async function aWhisper() {
  const talk = await aTalk(world);
  const manager = await aSupervisor(world);
  const { citizen, operator } = talk;
  await manager.listens();
  await manager.presses('whisper');
  await expectHears(
    [citizen, [operator.phone]],
    [operator.phone, [citizen, manager.phone]],
    [manager.phone, [citizen, operator.phone]],
  );
  return { ...talk, manager };
}

async function restarts(): Promise<void> {
  await world.deployment.controller?.isKilled();
  await world.deployment.controller?.starts();
}

test('one key after the other: who hears whom when he listens, whispers, barges in, listens again and leaves', async () => {
  const { citizen, operator } = await aTalk(world);
  const manager = await aSupervisor(world);
  const { phone } = manager;
  const two = [
    [citizen, [operator.phone]],
    [operator.phone, [citizen]],
  ] as const;
  await manager.listens();
  await expectHears(...two, [phone, [citizen, operator.phone]]);
  await expectHearsFor(600, ...two, [phone, [citizen, operator.phone]]);
  await historySays(operator, '班长 陈明 监听座席 8001');

  await manager.presses('whisper');
  await expectHears(
    [citizen, [operator.phone]],
    [operator.phone, [citizen, phone]],
    [phone, [citizen, operator.phone]],
  );
  await manager.presses('barge');
  await expectHears(
    [citizen, [operator.phone, phone]],
    [operator.phone, [citizen, phone]],
    [phone, [citizen, operator.phone]],
  );
  await manager.presses('whisper');
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen, phone]]);
  await manager.presses('listen');
  await expectHears(...two, [phone, [citizen, operator.phone]]);
  await manager.presses('end-supervising');
  await phone.isHungUp();
  await expectHears(...two);
  expect((await log(manager.person)).slice(0, 6)).toEqual([
    '陈明 supervisor-left-listening 8001',
    '陈明 supervisor-listen 8001',
    '陈明 supervisor-whisper 8001',
    '陈明 supervisor-barge 8001',
    '陈明 supervisor-whisper 8001',
    '陈明 supervisor-listen 8001',
  ]);
});

test('he takes over from the phone at which he whispers, and is an operator like any other then', async () => {
  const { citizen, operator, manager } = await aWhisper();
  await manager.presses('take-over');
  await operator.phone.isHungUp();
  await operator.desk.isInState('ready');
  await expectHears([citizen, [manager.phone]], [manager.phone, [citizen]]);
  await isSwept();
  const { id } = await manager.theCall();
  const desk = await manager.person.obeyed<DeskView>(`/api/calls/${id}/hold`);
  expect(desk.seat).toMatchObject({ id: '9900', state: 'talking' });
  await expectHears([citizen, ['music']]);
  await manager.person.obeyed(`/api/calls/${id}/hang-up`);
  await citizen.isHungUp();
  const { seat } = (await manager.person.get('/api/desk')).body as DeskView;
  expect(seat).toMatchObject({ state: 'not-ready' });
});

test('his phone dies while he whispers, then the snoop channel does: the two talk on, nothing is left', async () => {
  const { citizen, operator, manager } = await aWhisper();
  const two = [citizen, [operator.phone]] as const;
  await hearsMeanwhile(two, () => manager.phone.hangsUp());
  await isSwept();
  await expectHears(two, [operator.phone, [citizen]]);

  await manager.listens();
  await manager.presses('whisper');
  await expectHears([operator.phone, [citizen, manager.phone]]);
  const [ear = ''] = (await onTheSwitch('channels')).filter((id) => id.includes('.ear.'));
  const { url, user, password } = world.deployment.environment.asterisk;
  await hearsMeanwhile(two, () =>
    fetch(`${url}/ari/channels/${ear}?api_key=${user}:${password}`, { method: 'DELETE' }),
  );
  await historySays(operator, '耳语中断，转为监听');
  await expectHears(two, [operator.phone, [citizen]], [manager.phone, [citizen, operator.phone]]);
  await isSwept();
});

test('the controller is killed while he whispers: all goes on; and killed, he gone meanwhile: nothing is left', async () => {
  const { citizen, operator, manager } = await aWhisper();
  await hearsMeanwhile([citizen, [operator.phone]], restarts);
  await expectHears(
    [citizen, [operator.phone]],
    [operator.phone, [citizen, manager.phone]],
    [manager.phone, [citizen, operator.phone]],
  );
  await manager.presses('listen');
  await expectHears([operator.phone, [citizen]], [manager.phone, [citizen, operator.phone]]);
  await manager.presses('whisper');
  await expectHears([operator.phone, [citizen, manager.phone]]);
  await world.deployment.controller?.isKilled();
  await manager.phone.hangsUp();
  await world.deployment.controller?.starts();
  await isSwept();
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
  expect((await manager.theCall()).supervisor).toBeNull();
});

test('he has barged in when the operator’s phone hangs up: she talks with him', async () => {
  const { citizen, operator } = await aTalk(world);
  const manager = await aSupervisor(world);
  await manager.listens();
  await manager.presses('barge');
  await expectHears([citizen, [operator.phone, manager.phone]]);
  await operator.phone.hangsUp();
  await expectHears([citizen, [manager.phone]], [manager.phone, [citizen]]);
  await manager.phone.hangsUp();
  await citizen.isHungUp();
});

test('help is asked for, seen at once, dismissed, withdrawn, answered; a manager without a place ends the call', async () => {
  const { citizen, operator } = await aTalk(world);
  const liu = await aPerson('liu', 'liu1');
  const asked = ({ calls }: { calls: FloorCall[] }) => calls[0]?.help?.seat === '8001';
  await operator.desk.does('ask-help');
  await liu.until('help is asked for', asked);
  await presses(liu, 'dismiss-help');
  await historySays(operator, '刘静 已阅求助');
  await operator.desk.does('ask-help');
  await operator.desk.does('withdraw-help');
  await operator.desk.does('ask-help');
  const manager = await aSupervisor(world);
  await manager.listens();
  expect((await theCall(liu)).help).toBeNull();
  const { actions } = await liu
    .get(`/api/calls/${(await theCall(liu)).id}/managed`)
    .then(({ body }) => body as ManagedCall);
  const why = (id: string) => actions.find((one) => one.id === id)?.why?.zh;
  expect([why('listen'), why('take-over'), why('end-supervising')]).toEqual([
    '已有其他班长在该通话中',
    '您不在该通话中，请先监听',
    '您不在该通话中，请先监听',
  ]);
  await presses(liu, 'end-call');
  await Promise.all([citizen.isHungUp(), operator.phone.isHungUp(), manager.phone.isHungUp()]);
  expect((await log(liu)).slice(0, 3)).toEqual([
    '刘静 ended-by-manager 8001',
    '陈明 supervisor-left-listening 8001',
    '陈明 supervisor-listen 8001',
  ]);
});
