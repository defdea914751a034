import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InTickets } from '../../server/recordings/in-tickets.ts';
import { Shelf, type Kept } from '../../server/recordings/shelf.ts';
import { until } from '../given/exchange.ts';
import { startPostgres, type GivenPostgres } from '../given/postgres.ts';
import { city, configOf, TicketDeployment, type Asks } from '../given/ticket-deployment.ts';

/** Recordings at the ticket, with a real database: in its story, heard by those who may, deleted by rule. */

const DAY = 86_400_000;
const CALL = '12345-k1';

let folder: string;
let database: GivenPostgres;
let here: TicketDeployment;
let recordings: InTickets;
let li: Asks;
let kept: Kept;
const sound = Buffer.from('RIFF, and then what she said');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'liandong-shelf-'));
  database = await startPostgres();
  here = await TicketDeployment.on(database.url);
  here.shelf = new Shelf(folder);
  await here.begins(configOf(city));
  await until(() => here.tickets.state === 'on');
  li = await here.logsIn('8001');
  recordings = new InTickets({
    tickets: here.tickets,
    shelf: here.shelf,
    keepDays: 30,
    clock: here.clock,
    onTrouble: (words) => {
      throw new Error(words);
    },
  });
  const stretch = { fromMs: 0, toMs: 9_000 };
  kept = {
    ...{ format: 1, id: 'c1', call: CALL, hotline: '12345', ms: 9_000, stereo: true },
    ...{ startedAt: here.clock.now(), bytes: sound.length, parts: [], tickets: null },
    sha256: createHash('sha256').update(sound).digest('hex'),
    gaps: [
      { track: 'citizen', fromMs: 2_000, toMs: 4_000, why: 'recorder' },
      { track: 'others', fromMs: 3_000, toMs: 5_000, why: 'recorder' },
    ],
    pauses: [{ fromMs: 6_000, toMs: 7_000, by: '8001' }],
    shares: [
      { leg: 'x', role: 'caller', who: '', ...stretch },
      { leg: 'y', role: 'seat', who: '8001', ...stretch },
    ],
    deletedAt: null,
  };
  await here.shelf.write(kept);
  await writeFile(here.shelf.soundOf(kept), sound);
}, 60_000);
afterAll(async () => {
  await recordings.close();
  await here.ends();
  await database.stop();
  await rm(folder, { recursive: true });
}, 60_000);

const opens = async () =>
  (await li.post('/api/tickets', { call: CALL, fields: { asked: '路灯不亮' } })).body.key as string;
const storyOf = async (key: string) => (await li.get(`/api/tickets/${key}`)).body;
const listens = (path: string, headers: Record<string, string> = {}) => li.file(path, headers);

test('its hash stands in the story; it is heard by those who may, and that is written down; deleted by rule', async () => {
  const key = await opens();
  recordings.kept(kept);
  await until(async () => (await storyOf(key)).recordings.length === 1);
  const { recordings: all, events, whole } = await storyOf(key);
  expect(whole).toBe(true);
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'recording-linked', id: 'c1', sha256: kept.sha256 }),
  );
  const play = `/api/tickets/${key}/recordings/c1`;
  expect(all).toEqual([
    expect.objectContaining({
      ...{ id: 'c1', state: 'here', play, stereo: true, ms: 9_000 },
      gaps: [{ fromMs: 2_000, toMs: 5_000 }],
      pauses: [{ fromMs: 6_000, toMs: 7_000 }],
      shares: [
        expect.objectContaining({ role: 'caller', name: { zh: '来电人', en: 'Citizen' } }),
        expect.objectContaining({ role: 'seat', fromMs: 0, toMs: 9_000 }),
      ],
    }),
  ]);
  await until(async () => (await here.shelf?.find('c1', kept.startedAt))?.tickets?.length === 1);

  const whatIsHeard = await listens(play);
  expect([whatIsHeard.status, whatIsHeard.headers.get('content-type')]).toEqual([200, 'audio/wav']);
  expect(whatIsHeard.bytes).toEqual(sound);
  const some = await listens(`${play}?download=true`, { range: 'bytes=4-9' });
  expect([some.status, some.headers.get('content-range')]).toEqual([
    206,
    `bytes 4-9/${sound.length}`,
  ]);
  expect(some.bytes).toEqual(sound.subarray(4, 10));
  expect(some.headers.get('content-disposition')).toBe('attachment; filename="c1.wav"');
  const { body: seen } = await li.get(`/api/tickets/${key}/seen`);
  const heard = seen.filter(({ what }: { what: string }) => what === 'recording');
  expect(heard).toEqual([
    expect.objectContaining({ by: { deployment: 'city', hotline: '12345', person: '8001' } }),
    expect.anything(),
  ]);
  expect((await li.get(`/api/tickets/${key}/recordings/c2`)).body.code).toBe('no-recording');
  expect((await fetch(`${here.url}${play}`)).status).toBe(401);

  const file = here.shelf?.soundOf(kept) ?? '';
  await writeFile(file, sound.toString().replace('she', 'him'));
  const altered = await li.get(play);
  expect([altered.status, altered.body.code]).toEqual([409, 'recording-altered']);
  await writeFile(file, sound);
  expect((await listens(play)).bytes).toEqual(sound);

  recordings.begins();
  here.clock.passes(31 * DAY);
  await new Promise((resolve) => setTimeout(resolve, 200));
  // The ticket is open.
  expect(existsSync(file)).toBe(true);
  for (const to of ['handling', 'replied', 'archived']) {
    const { status } = await li.post(`/api/tickets/${key}/move`, { to, why: '办结' });
    expect([to, status]).toEqual([to, 200]);
  }
  await until(() => !existsSync(file));
  const gone = await li.get(play);
  expect([gone.status, gone.body.code]).toEqual([410, 'recording-deleted']);
  const story = await storyOf(key);
  expect(story.recordings[0]).toMatchObject({
    ...{ state: 'deleted', play: null, sha256: kept.sha256 },
  });
  expect([story.whole, story.events]).toEqual([
    true,
    expect.arrayContaining([expect.objectContaining({ type: 'recording-deleted', id: 'c1' })]),
  ]);
});
