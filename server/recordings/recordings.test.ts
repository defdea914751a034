import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../kernel/clock.ts';
import type { Call } from '../../telephony/call.ts';
import { calls } from '../../tests/given/calls.ts';
import { fromAlaw, toAlaw } from '../../tests/given/g711.ts';
import { until } from '../../tests/given/exchange.ts';
import { RecordingSwitch } from '../../tests/given/recording-switch.ts';
import { Recordings } from './recordings.ts';
import { Shelf, type Kept } from './shelf.ts';

let folder: string;
let theSwitch: RecordingSwitch;
let kept: Kept[];
let troubles: string[];
let changes: number;
const underWay = new Map<string, Call>();
const written = new Map<string, string>();
const all: Recordings[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'liandong-recordings-'));
  theSwitch = await RecordingSwitch.starts();
  [kept, troubles, changes] = [[], [], 0];
  underWay.clear();
  written.clear();
});
afterEach(async () => {
  await Promise.all(all.splice(0).map((one) => one.close()));
  theSwitch.ends();
  await rm(folder, { recursive: true, force: true });
});

/** A controller begins; `stereo` false: one track. */
async function aController(stereo = true): Promise<Recordings> {
  const recordings = new Recordings({
    clock: systemClock,
    rules: { stereo, pauseMs: 60_000 },
    shelf: new Shelf(folder),
    hash: {
      read: () => Promise.resolve(Object.fromEntries(written)),
      write: (field, text) =>
        void (text === null ? written.delete(field) : written.set(field, text)),
    },
    switches: { open: theSwitch.open, addressOf: () => theSwitch.address, names: () => [''] },
    callOf: (id) => underWay.get(id),
    onChange: () => void (changes += 1),
    onKept: (one) => void kept.push(one),
    onTrouble: (words) => void troubles.push(words),
  });
  all.push(recordings);
  await recordings.restores();
  recordings.begins();
  return recordings;
}

/** Talking for so long already. */
const talk = (ms = 0): Call => {
  const call = { ...calls.talking('a'), firstTalkAt: systemClock.now() - ms };
  underWay.set(call.id, call);
  return call;
};
const over = (call: Call): Call => {
  underWay.delete(call.id);
  return { ...calls.ended(), firstTalkAt: call.firstTalkAt };
};
const sound = (level: number, ms: number) => Buffer.alloc(ms * 8, toAlaw(level));
const runs = (n: number) => until(() => theSwitch.live.size === n);

test('both sides in one file, hashed; the switch forgets; nothing is left of it elsewhere', async () => {
  theSwitch.writes = (name) => sound(name.includes('citizen') ? 4_000 : -2_000, 400);
  const recordings = await aController();
  const call = talk();
  recordings.callChanged(call);
  await runs(2);
  expect(recordings.of('c1')).toMatchObject({ state: 'on' });
  await new Promise((resolve) => setTimeout(resolve, 300));
  recordings.callChanged(over(call));
  await until(() => kept.length === 1);
  const [one] = kept as [Kept];
  expect(one).toMatchObject({
    ...{ format: 1, id: 'c1', call: 'key-0000-1111', hotline: '12345', stereo: true },
    ...{ startedAt: call.firstTalkAt, gaps: [], pauses: [], tickets: null, deletedAt: null },
    shares: [{ role: 'caller' }, { role: 'seat', who: 'a' }],
  });
  const shelf = new Shelf(folder);
  const bytes = await readFile(shelf.soundOf(one));
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(one.sha256);
  expect(bytes).toHaveLength(one.bytes);
  const at = bytes.subarray(44 + 2 * 8 * 200);
  expect([fromAlaw(at[0] ?? 0), fromAlaw(at[1] ?? 0)]).toEqual([
    fromAlaw(toAlaw(4_000)),
    fromAlaw(toAlaw(-2_000)),
  ]);
  expect(await shelf.find('c1', one.startedAt)).toEqual(one);
  await until(() => theSwitch.files.size === 0);
  expect(written.size).toBe(0);
  await until(async () => (await readdir(join(folder, 'parts'))).length === 0);
  expect(recordings.counts).toEqual({ begun: 1, kept: 1, fallen: 0, gaps: 0 });
});

test('a pause is silence, whatever a recorder wrote meanwhile', async () => {
  theSwitch.writes = () => sound(4_000, 5_000);
  const recordings = await aController(false);
  const call = talk();
  recordings.callChanged(call);
  await runs(1);
  expect(() => recordings.pauses(call, 'z')).toThrow(
    expect.objectContaining({ code: 'not-in-talk' }),
  );
  recordings.pauses(call, 'a');
  expect(recordings.of('c1')?.state).toBe('paused');
  await runs(0);
  await new Promise((resolve) => setTimeout(resolve, 300));
  recordings.resumes(call, 'a');
  await runs(1);
  recordings.callChanged(over(call));
  await until(() => kept.length === 1);
  const [{ pauses, parts }] = kept as [Kept];
  expect(parts.map(({ track, n }) => `${track} ${n}`)).toEqual(['both 1', 'both 2']);
  const bytes = await readFile(new Shelf(folder).soundOf(kept[0] as Kept));
  const [pause] = pauses;
  const quiet = bytes.subarray(44 + (pause?.fromMs ?? 0) * 8, 44 + (pause?.toMs ?? 0) * 8);
  expect(quiet.length).toBeGreaterThan(300 * 8 - 1);
  expect(quiet.every((byte) => byte === 0xd5)).toBe(true);
  expect(bytes[43 + (pause?.fromMs ?? 0) * 8]).toBe(toAlaw(4_000));
});

test('a controller that is killed: recorders go on, the next one finds them and closes', async () => {
  theSwitch.writes = () => sound(1_000, 200);
  const first = await aController();
  const call = talk();
  first.callChanged(call);
  await runs(2);
  theSwitch.isLeft();
  const next = await aController();
  await until(() => theSwitch.asked.includes('GET channels'));
  expect(theSwitch.live.size).toBe(2);
  expect(next.of('c1')?.state).toBe('on');
  theSwitch.channels.set('c9_both_1', 1);
  theSwitch.live.add('c9_both_1');
  theSwitch.reconnects();
  // That of a call which nobody knows is ended.
  await until(() => !theSwitch.live.has('c9_both_1'));
  expect(theSwitch.live.size).toBe(2);
  next.callChanged(over(call));
  await until(() => kept.length === 1);
  expect(kept[0]?.gaps).toEqual([]);
});

test('she has gone while no controller lived: it is closed when one begins', async () => {
  theSwitch.writes = () => sound(1_000, 200);
  const first = await aController();
  first.callChanged(talk());
  await runs(2);
  theSwitch.isLeft();
  for (const name of [...theSwitch.live]) theSwitch.dies(name);
  underWay.clear();
  await aController();
  await until(() => kept.length === 1);
});

test.each(['refuses', 'away'] as const)(
  'a switch that %s: the call hears nothing of it',
  async (mood) => {
    theSwitch.mood = mood;
    const recordings = await aController();
    const call = talk(2_000);
    recordings.callChanged(call);
    await until(() => recordings.now.failing === 1);
    expect(recordings.of('c1')?.state).toBe('failing');
    expect(troubles.length).toBeGreaterThan(0);
    theSwitch.mood = 'well';
    theSwitch.writes = () => sound(1_000, 100);
    await runs(2);
    await until(() => recordings.of('c1')?.state === 'on');
    await new Promise((resolve) => setTimeout(resolve, 200));
    recordings.callChanged(over(call));
    await until(() => kept.length === 1);
    expect(kept[0]?.gaps.map(({ why }) => why)).toEqual(['late', 'late']);
    expect(recordings.counts.fallen).toBe(2);
  },
);

test('nothing at all could be taken: that is known, and there is no sound', async () => {
  const recordings = await aController();
  const call = talk();
  recordings.callChanged(call);
  await runs(2);
  theSwitch.files.clear();
  recordings.callChanged(over(call));
  await until(() => kept.length === 1);
  expect(kept[0]).toMatchObject({ sha256: null, bytes: 0, parts: [] });
});
