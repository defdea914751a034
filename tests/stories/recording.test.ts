import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordingView } from '../../server/http/ticket-views.ts';
import { until } from '../given/exchange.ts';
import { expectHears, expectHearsFor } from '../given/hearing.ts';
import { startPostgres, type GivenPostgres } from '../given/postgres.ts';
import { diskHolds, keptOf, Recorded } from '../given/recorded.ts';
import { trunkTo, type Written } from '../given/deployment.ts';
import { aWorld, type World } from '../given/world.ts';
import { aTalk, isNeverInSilence } from './talk.ts';

/** 录音, measured by tones: from the first word to the goodbye, whatever dies beside the call. */

let world: World;
let database: GivenPostgres;
beforeAll(async () => {
  database = await startPostgres();
  world = await aWorld(
    (config) => {
      const { carrier, ...trunks } = config.trunks as Record<string, Written>;
      const [ip] = (carrier?.sources ?? []) as string[];
      return {
        ...config,
        trunks: {
          ...trunks,
          carrier: trunkTo(ip ?? '', { recordingAnnounced: 'call-recorded' }),
        },
        recording: { folder: 'recordings' },
      };
    },
    {
      ownProcess: true,
      databaseUrl: database.url,
      prompts: { 'call-recorded': ['answer', 1] },
    },
  );
}, 120_000);
afterEach(() => world.clear());
afterAll(async () => {
  await world?.ends();
  await database?.stop();
});

const keptHere = (call: string, where = world) =>
  keptOf(join(dirname(where.deployment.environment.configFile), 'recordings'), call);

const metric = async (name: string): Promise<number> => {
  const text = await (await fetch(`${world.deployment.url}/metrics`)).text();
  return Number(new RegExp(`^liandong_${name} (\\S+)$`, 'm').exec(text)?.[1]);
};

/** So long it is listened to each state of a call. */
const LISTEN_MS = 700;
/** What a party says and hears changes within so long. */
const EDGE_MS = 250;

/** Waits while they talk, and says when that was. */
async function aWhile(): Promise<readonly [from: number, to: number]> {
  const from = Date.now();
  await sleep(LISTEN_MS);
  return [from, Date.now()];
}

test('answer, three-way, pause, transfer, goodbye: each tone in its share, nothing while paused, heard at the ticket', async () => {
  const fire = await world.fireBrigade();
  const citizen = await world.citizen();
  const operator = await world.phoneSeat('8001');
  await citizen.rings('12345');
  await citizen.isAnswered();
  await expectHears([citizen, ['answer']]);
  await operator.phone.isRung(10_000);
  await operator.phone.answers();
  const { call } = await operator.desk.isInState('talking');
  const { id = '', key = '' } = call ?? {};
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
  await operator.desk.until('it is recorded', (view) => view.call?.recording?.state === 'on');
  const two = await aWhile();

  await operator.desk.does('transfer:three-way:119');
  await fire.isRung();
  await fire.answers();
  await expectHears([citizen, [operator.phone, fire]]);
  const three = await aWhile();

  await operator.desk.does('pause-recording');
  const paused = await aWhile();
  await operator.desk.does('resume-recording');
  await operator.desk.until('it goes on', (view) => view.call?.recording?.state === 'on');
  await operator.desk.does('leave');
  await expectHears([citizen, [fire]], [fire, [citizen]]);
  const other = await aWhile();
  await citizen.hangsUp();
  await fire.isHungUp();

  const { kept, sound } = await keptHere(id);
  expect(kept).toMatchObject({ call: key, stereo: true, gaps: [], sha256: sound.sha256 });
  expect(Math.abs(sound.ms - kept.ms)).toBeLessThan(1);
  const heard = ([from, to]: readonly [number, number]) =>
    sound.heard(from + EDGE_MS - kept.startedAt, to - EDGE_MS / 2 - kept.startedAt);
  expect(heard(two)).toEqual({ left: ['citizen'], right: ['operator'] });
  expect(heard(three)).toEqual({ left: ['citizen'], right: ['operator', 'fire'] });
  expect(heard(paused)).toEqual({ left: [], right: [] });
  expect(heard(other)).toEqual({ left: ['citizen'], right: ['fire'] });
  const shares = kept.shares.map(({ role, who }) => `${role} ${who}`.trim());
  expect(shares).toEqual(['caller', 'seat 8001', 'peer 119']);
  const [hers, his, its] = kept.shares;
  expect(hers?.toMs).toBe(kept.ms);
  expect(hers?.fromMs).toBeLessThan(2_000);
  expect(his?.toMs).toBeLessThan(its?.toMs ?? 0);
  expect(kept.pauses).toEqual([expect.objectContaining({ by: '8001' })]);

  const { desk } = operator;
  let recordings: RecordingView[] = [];
  await until(async () => {
    const { body } = await desk.get(`/api/calls/${key}/tickets`);
    const [ticket] = body as { key: string }[];
    if (!ticket) return false;
    const story = (await desk.get(`/api/tickets/${ticket.key}`)).body;
    ({ recordings } = story as { recordings: RecordingView[] });
    return recordings.length === 1;
  });
  expect(recordings[0]).toMatchObject({ id, state: 'here', sha256: kept.sha256, gaps: [] });
  const url = `${world.deployment.url}${recordings[0]?.play}`;
  const played = await fetch(url, { headers: desk.headers });
  expect(new Recorded(Buffer.from(await played.arrayBuffer())).sha256).toBe(kept.sha256);
  const some = await fetch(url, { headers: { ...desk.headers, range: 'bytes=44-99' } });
  expect([some.status, (await some.arrayBuffer()).byteLength]).toEqual([206, 56]);
});

test('the controller is killed in the middle: the file is whole', async () => {
  const { citizen, operator } = await aTalk(world);
  const { call } = await operator.desk.until(
    'it is recorded',
    (view) => view.call?.recording?.state === 'on',
  );
  const before = await aWhile();
  await world.deployment.controller?.isKilled();
  const meanwhile = await aWhile();
  await world.deployment.controller?.starts();
  await operator.desk.until('it is recorded', (view) => view.call?.recording?.state === 'on');
  const after = await aWhile();
  await citizen.hangsUp();
  const { kept, sound } = await keptHere(call?.id ?? '');
  expect(kept.gaps).toEqual([]);
  for (const [from, to] of [before, meanwhile, after]) {
    expect(sound.heard(from - kept.startedAt, to - kept.startedAt)).toEqual({
      left: ['citizen'],
      right: ['operator'],
    });
  }
});

test('the disk is full: the talk goes on, people are told, the gap is marked, and it records again', async () => {
  const { citizen, operator } = await aTalk(world);
  const { call } = await operator.desk.until(
    'it is recorded',
    (view) => view.call?.recording?.state === 'on',
  );
  const before = await aWhile();
  const fallen = await metric('recordings_fallen_total');
  await isNeverInSilence(citizen, async () => {
    await diskOfAsteriskHolds(16_384);
    await operator.desk.until('it fails', (view) => view.call?.recording?.state === 'failing');
    expect((await operator.desk.sees()).notice).toMatchObject({ kind: 'problem' });
    expect(await metric('recordings_fallen_total')).toBeGreaterThan(fallen);
    await expectHearsFor(LISTEN_MS, [citizen, [operator.phone]], [operator.phone, [citizen]]);
    await diskOfAsteriskHolds('unlimited');
    await operator.desk.until('it records', (view) => view.call?.recording?.state === 'on');
  });
  await sleep(1_500);
  const after = await aWhile();
  await operator.desk.does('hang-up');
  await citizen.isHungUp();
  const { kept, sound } = await keptHere(call?.id ?? '');
  expect(kept.gaps.length).toBeGreaterThan(0);
  for (const [from, to] of [before, after]) {
    expect(sound.heard(from - kept.startedAt, to - kept.startedAt)).toEqual({
      left: ['citizen'],
      right: ['operator'],
    });
  }
  const [gap] = kept.gaps;
  expect(sound.heard((gap?.fromMs ?? 0) + EDGE_MS, gap?.toMs ?? 0).left).toEqual(
    gap?.track === 'citizen' ? [] : expect.anything(),
  );
});

const diskOfAsteriskHolds = (bytes: number | 'unlimited') =>
  diskHolds(world.deployment.asterisk.pid, bytes);

describe('mono', () => {
  let mono: World;
  beforeAll(async () => {
    mono = await aWorld((config) => ({
      ...config,
      recording: { folder: 'recordings', stereo: false },
    }));
  }, 120_000);
  afterEach(() => mono.clear());
  afterAll(() => mono?.ends());

  test('both in one track, nothing while paused', async () => {
    const { citizen, operator } = await aTalk(mono);
    const { desk } = operator;
    const { call } = await desk.until(
      'it is recorded',
      (view) => view.call?.recording?.state === 'on',
    );
    const talk = await aWhile();
    await desk.does('pause-recording');
    const paused = await aWhile();
    await desk.does('resume-recording');
    await desk.until('it goes on', (view) => view.call?.recording?.state === 'on');
    const after = await aWhile();
    await citizen.hangsUp();
    const { kept, sound } = await keptHere(call?.id ?? '', mono);
    expect(kept).toMatchObject({ stereo: false, gaps: [], sha256: sound.sha256 });
    const heard = ([from, to]: readonly [number, number]) =>
      sound.heard(from + EDGE_MS - kept.startedAt, to - EDGE_MS / 2 - kept.startedAt).left;
    expect([talk, paused, after].map((one) => heard(one).sort())).toEqual([
      ['citizen', 'operator'],
      [],
      ['citizen', 'operator'],
    ]);
  });
});
