import { Refusal } from '../../kernel/errors.ts';
import { begin } from '../begin.ts';
import type { Call, Cause, Fact, Order, RequestBody, Step, Told, TransferKind } from '../call.ts';
import { aCaller, calls, picture, short, world } from '../../tests/given/calls.ts';
import { onFact, onRequest, targetLeg } from './table.ts';

/** Each transfer as it is lived, from the citizen's ringing to the end. */
class Life {
  call: Call;
  orders: readonly Order[] = [];
  told: Told[] = [];

  constructor({ drill = false } = {}) {
    const hotline = { ...world.hotlines['12345']!, welcome: null };
    const arrival = {
      id: 'c1',
      key: 'key-0000',
      node: '',
      hotline,
      caller: aCaller(),
      handedOver: false,
      waitedMs: 0,
      drill,
      turn: 1,
    };
    const first = begin(arrival, world);
    this.call = first.call;
  }

  /** a answers her. */
  static talking(given?: { readonly drill: boolean }): Life {
    return new Life(given).seat('a').asks('a', { type: 'answer' });
  }

  hears(fact: Fact): this {
    return this.#take(onFact(this.call, fact, world));
  }

  asks(by: string, request: RequestBody): this {
    const outcome = onRequest(this.call, { ...request, by }, world);
    if (outcome instanceof Refusal) throw outcome;
    return this.#take(outcome);
  }

  isRefused(by: string, request: RequestBody): Refusal {
    const outcome = onRequest(this.call, { ...request, by }, world);
    if (!(outcome instanceof Refusal)) throw new Error(`was allowed: ${JSON.stringify(request)}`);
    return outcome;
  }

  transfers(kind: TransferKind, target: string): this {
    return this.asks('a', { type: 'transfer', kind, target });
  }

  seat(seat: string): this {
    return this.hears({
      type: 'seatChosen',
      node: '',
      seat,
      line: 'browser',
      leg: seat.toUpperCase(),
    });
  }

  targetAnswers(): this {
    return this.hears({ type: 'legAnswered', leg: targetLeg(this.call) ?? '' });
  }

  targetFails(cause: Cause): this {
    return this.hears({ type: 'legGone', leg: targetLeg(this.call) ?? '', cause });
  }

  goes(leg: string, cause: Cause = 'goodbye'): this {
    return this.hears({ type: 'legGone', leg, cause });
  }

  get now(): string {
    return picture(this.call);
  }

  get ordered(): string[] {
    return this.orders.map(short);
  }

  #take(step: Step): this {
    [this.call, this.orders] = [step.call, step.orders];
    this.told.push(...step.told);
    return this;
  }
}

const problems = (life: Life) =>
  life.told.filter(({ kind }) => kind === 'problem').map(({ words }) => words.zh);

describe('one-key', () => {
  test('citizen and operator talk while it rings; all three talk after a beep; the operator leaves by himself', () => {
    const life = Life.talking().transfers('one-key', '119');
    expect(life.ordered[0]).toBe('ring c1.119.1 by t1');
    expect(life.ordered.join()).not.toMatch(/music|mute/);
    life.targetAnswers();
    expect(life.now).toBe('talking [a 119]');
    expect(life.ordered).toEqual(expect.arrayContaining(['chime', 'leave timer A 5']));
    life.hears({ type: 'timeUp', timer: 'leave', leg: 'A' });
    expect(life.now).toBe('talking [119]');
    expect(life.goes('c1.119.1').now).toBe('ended goodbye');
  });

  test('busy: the next route; busy again: the operator is told in words and still talks with her', () => {
    const life = Life.talking().transfers('one-key', '119').targetFails('busy');
    expect(life.now).toBe('one-key→119 r1 [a]');
    expect(life.targetFails('busy').now).toBe('talking [a]');
    expect(problems(life)).toEqual(['转接 119 未成功：对方忙']);
  });

  test('her number refused before any ring: our own once, then the next route with hers', () => {
    const life = Life.talking().transfers('one-key', '119').targetFails('number-refused');
    expect(life.now).toBe('one-key→119 r0 own [a]');
    expect(life.targetFails('number-refused').now).toBe('one-key→119 r1 [a]');
    expect(life.targetFails('number-refused').now).toBe('one-key→119 r1 own [a]');
    expect(life.targetFails('number-refused').now).toBe('talking [a]');
    // In the end it was ours that they refused.
    expect(problems(life)).toEqual(['转接 119 未成功：对方拒接']);
  });

  test('it never even rang there: no route; it rang: no answer', () => {
    const silent = () => {
      const life = Life.talking().transfers('one-key', '120');
      return [life, { type: 'timeUp', timer: 'ring', leg: targetLeg(life.call) ?? '' }] as const;
    };
    const [never, over] = silent();
    expect(problems(never.hears(over))).toEqual(['转接 120 未成功：线路不通']);
    const [rang, late] = silent();
    rang.hears({ type: 'legRinging', leg: late.leg }).hears(late);
    expect(problems(rang)).toEqual(['转接 120 未成功：无人应答']);
  });

  test('refused after it rang is no refusal of the number', () => {
    const life = Life.talking().transfers('one-key', '119');
    life.hears({ type: 'legRinging', leg: targetLeg(life.call) ?? '' });
    expect(life.targetFails('number-refused').now).toBe('one-key→119 r1 [a]');
  });

  test('a drill call reaches no real peer, but a hotline of ours', () => {
    const life = Life.talking({ drill: true });
    const to = (target: string): RequestBody => ({ type: 'transfer', kind: 'one-key', target });
    expect(life.isRefused('a', to('119'))).toMatchObject({
      code: 'drill-stays-inside',
      field: 'target',
    });
    expect(life.asks('a', to('110')).now).toContain('one-key→110');
  });

  test('a drill call that nobody can take any more ends; a real one waits on', () => {
    expect(new Life({ drill: true }).hears({ type: 'noSeat' }).now).toBe('ended no-seat');
    expect(new Life().hears({ type: 'noSeat' }).now).toBe('waiting 12345');
  });

  test('a second press is refused with a reason, before and after the answer', () => {
    const life = Life.talking().transfers('one-key', '119');
    const again: RequestBody = { type: 'transfer', kind: 'one-key', target: '119' };
    expect(life.isRefused('a', again).code).toBe('transfer-under-way');
    expect(life.targetAnswers().isRefused('a', again).code).toBe('already-in-call');
  });

  test('cancelled while it rings; an answer that crosses it changes nothing', () => {
    const life = Life.talking().transfers('one-key', '120').asks('a', { type: 'cancel' });
    expect(life.ordered).toContain('hangUp c1.120.1');
    life.hears({ type: 'legAnswered', leg: 'c1.120.1' }).goes('c1.120.1');
    expect([life.now, life.ordered]).toEqual(['talking [a]', []]);
  });

  test('the initiator’s browser dies while it rings: a release; the answer reaches her alone', () => {
    const life = Life.talking().transfers('one-key', '120').goes('A', 'lost');
    expect(life.now).toBe('one-key→120 r0 [a~]');
    expect(life.ordered).toContain('ringback C');
    life.hears({ type: 'timeUp', timer: 'back', leg: 'A' });
    expect(life.now).toBe('release→120 r0 []');
    expect(life.targetAnswers().now).toBe('talking [120]');
    expect(life.ordered).toContain('quiet C');
  });

  test('to our own hotline: a seat there misses it, the next answers; taken back', () => {
    const life = Life.talking().transfers('one-key', '110').seat('b');
    life.asks('b', { type: 'refuse' }).seat('d').asks('d', { type: 'answer' });
    expect(life.now).toBe('talking [a d]');
    life.asks('a', { type: 'takeBack' });
    expect(life.now).toBe('talking [a]');
    expect(life.ordered).toEqual(expect.arrayContaining(['part D', 'free d', 'no leave timer A']));
  });
});

describe('three-way', () => {
  const three = () => Life.talking().transfers('three-way', '119').targetAnswers();

  test('nobody leaves by himself, and more may be added', () => {
    expect(three().ordered.join()).not.toMatch(/leave timer/);
    expect(three().transfers('three-way', '120').targetAnswers().now).toBe('talking [a 119 120]');
  });

  test('any one may leave, she too, and the others go on talking', () => {
    expect(three().goes('c1.119.1').now).toBe('talking [a]');
    expect(three().asks('a', { type: 'leave' }).now).toBe('talking [119]');
    const without = three().hears({ type: 'callerGone' });
    expect([without.now, without.ordered]).toEqual(['talking [a 119] without her', []]);
    expect(without.goes('c1.119.1').now).toBe('ended all-left');
  });

  test('her leg reported gone like any other is her leaving', () => {
    expect(three().goes('C').now).toBe('talking [a 119] without her');
  });
});

describe('consult', () => {
  const consulting = () => Life.talking().transfers('consult', '119').targetAnswers();

  test('she hears music from the key on; operator and target are private', () => {
    const life = Life.talking().transfers('consult', '119');
    expect(life.ordered).toEqual(expect.arrayContaining(['mute C', 'music C', 'ringback A']));
    expect(life.targetAnswers().ordered).not.toContain('unmute C');
  });

  test.each([
    ['merge', 'talking [a 119]'],
    ['complete', 'talking [119]'],
    ['takeBack', 'talking [a]'],
  ] as const)('%s: %s, and she hears people again', (type, next) => {
    const life = consulting().asks('a', { type });
    expect(life.now).toBe(next);
    expect(life.ordered).toEqual(expect.arrayContaining(['quiet C', 'unmute C']));
  });

  test('the initiator’s browser dies: it completes', () => {
    const life = consulting().goes('A', 'lost').hears({ type: 'seatLost', seat: 'a' });
    expect(life.now).toBe('talking [119]');
  });

  test('she leaves while it rings: a browser’s lasting leg keeps no ringing in the ear', () => {
    const life = Life.talking().transfers('consult', '119').hears({ type: 'callerGone' });
    expect(life.now).toBe('ended caller-left');
    expect(life.ordered).toEqual(expect.arrayContaining(['quiet A', 'part A', 'free a']));
  });
});

describe('release', () => {
  test('the operator leaves at once; she hears the ringing; failed: the same hotline, first in line', () => {
    const life = Life.talking().transfers('release', '120');
    expect(life.ordered).toEqual(expect.arrayContaining(['part A', 'free a', 'ringback C']));
    life.targetFails('no-answer');
    expect(life.now).toBe('waiting 12345 returned');
    expect(life.orders).toContainEqual(
      expect.objectContaining({ do: 'seekSeat', hotline: '12345', why: 'returned', since: 1 }),
    );
    expect(problems(life)).toEqual(['转接 120 未成功：无人应答']);
  });
});

test('the same seat comes back to her: the old timer is gone and cannot send it away', () => {
  const life = Life.talking()
    .transfers('one-key', '119')
    .targetAnswers()
    .asks('a', { type: 'leave' });
  expect(life.ordered).toContain('no leave timer A');
});

test('who is not asked at the end: a transfer of hers has failed, or an emergency line was called in', () => {
  const { t1 } = world.trunks;
  const civil = { ...world, trunks: { ...world.trunks, t1: { ...t1!, emergency: false } } };
  const rings = (at: typeof world) => {
    const transfer = { type: 'transfer', kind: 'one-key', target: '120', by: 'a' } as const;
    return (onRequest(calls.talking('a'), transfer, at) as Step).call;
  };
  const [call, leg] = [rings(civil), targetLeg(rings(civil)) ?? ''];
  const after = (from: Call, fact: Fact) => onFact(from, fact, civil).call.spared;
  expect(call.spared).toBe(false);
  expect((onRequest(call, { type: 'cancel', by: 'a' }, civil) as Step).call.spared).toBe(false);
  expect(after(call, { type: 'legAnswered', leg })).toBe(false);
  expect(after(call, { type: 'legGone', leg, cause: 'busy' })).toBe(true);
  const asked = calls.consulting('119');
  expect(after(asked, { type: 'legGone', leg: 'X119', cause: 'lost' })).toBe(true);
  expect(after(asked, { type: 'legGone', leg: 'X119', cause: 'goodbye' })).toBe(false);
  expect(rings(world).spared).toBe(true);
});
