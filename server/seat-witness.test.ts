import { expect, test } from '@jest/globals';
import { HandClock } from '../tests/given/hand-clock.ts';
import { isGivenUp, SeatWitness } from './seat-witness.ts';

test.each([
  ['its page was closed', { how: 'goodbye', lives: false, ms: 999 }, false],
  ['its page was closed', { how: 'goodbye', lives: false, ms: 1_000 }, true],
  ['its page is loaded again', { how: 'goodbye', lives: true, ms: 60_000 }, false],
  ['it was killed', { how: 'silent', lives: false, ms: 399 }, false],
  ['it was killed', { how: 'silent', lives: false, ms: 400 }, true],
  [
    'its network is gone and its desk seems connected',
    { how: 'silent', lives: true, ms: 60_000 },
    false,
  ],
] as const)('%s: %j: given up %s', (_, away, given) => {
  expect(isGivenUp(away)).toBe(given);
});

function aWitness() {
  const clock = new HandClock();
  const said: string[] = [];
  const witness = new SeatWitness({
    clock,
    onDeskGone: (seat) => void said.push(`desk gone ${seat}`),
    onGivenUp: (seat) => void said.push(`given up ${seat}`),
  });
  return { clock, witness, said };
}

test('a reload asks for its page, leaves, and comes: it is waited for', async () => {
  const { clock, witness, said } = aWitness();
  witness.deskOpened('a');
  witness.loads('a');
  await clock.passes(200);
  witness.isAway('a', 'a#1', 'goodbye');
  witness.deskClosed('a');
  await clock.passes(5_000);
  expect(said).toEqual(['desk gone a']);
});

test('a tab is closed: given up after a second, once', async () => {
  const { clock, witness, said } = aWitness();
  witness.deskOpened('a');
  witness.loads('a');
  await clock.passes(60_000);
  witness.deskClosed('a');
  witness.isAway('a', 'a#1', 'goodbye');
  await clock.passes(5_000);
  expect(said).toEqual(['desk gone a', 'given up a']);
});

test('killed: its packets end before its stream does', async () => {
  const { clock, witness, said } = aWitness();
  witness.deskOpened('a');
  witness.isAway('a', 'a#1', 'silent');
  await clock.passes(1_000);
  expect(said).toEqual([]);
  witness.deskClosed('a');
  await clock.passes(400);
  expect(said).toEqual(['desk gone a', 'given up a']);
});

test('killed just after its page was loaded: nobody waits for it', async () => {
  const { clock, witness, said } = aWitness();
  witness.loads('a');
  witness.isAway('a', 'a#1', 'silent');
  await clock.passes(1_000);
  expect(said).toEqual(['given up a']);
});

test('back in its call, or seen meanwhile: nobody is given up; of two tabs one may close', async () => {
  const { clock, witness, said } = aWitness();
  witness.deskOpened('b');
  witness.deskOpened('b');
  witness.deskClosed('b');
  witness.isAway('a', 'a#1', 'silent');
  witness.isBack('a');
  witness.isAway('c', 'c#1', 'goodbye');
  expect(witness.idle).toBe(false);
  witness.seen('c');
  await clock.passes(5_000);
  expect(said).toEqual([]);
});

test('not given up that time, because its desk was there: the next time it is', async () => {
  const { clock, witness, said } = aWitness();
  witness.deskOpened('a');
  witness.isAway('a', 'a#1', 'silent');
  await clock.passes(5_000);
  witness.isAway('a', 'a#1', 'goodbye');
  witness.deskClosed('a');
  witness.isBack('a');
  witness.isAway('a', 'a#2', 'silent');
  await clock.passes(400);
  expect(said).toEqual(['desk gone a', 'given up a']);
});

test('a controller that leaves waits for nobody and says nothing more', async () => {
  const { clock, witness, said } = aWitness();
  witness.isAway('a', 'a#1', 'goodbye');
  witness.close();
  witness.deskClosed('a');
  await clock.passes(60_000);
  expect(said).toEqual(['desk gone a']);
});
