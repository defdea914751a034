import { until, type Mood } from '../../tests/given/exchange.ts';
import { aPair, upTo, type Pair } from '../../tests/given/exchange-pair.ts';
import { Refusal } from '../../kernel/errors.ts';

let pair: Pair;

afterEach(() => pair.ends());

const allSent = () => until(async () => (await pair.out.backlog('b')).messages === 0);
const tickets = ['t1', 't2', 't3', 't4', 't5'];

describe('two deployments over HTTP', () => {
  test.each<[string, (n: number) => Mood]>([
    ['well', () => 'well'],
    ['where every request comes twice', () => 'twice'],
    ['where every other answer gets lost', (n) => (n % 2 ? 'answer lost' : 'well')],
    ['that is down for a while', (n) => (n < 6 ? 'down' : 'well')],
    ['that is too slow at first', (n) => (n < 3 ? 'slow' : 'well')],
    ['of which the other side is busy', (n) => (n < 4 ? 'busy' : 'well')],
    [
      'that changes its mood',
      (n) => (['slow', 'twice', 'down', 'answer lost', 'well', 'busy'] as const)[n % 6] ?? 'well',
    ],
  ])('a network %s: all of it once and in order', async (_what, mood) => {
    pair = await aPair();
    pair.toB.mood = mood;
    pair.say(tickets, 7);
    pair.say(['t1'], 30, 8);
    await allSent();
    for (const ticket of tickets) {
      expect(pair.effects.get(ticket)).toEqual(upTo(ticket === 't1' ? 37 : 7));
    }
  });

  test('requests that overtake one another, and arrive long after', async () => {
    pair = await aPair();
    pair.toB.mood = () => 'held';
    pair.say(tickets, 3);
    await until(() => pair.toB.requests >= 4);
    pair.say(tickets, 3, 4);
    await until(() => pair.toB.requests >= 9);
    await pair.toB.letGo();
    pair.toB.mood = () => 'well';
    pair.say(tickets, 1, 7);
    await allSent();
    await pair.toB.letGo();
    for (const ticket of tickets) expect(pair.effects.get(ticket)).toEqual(upTo(7));
  });

  test('the other side is down: it is queued and told, and delivered when it is back', async () => {
    pair = await aPair();
    await pair.b.ends();
    pair.say(tickets, 2);
    await until(() => pair.a.reach.length > 0);
    await until(() => (pair.a.exchange.reach('b')?.failures ?? 0) > 5);
    pair.say(tickets, 1, 3);
    expect(await pair.out.backlog('b')).toMatchObject({ messages: 15, tickets: 5, dead: 0 });
    await pair.b.restarts();
    await allSent();
    for (const ticket of tickets) expect(pair.effects.get(ticket)).toEqual(upTo(3));
    expect(pair.a.reach).toEqual([expect.any(Number), null]);
  });

  test('either side restarted at every step', async () => {
    pair = await aPair();
    pair.toB.mood = (n) => (n % 3 === 0 ? 'answer lost' : 'well');
    for (let i = 0; i < 10; i += 1) {
      pair.say(tickets, 2, 2 * i + 1);
      await until(() => pair.toB.requests > i);
      await (i % 2 ? pair.a : pair.b).restarts();
    }
    await allSent();
    for (const ticket of tickets) expect(pair.effects.get(ticket)).toEqual(upTo(20));
  });

  test('what b cannot deal with holds up its own ticket alone; it dies, is seen, and goes on by hand', async () => {
    pair = await aPair();
    const apply = pair.apply;
    let mended = false;
    pair.apply = (one, tx) => {
      if (mended || one.body.n !== 2) return apply(one, tx);
      if (one.ticket === 't1') throw new Refusal('no-such-thing', { zh: '没有', en: 'none' }, 'n');
      return one.ticket === 't2' ? Promise.reject(new Error('not now')) : apply(one, tx);
    };
    pair.say(tickets, 3);
    await until(async () => (await pair.out.dead('b', 10)).length === 2);
    await until(() => pair.effects.get('t5')?.length === 3);
    expect([pair.effects.get('t1'), pair.effects.get('t2')]).toEqual([[1], [1]]);
    const letters = await pair.out.dead('b', 10);
    expect(letters.map(({ why: { code }, behind }) => [code, behind])).toEqual([
      ['no-such-thing', 1],
      ['too-many-tries', 1],
    ]);
    expect(letters[0]?.why.words).toEqual({ zh: '没有', en: 'none' });
    expect(pair.a.troubles.map(({ words }) => words)).toContain('a message is given up');
    mended = true;
    expect(await pair.out.replay('b', 't2')).toBe(true);
    expect(await pair.out.letGo('b', 't1', { by: '班长', why: '重复', at: 1 })).toBe(true);
    pair.a.exchange.wake('b');
    await allSent();
    expect([pair.effects.get('t1'), pair.effects.get('t2')]).toEqual([[1, 3], upTo(3)]);
  });

  test('a ticket on which the other side falls down again and again: the others go on, and it is never given up', async () => {
    pair = await aPair();
    pair.toB.mood = (_n, messages) =>
      messages.some(({ ticket }) => ticket === 't3') ? 'down' : 'well';
    pair.say(tickets, 3);
    await until(async () => (await pair.out.backlog('b')).messages === 3);
    pair.say(['t1', 't2'], 3, 4);
    await until(async () => (await pair.out.backlog('b')).messages === 3);
    expect(pair.effects.get('t2')).toEqual(upTo(6));
    expect(await pair.out.backlog('b')).toMatchObject({ tickets: 1, dead: 0 });
    pair.toB.mood = () => 'well';
    await allSent();
    expect(pair.effects.get('t3')).toEqual(upTo(3));
  });

  test('b has lost what it had (a backup was put back): it asks, and gets it again', async () => {
    pair = await aPair();
    pair.say(['t1'], 5);
    await allSent();
    await pair.forgets();
    pair.say(['t1'], 1, 6);
    await until(() => pair.effects.get('t1')?.length === 6);
    expect(pair.effects.get('t1')).toEqual(upTo(6));
  });
});
