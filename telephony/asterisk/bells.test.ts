import type { Clock } from '../../kernel/clock.ts';
import { Bells } from './bells.ts';

/** Phones whose rings are noted; time passes when told. */
function phones() {
  const done: string[] = [];
  let now = 0;
  let due: { readonly at: number; readonly then: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    after: (ms, then) => {
      const timer = { at: now + ms, then };
      due.push(timer);
      return () => (due = due.filter((one) => one !== timer));
    },
  };
  const bells = new Bells(clock);
  return {
    rings: (leg: string) =>
      bells.rings(
        /seat-(\d+)/.exec(leg)?.[1] ?? '',
        leg,
        async () => void done.push(`ring ${leg}`),
      ),
    ends: (leg: string) => {
      if (bells.ends(leg)) done.push(`end ${leg}`);
    },
    gone: (leg: string) => bells.gone(leg),
    isCutOff: () => bells.isCutOff(),
    found: (...legs: string[]) => bells.found(new Set(legs)),
    passes: (ms: number) => {
      now += ms;
      const over = due.filter(({ at }) => at <= now);
      due = due.filter(({ at }) => at > now);
      for (const { then } of over) then();
    },
    timers: () => due.length,
    done,
  };
}

const [a, b, c] = ['call-1.seat-8001.1', 'call-2.seat-8001.1', 'call-3.seat-8001.2'];

test('a phone that is quiet is rung at once, in the same breath', () => {
  const { rings, done } = phones();
  void rings(a);
  expect(done).toEqual([`ring ${a}`]);
});

test('the next ring waits until the one before has gone, also one of a controller of before', async () => {
  const { rings, ends, gone, passes, done, timers } = phones();
  ends(a);
  const next = rings(b);
  gone(a);
  passes(99);
  expect(done).toEqual([`end ${a}`]);
  passes(1);
  await next;
  expect([done, timers()]).toEqual([[`end ${a}`, `ring ${b}`], 0]);
});

test('another phone does not wait, nor does anybody for the end of a leg that is no phone', async () => {
  const { rings, ends, done } = phones();
  ends(a);
  ends('1763838000.17');
  await rings('call-2.seat-8002.1');
  expect(done).toEqual([`end ${a}`, 'end 1763838000.17', 'ring call-2.seat-8002.1']);
});

test('a ring that is not wanted any more before it began is neither carried out nor ended', async () => {
  const { rings, ends, gone, passes, done, timers } = phones();
  ends(a);
  const next = rings(b);
  ends(b);
  await next;
  gone(a);
  passes(100);
  await rings(c);
  expect([done, timers()]).toEqual([[`end ${a}`, `ring ${c}`], 0]);
});

test('a leg whose end is never told does not silence the phone for longer than a second and a half', async () => {
  const { rings, ends, done, passes } = phones();
  ends(a);
  const next = rings(b);
  passes(1_500);
  await next;
  ends(b);
  passes(1_500);
  void rings(c);
  expect(done).toEqual([`end ${a}`, `ring ${b}`, `end ${b}`, `ring ${c}`]);
});

test('what was to end when the connection broke may still ring: nobody else rings there until somebody has looked', async () => {
  const { rings, ends, isCutOff, found, passes, done } = phones();
  ends(a);
  isCutOff();
  passes(5_000);
  const next = rings(b);
  expect(done).toEqual([`end ${a}`]);
  found();
  passes(99);
  expect(done).toEqual([`end ${a}`]);
  passes(1);
  await next;
  expect(done).toEqual([`end ${a}`, `ring ${b}`]);
});

test('one that is still there when somebody has looked ends first', async () => {
  const { rings, ends, gone, isCutOff, found, passes, done } = phones();
  ends(a);
  isCutOff();
  passes(5_000);
  const next = rings(b);
  found(a);
  ends(a);
  passes(1_000);
  expect(done).toEqual([`end ${a}`, `end ${a}`]);
  gone(a);
  passes(100);
  await next;
  expect(done.at(-1)).toBe(`ring ${b}`);
});

test('a leg that a controller of before has left at the phone is waited for, before and after its end is ordered', async () => {
  const { rings, ends, gone, found, passes, done, timers } = phones();
  found(a);
  const next = rings(b);
  expect(done).toEqual([]);
  ends(a);
  gone(a);
  passes(100);
  await next;
  expect([done, timers()]).toEqual([[`end ${a}`, `ring ${b}`], 0]);
});

test('one whose phone has refused it, or that never came about, is not waited for', async () => {
  const { rings, gone, done } = phones();
  await rings(a);
  gone(a);
  await rings(b);
  expect(done).toEqual([`ring ${a}`, `ring ${b}`]);
});

test('a leg that stays and that nobody ends holds one ring up for a second and a half, and none after it', async () => {
  const { rings, gone, found, passes, done } = phones();
  found(a);
  const next = rings(b);
  passes(1_500);
  await next;
  gone(b);
  await rings(c);
  expect(done).toEqual([`ring ${b}`, `ring ${c}`]);
});

test('an order that is given once more waits anew, and rings once', async () => {
  const { rings, ends, gone, isCutOff, found, passes, done } = phones();
  ends(a);
  isCutOff();
  void rings(b);
  passes(1_400);
  found(a);
  ends(a);
  const again = rings(b);
  passes(100);
  await Promise.resolve();
  expect(done).toEqual([`end ${a}`, `end ${a}`]);
  gone(a);
  passes(100);
  await again;
  passes(1_500);
  expect(done).toEqual([`end ${a}`, `end ${a}`, `ring ${b}`]);
});

test('of two that wait for the same phone one rings, and the other when that one has gone', async () => {
  const { rings, ends, gone, passes, done } = phones();
  ends(a);
  const [second, third] = [rings(b), rings(c)];
  gone(a);
  passes(100);
  await second;
  expect(done).toEqual([`end ${a}`, `ring ${b}`]);
  ends(b);
  gone(b);
  passes(100);
  await third;
  expect(done).toEqual([`end ${a}`, `ring ${b}`, `end ${b}`, `ring ${c}`]);
});
