import { nounsOf } from '../server/nouns.ts';
import { changed, configOf, faultsOf, GOOD, surroundings } from '../tests/given/config.ts';

const world = {
  ...surroundings,
  hasPrompt: (name: string) => ['welcome-12345', 'call-recorded', 'this-line'].includes(name),
};
const recorded = (block: string, from = GOOD) =>
  changed('seats:\n', `recording: ${block}\nseats:\n`, from);
const ANNOUNCED = changed(
  '    ownNumber: "12345"\n  police:',
  '    ownNumber: "12345"\n    recordingAnnounced: call-recorded\n  police:',
  changed('    needs: [english]\n', '    needs: [english]\n    recordingAnnounced: this-line\n'),
);

test('nothing is recorded unless it is configured; then with sensible values', () => {
  expect(configOf(GOOD).recording).toBeNull();
  expect(configOf(recorded('{ folder: sounds/kept }')).recording).toEqual({
    folder: 'sounds/kept',
    keepDays: 180,
    stereo: true,
    pauseSeconds: 120,
  });
});

test.each([
  ['{ keepDays: 30 }', 'recording.folder: expected'],
  ['{ folder: "a\\nb" }', 'recording.folder: expected the path of a folder'],
  ['{ folder: x, keepDays: 0 }', 'recording.keepDays: expected a whole number of days'],
  ['{ folder: x, pauseSeconds: 4 }', 'recording.pauseSeconds: expected whole seconds'],
  ['{ folder: x, mono: true }', 'recording.mono: expected one of'],
])('refuses %s', (block, fault) => {
  expect(faultsOf(recorded(block))).toEqual([expect.stringContaining(fault)]);
});

test('a prompt that announces it has a file', () => {
  expect(faultsOf(ANNOUNCED)).toEqual([
    expect.stringContaining('hotlines.12345.recordingAnnounced: expected a prompt that has a file'),
    expect.stringContaining('trunks.carrier.recordingAnnounced: expected a prompt that has a file'),
  ]);
});

test('it is announced by the trunk, else by the hotline, and only where it is so', () => {
  const { announced } = nounsOf(configOf(recorded('{ folder: x }', ANNOUNCED), world));
  expect(announced('12345', 'carrier')).toBe('call-recorded');
  expect(announced('12345', 'police')).toBe('this-line');
  expect(announced('110', 'police')).toBeUndefined();
  expect(nounsOf(configOf(ANNOUNCED, world)).announced('12345', 'carrier')).toBeUndefined();
  const not = changed(
    '    needs: [english]\n',
    '    needs: [english]\n    recorded: false\n',
    ANNOUNCED,
  );
  const spared = nounsOf(configOf(recorded('{ folder: x }', not), world));
  expect(spared.announced('12345', 'carrier')).toBeUndefined();
});
