import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  after,
  answered,
  backOff,
  isDue,
  MOST_TRIES,
  mute,
  parted,
  reachable,
  reached,
  replayed,
  said,
  unanswered,
  verdictOn,
  type Incoming,
  type Outcome,
  type Outgoing,
} from './order.ts';

const words = { zh: '忙', en: 'busy' };
const later: Outcome = { outcome: 'later', words };
const refusal: Outcome = { outcome: 'refused', code: 'bad-message', words };
const saying = (n: number): Outgoing => Array.from({ length: n }).reduce(said, mute) as Outgoing;

describe('what we say about one ticket', () => {
  test('is numbered, due until it is taken, and taken for good', () => {
    const two = saying(2);
    expect(two).toMatchObject({ next: 1, last: 2 });
    expect(isDue(two, 0)).toBe(true);
    const one = answered(two, 1, { outcome: 'taken' }, 0, 0);
    const all = answered(one, 2, { outcome: 'taken' }, 0, 0);
    expect([one.next, all.next, isDue(all, 0)]).toEqual([2, 3, false]);
    expect(answered(all, 1, refusal, 0, 0)).toBe(all);
    expect(answered(all, 2, later, 0, 0)).toBe(all);
  });

  test('is given up after many tries, or at once when it is refused, and sent again by hand', () => {
    let standing = saying(2);
    for (let i = 1; i < MOST_TRIES; i += 1) {
      standing = answered(standing, 1, later, 1000, 0);
      expect([standing.dead, isDue(standing, 1000)]).toEqual([null, false]);
      expect(isDue(standing, 1000 + 60_000)).toBe(true);
    }
    standing = answered(standing, 1, later, 2000, 0);
    expect(standing.dead).toMatchObject({ code: 'too-many-tries', at: 2000 });
    expect(standing.dead?.words.zh).toContain('忙');
    expect(isDue(standing, 1e12)).toBe(false);
    expect(isDue(replayed(standing), 2000)).toBe(true);
    const dead = answered(saying(2), 1, refusal, 5, 0);
    expect(dead).toMatchObject({ next: 1, dead: { code: 'bad-message', words, at: 5 } });
    // The one behind it is told to wait: that does not bring it back to life.
    expect(answered(dead, 2, { outcome: 'ahead', expected: 1 }, 6, 0).dead).toEqual(dead.dead);
  });

  test('is sent from where the peer asks for; more than we have said is our loss', () => {
    const late = { ...saying(5), next: 5 };
    expect(answered(late, 5, { outcome: 'ahead', expected: 2 }, 0, 0)).toMatchObject({ next: 2 });
    expect(answered(late, 5, { outcome: 'ahead', expected: 6 }, 0, 0)).toMatchObject({ next: 6 });
    expect(answered(late, 5, { outcome: 'ahead', expected: 7 }, 0, 0).dead?.code).toBe(
      'sequence-lost',
    );
  });

  test('lets others go first when nobody answers, and is never given up for that', () => {
    let standing = saying(1);
    for (let i = 0; i < 100; i += 1) standing = unanswered(standing, 0);
    expect([standing.dead, isDue(standing, 0), isDue(standing, 10_000)]).toEqual([
      null,
      false,
      true,
    ]);
  });
});

test('back-off doubles to its limit, and chance takes up to a half', () => {
  const all = [1, 2, 3, 4, 20].map((tries) => backOff(tries, 0));
  expect(all).toEqual([500, 1000, 2000, 4000, 60_000]);
  expect([backOff(3, 1), backOff(1e9, 0.5)]).toEqual([1000, 45_000]);
});

test('a peer that is down is asked at least every 15 s; one bad ticket is found by smaller requests', () => {
  let peer = reachable;
  for (let i = 1; i <= 40; i += 1) peer = reached(peer, 'unreachable', i, 0);
  expect(peer).toMatchObject({ failures: 40, downSince: 1, againAt: 40 + 15_000 });
  const widths = [1, 2, 3, 4].map(() => (peer = reached(peer, 'silent', 50, 0)).width);
  expect(widths).toEqual([50, 12, 3, 1]);
  expect(reached(peer, 'answered', 60, 0)).toEqual({ ...reachable, width: 2 });
  expect(reached(reachable, 'refused', 0, 0)).toEqual({ ...reachable, width: 50 });
});

test('requests are filled by number and weight, in order', () => {
  const weigh = (bytes: number) => ({ messages: 1, bytes });
  const parts = parted([3, 3, 9, 1, 1, 1, 1], { messages: 3, bytes: 6 }, weigh);
  expect(parts).toEqual([[3, 3], [9], [1, 1, 1], [1]]);
});

/**
 * Two sides over a network that loses, repeats, delays and reorders, with crashes of the receiver between "applied" and
 * "acknowledged" and of the sender before it has noted an answer: each message takes effect once, in order.
 */
test('whatever the network does, each ticket’s messages take effect once and in order', () => {
  const tickets = ['a', 'b', 'c'] as const;
  const act = fc.oneof(
    fc.record({ act: fc.constant('say' as const), ticket: fc.constantFrom(...tickets) }),
    fc.record({
      act: fc.constant('send' as const),
      ticket: fc.constantFrom(...tickets),
      deep: fc.integer({ min: 1, max: 4 }),
    }),
    fc.record({
      act: fc.constantFrom('arrive' as const, 'arrive twice' as const, 'lost' as const),
      which: fc.nat(),
      then: fc.constantFrom('answer', 'answer', 'answer lost', 'fails', 'refuses'),
    }),
    fc.record({
      act: fc.constantFrom('heard' as const, 'answer again' as const, 'person' as const),
      which: fc.nat(),
    }),
  );
  const play = (acts: readonly Play[], chance: number) => {
    let now = 0;
    const out = new Map<string, Outgoing>(tickets.map((ticket) => [ticket, mute]));
    const inn = new Map<string, Incoming>();
    const effects = new Map<string, number[]>(tickets.map((ticket) => [ticket, []]));
    const wire: { ticket: string; sequence: number }[] = [];
    const answers: { ticket: string; sequence: number; answer: Outcome }[] = [];
    const of = (ticket: string) => out.get(ticket) as Outgoing;
    const arrives = (ticket: string, sequence: number, then: string): Outcome => {
      let standing = inn.get(ticket) ?? { expected: 1, kept: new Map() };
      const message = { id: `${ticket}-${sequence}`, sequence };
      const ahead: Outcome = { outcome: 'ahead', expected: standing.expected };
      const verdict = verdictOn(standing, message);
      if (verdict === 'again') return { outcome: 'taken' };
      if (verdict === 'conflict') throw new Error('two messages with one number');
      if (verdict === 'too-far') return ahead;
      if (verdict === 'take' && then === 'fails') return later;
      if (verdict === 'take' && then === 'refuses') return refusal;
      if (verdict === 'take') {
        const drained = [message];
        for (let n = sequence + 1; standing.kept.has(n); n += 1) {
          drained.push({ id: `${ticket}-${n}`, sequence: n });
        }
        for (const one of drained) {
          standing = after(standing, one);
          effects.get(ticket)?.push(one.sequence);
        }
      } else standing = after(standing, message);
      inn.set(ticket, standing);
      return verdict === 'park' ? ahead : { outcome: 'taken' };
    };
    const send = (ticket: string, deep: number) => {
      const { next, last } = of(ticket);
      if (!isDue(of(ticket), now)) return;
      for (let n = next; n <= Math.min(last, next + deep - 1); n += 1)
        wire.push({ ticket, sequence: n });
    };
    const pick = <T>(list: T[], which: number) => list[which % list.length];
    const hears = ({ ticket, sequence, answer }: (typeof answers)[number]) =>
      void out.set(ticket, answered(of(ticket), sequence, answer, now, chance));
    const step = (one: Play) => {
      now += 200;
      if (one.act === 'say') out.set(one.ticket, said(of(one.ticket)));
      else if (one.act === 'send') send(one.ticket, one.deep);
      else if (one.act === 'person') {
        for (const ticket of tickets) if (of(ticket).dead) out.set(ticket, replayed(of(ticket)));
      } else if (one.act === 'heard' || one.act === 'answer again') {
        const answer = pick(answers, one.which);
        if (!answer) return;
        if (one.act === 'heard') answers.splice(answers.indexOf(answer), 1);
        hears(answer);
      } else if ('then' in one) {
        const message = pick(wire, one.which);
        if (!message) return;
        if (one.act !== 'arrive twice') wire.splice(wire.indexOf(message), 1);
        if (one.act === 'lost') return;
        const answer = arrives(message.ticket, message.sequence, one.then);
        if (one.then !== 'answer lost') answers.push({ ...message, answer });
      }
      for (const ticket of tickets) {
        const taken = effects.get(ticket) ?? [];
        taken.forEach((sequence, i) => assert.equal(sequence, i + 1, `${ticket} out of order`));
        assert.ok(taken.length <= of(ticket).last, 'more taken than said');
      }
    };
    for (const one of acts) step(one);
    // In the end the network is well and people have looked at the dead letters: nothing is left.
    for (let round = 0; round < 400 && tickets.some((t) => of(t).next <= of(t).last); round += 1) {
      now += 60_000;
      step({ act: 'person', which: 0 });
      wire.length = 0;
      for (const ticket of tickets) send(ticket, 3);
      for (const { ticket, sequence } of wire) {
        hears({ ticket, sequence, answer: arrives(ticket, sequence, 'answer') });
      }
    }
    for (const ticket of tickets) {
      const { last } = of(ticket);
      const all = Array.from({ length: last }, (_, i) => i + 1);
      assert.deepEqual(effects.get(ticket), all, `${ticket}: all of it, in order, once`);
    }
  };
  type Play = typeof act extends fc.Arbitrary<infer One> ? One : never;
  fc.assert(
    fc.property(
      fc.array(act, { minLength: 20, maxLength: 200 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      play,
    ),
    { numRuns: 400 },
  );
});
