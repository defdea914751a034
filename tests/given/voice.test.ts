import { fromAlaw, toAlaw } from './g711.ts';
import { audible, levelsIn, SPEAKING, tones, type ToneName } from './hearing.ts';
import { toneFile, Voice } from './voice.ts';

const samplesOf = (tone: ToneName, seconds: number): Int16Array => {
  const bytes = toneFile(tone, seconds);
  return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
};

test('A-law: every byte comes back as itself, every sample nearly', () => {
  for (let byte = 0; byte < 256; byte++) expect(toAlaw(fromAlaw(byte))).toBe(byte);
  for (let sample = -32768; sample < 32768; sample += 7) {
    const error = Math.abs(fromAlaw(toAlaw(sample)) - sample);
    expect(error).toBeLessThanOrEqual(Math.max(16, Math.abs(sample) / 16));
  }
});

test('A-law: known values of the standard', () => {
  expect([0, -1, 8, 32767, -32768].map(toAlaw)).toEqual([0xd5, 0x55, 0xd5, 0xaa, 0x2a]);
});

test.each(Object.keys(tones) as ToneName[])('%s is heard as itself alone, after A-law', (tone) => {
  const samples = samplesOf(tone, 1).map((sample) => fromAlaw(toAlaw(sample)));
  const levels = levelsIn(samples, 1000);
  expect(audible(levels)).toEqual([tone]);
  expect(levels[tone]).toBeGreaterThan(SPEAKING * 0.95);
});

test('all at once are heard all', () => {
  const all = Object.keys(tones) as ToneName[];
  const parts = all.map((tone) => samplesOf(tone, 1));
  const mix = Float64Array.from({ length: 8000 }, (_, i) =>
    parts.reduce((sum, part) => sum + (part[i] ?? 0), 0),
  );
  expect(audible(levelsIn(mix, 1000)).sort()).toEqual(all.sort());
});

test('what comes for half of the time is half as loud; nothing is nothing', () => {
  const levels = levelsIn(samplesOf('fire', 1).subarray(0, 4000), 1000);
  expect(levels.fire).toBeGreaterThan(SPEAKING * 0.45);
  expect(levels.fire).toBeLessThan(SPEAKING * 0.55);
  expect(Math.max(...Object.values(levelsIn([], 400)))).toBe(0);
});

test('a voice is heard over RTP, and no longer when it falls silent', async () => {
  const [mouth, ear] = [new Voice('127.0.0.1', 'police'), new Voice('127.0.0.1', null)];
  await Promise.all([mouth.open(), ear.open()]);
  mouth.speakTo('127.0.0.1', ear.port);
  const levels = await ear.heard(400);
  expect(audible(levels)).toEqual(['police']);
  expect(levels.police).toBeGreaterThan(SPEAKING * 0.8);
  mouth.fallSilent();
  expect(audible(await ear.heard(200))).toEqual([]);
  mouth.close();
  ear.close();
});
