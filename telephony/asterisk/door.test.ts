import fc from 'fast-check';
import {
  beat,
  newDoor,
  offered,
  OFFER_MS,
  OPEN,
  taken,
  type Door,
  type Horizons,
  type Limits,
  type Offer,
  type Pressure,
} from './door.ts';

/** Callers who behave as the dialplan does: offered on arrival, then again each second once their turn has come. */

const calm: Pressure = { loopDelayMs: 0, requestsInFlight: 0, inSetUp: 0, waiting: 0 };
const limits: Limits = { perSecond: 10, mostWaiting: 20 };
const START = 1_000_000;

class Crowd {
  door: Door;
  now = START;
  pressure = calm;
  readonly claimed: Offer[] = [];
  readonly sentOn: Offer[] = [];
  waiting: Offer[] = [];
  private tickets = 0;
  private readonly limits: Limits;

  constructor(given: Limits = { ...limits, mostWaiting: 1_000 }) {
    this.limits = given;
    this.door = newDoor(START, given);
  }

  rings(emergency = false, count = 1): void {
    for (let i = 0; i < count; i++) {
      const ticket = ++this.tickets;
      this.offers({ leg: `1763.${ticket}`, ticket, emergency });
    }
  }

  hangsUp(nth: number): void {
    this.waiting.splice(nth % Math.max(1, this.waiting.length), 1);
  }

  /** A second later: the beat, and what the dialplan makes of it. */
  passes(ms = 1_000): Horizons {
    this.now += ms;
    const { door, horizons, open } = beat(this.door, this.pressure, this.limits, this.now);
    this.door = open.reduce(taken, door);
    const { others, emergency, full } = horizons;
    const before = this.waiting.filter(({ leg }) => !open.includes(leg));
    this.claimed.push(...this.waiting.filter(({ leg }) => open.includes(leg)));
    this.waiting = [];
    for (const one of before) {
      if (!one.emergency && one.ticket >= full) this.sentOn.push(one);
      else if (one.ticket <= (one.emergency ? emergency : others)) this.offers(one);
      else this.waiting.push(one);
    }
    return horizons;
  }

  private offers(offer: Offer): void {
    const { door, claim } = offered(this.door, offer, this.pressure, this.limits, this.now);
    this.door = door;
    (claim ? this.claimed : this.waiting).push(offer);
  }
}

const ticketsOf = (offers: readonly Offer[]) => offers.map(({ ticket }) => ticket);

test('in quiet everybody is claimed at once', () => {
  const crowd = new Crowd();
  crowd.rings(false, 8);
  crowd.rings(true, 2);
  expect(crowd.claimed).toHaveLength(10);
  expect(crowd.passes()).toEqual({ others: OPEN, emergency: OPEN, full: OPEN });
});

test('more than the rate wait in the dialplan and are called in their order, so many a second', () => {
  const crowd = new Crowd();
  crowd.rings(false, 30);
  expect(ticketsOf(crowd.claimed)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(crowd.passes().others).toBe(16);
  expect(ticketsOf(crowd.claimed)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
  crowd.passes();
  crowd.passes();
  expect(crowd.waiting).toEqual([]);
  expect(crowd.door.counts).toEqual({ offered: 30, claimed: 30, kept: 22, sentOn: 0 });
});

test('an emergency comes before all who are kept, out of what is kept for her', () => {
  const crowd = new Crowd();
  crowd.rings(false, 30);
  crowd.rings(true, 1);
  expect(crowd.claimed.at(-1)).toMatchObject({ emergency: true });
});

test('who comes later does not overtake those who are kept, though there is room again', () => {
  const crowd = new Crowd();
  crowd.rings(false, 9);
  crowd.now += 500;
  crowd.rings();
  expect(ticketsOf(crowd.waiting)).toEqual([9, 10]);
});

test.each([
  ['the switch does not keep up with requests', { requestsInFlight: 201 }],
  ['too many are in set-up', { inSetUp: 101 }],
])('%s: emergencies only, at a part of the rate', (_what, pressure) => {
  const crowd = new Crowd();
  crowd.pressure = { ...calm, ...pressure };
  crowd.rings(false, 3);
  crowd.rings(true, 5);
  expect(crowd.claimed.map(({ emergency }) => emergency)).toEqual([true, true]);
  crowd.passes();
  expect(crowd.claimed).toHaveLength(4);
  crowd.pressure = calm;
  crowd.passes();
  expect(crowd.waiting).toEqual([]);
});

test('who was kept for a moment is claimed while her offer stands; after that she is called', () => {
  const crowd = new Crowd();
  crowd.pressure = { ...calm, requestsInFlight: 201 };
  crowd.rings(false, 2);
  crowd.pressure = calm;
  crowd.rings();
  expect(crowd.claimed).toEqual([]);
  const beats = (ms: number) => beat(crowd.door, calm, limits, START + ms);
  expect(beats(OFFER_MS - 1)).toMatchObject({
    open: ['1763.1', '1763.2', '1763.3'],
    horizons: { others: OPEN },
  });
  expect(beats(OFFER_MS)).toMatchObject({ open: [], horizons: { others: OPEN } });
  crowd.passes(100);
  expect(ticketsOf(crowd.claimed)).toEqual([1, 2, 3]);
  expect(crowd.door.counts).toEqual({ offered: 3, claimed: 3, kept: 3, sentOn: 0 });
});

test.each([
  ['twice as late as it may be: half of them', 200, 4],
  ['late by seconds: one a second', 5_000, 1],
])('the event loop is %s, in their order; emergencies as ever', (_what, loopDelayMs, aSecond) => {
  const crowd = new Crowd();
  crowd.pressure = { ...calm, loopDelayMs };
  crowd.rings(false, 10);
  crowd.rings(true, 2);
  expect(crowd.claimed.filter(({ emergency }) => emergency)).toHaveLength(2);
  for (const seconds of [1, 2]) {
    const others = ticketsOf(crowd.claimed.filter(({ emergency }) => !emergency));
    expect(others).toEqual(Array.from({ length: seconds * aSecond }, (_, i) => i + 1));
    crowd.passes();
  }
});

test('beyond the number waiting the newest go on to the survival site; emergencies never', () => {
  const crowd = new Crowd(limits);
  crowd.pressure = { ...calm, waiting: 18 };
  crowd.rings(false, 8);
  crowd.pressure = { ...calm, waiting: 20 };
  crowd.rings(false, 5);
  crowd.rings(true, 4);
  const { full } = crowd.passes();
  expect(full).toBe(9);
  expect(ticketsOf(crowd.sentOn)).toEqual([9, 10, 11, 12, 13]);
  expect(crowd.door.counts.sentOn).toBe(5);
  // Those who come while it stays full go on, too; then it is open again.
  crowd.rings(false, 1);
  expect(crowd.passes().full).toBe(9);
  expect(crowd.door.counts.sentOn).toBe(6);
  crowd.pressure = calm;
  expect(crowd.passes().full).toBe(OPEN);
});

test('who was called and has hung up does not keep the others waiting', () => {
  const crowd = new Crowd();
  crowd.rings(false, 16);
  crowd.waiting.splice(0);
  crowd.passes();
  crowd.rings(false, 8);
  crowd.passes();
  crowd.passes();
  expect(crowd.waiting).toEqual([]);
  for (let i = 0; i < 12; i++) crowd.passes();
  expect(crowd.door.called.size).toBe(0);
});

test('a caller of an earlier controller is taken in her turn: her ticket counts, not when she is heard of', () => {
  let door = newDoor(START, limits);
  const offers = (ticket: number) => {
    const offer = { leg: `1763.${ticket}`, ticket, emergency: false };
    const answer = offered(door, offer, calm, limits, START);
    door = answer.door;
    return answer.claim;
  };
  for (let ticket = 101; ticket <= 108; ticket++) expect(offers(ticket)).toBe(true);
  expect(offers(110)).toBe(false);
  expect(offers(50)).toBe(false);
  expect(beat(door, calm, limits, START + 200).horizons.others).toBe(109);
});

type Act =
  | { rings: number; emergency: boolean }
  | { hangsUp: number }
  | { passes: Partial<Pressure>; ms: number };
const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    fc.record({ rings: fc.integer({ min: 1, max: 40 }), emergency: fc.boolean() }),
    fc.record({ hangsUp: fc.nat() }),
    fc.record({
      passes: fc.record(
        {
          loopDelayMs: fc.constantFrom(0, 500),
          waiting: fc.integer({ min: 0, max: 40 }),
          requestsInFlight: fc.constantFrom(0, 1_000),
        },
        { requiredKeys: [] },
      ),
      ms: fc.constantFrom(100, 1_000),
    }),
  ),
  { maxLength: 40 },
);

test('whatever happens: nobody is lost, each kind in its order, never faster than the rate, and at last all are served', () => {
  fc.assert(
    fc.property(acts, (all) => {
      const crowd = new Crowd(limits);
      let [rang, left, claimedBefore] = [0, 0, 0];
      for (const act of all) {
        if ('rings' in act) {
          crowd.rings(act.emergency, act.rings);
          rang += act.rings;
        } else if ('hangsUp' in act) {
          left += Math.min(1, crowd.waiting.length);
          crowd.hangsUp(act.hangsUp);
        } else {
          expect(crowd.claimed.length - claimedBefore).toBeLessThanOrEqual(2 * limits.perSecond);
          claimedBefore = crowd.claimed.length;
          crowd.pressure = { ...calm, ...act.passes };
          crowd.passes(act.ms);
        }
      }
      crowd.pressure = calm;
      for (let i = 0; crowd.waiting.length > 0 && i < 500; i++) crowd.passes();
      expect(crowd.waiting).toEqual([]);
      expect(crowd.claimed.length + crowd.sentOn.length).toBe(rang - left);
      expect(crowd.sentOn.some(({ emergency }) => emergency)).toBe(false);
      for (const kind of [true, false]) {
        const tickets = ticketsOf(crowd.claimed.filter(({ emergency }) => emergency === kind));
        expect(tickets).toEqual([...tickets].sort((a, b) => a - b));
      }
      expect(crowd.door.counts.offered).toBe(rang);
    }),
    { numRuns: 500 },
  );
});
