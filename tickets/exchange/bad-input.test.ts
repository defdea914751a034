import { aKey } from '../../tests/given/exchange.ts';
import { aPair, note, peerAt, type Pair } from '../../tests/given/exchange-pair.ts';
import { limits, type Message } from './envelope.ts';
import { Signer } from './seal.ts';
import type { Answers, Failure } from './views.ts';

let pair: Pair;

afterEach(() => pair.ends());

describe('what is not as it should be', () => {
  const post = async (
    path: string,
    body: string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; given: Answers & Failure }> => {
    const response = await fetch(`http://127.0.0.1:${pair.b.port}/exchange/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    const text = await response.text();
    const given = (text === '' ? {} : JSON.parse(text)) as Answers & Failure;
    return { status: response.status, given };
  };
  const signer = (keys = pair.keys, by = 'a') => new Signer(by, keys.own);
  const sealed = (one: object, by = signer(), at = pair.b.needs.clock.now()) =>
    by.sign('liandong-message', one, at);
  const send = async (...messages: string[]) => post('/messages', JSON.stringify({ messages }));
  const next = (more: object = {}) => ({ ...note('t1', 1), sequence: 1, ...more });
  const troubles = () => pair.b.troubles.map(({ words }) => words);
  const untouched = () => expect(pair.effects.size).toBe(0);

  beforeEach(async () => {
    pair = await aPair();
  });

  test('forged: by an unknown key, altered, of another kind, in another’s name, unsigned', async () => {
    const good = await sealed(next());
    const [head, , end] = good.split('.');
    const other = Buffer.from(JSON.stringify(next({ term: 9 }))).toString('base64url');
    const none = Buffer.from('{"alg":"none","kid":"a/k1","typ":"liandong-message","iat":1}');
    for (const forged of [
      await sealed(next(), signer(aKey())),
      await sealed(next(), signer(pair.keys, 'c')),
      `${head}.${other}.${end}`,
      `${none.toString('base64url')}.${good.split('.')[1]}.AAAA`,
      await signer().sign('liandong-request', next(), Date.now()),
      await sealed(next({ from: 'c' })),
    ]) {
      const { status, given } = await send(forged);
      expect([status, given.code, given.words.zh]).toEqual([401, 'forged', expect.any(String)]);
    }
    // Among good ones it spoils the whole request: nothing of it is taken.
    expect((await send(good, await sealed(next(), signer(aKey())))).status).toBe(401);
    untouched();
    expect(troubles().filter((one) => one.startsWith('somebody speaks for a peer'))).toHaveLength(
      6,
    );
  });

  test('replayed: the same answer, no second effect, also after a restart', async () => {
    const good = await sealed(next());
    const first = await send(good);
    expect(first.given.answers).toEqual([
      expect.objectContaining({ outcome: 'taken', sequence: 1 }),
    ]);
    await pair.b.restarts();
    expect((await send(good, good)).given.answers).toEqual([
      first.given.answers[0],
      first.given.answers[0],
    ]);
    expect(pair.effects.get('t1')).toEqual([1]);
  });

  test('another message with a number that was used is refused and told', async () => {
    await send(await sealed(next()));
    const { given } = await send(await sealed(next({ body: { n: 66 } })));
    expect(given.answers[0]).toMatchObject({ outcome: 'refused', code: 'sequence-reused' });
    expect(troubles()).toContain('a peer has used a number twice');
    expect(pair.effects.get('t1')).toEqual([1]);
  });

  test('5 MB', async () => {
    const big = await sealed(next({ body: { n: 1, text: 'x'.repeat(5e6) } }));
    const { status, given } = await send(big);
    expect([status, given.code]).toEqual([413, 'too-large']);
    expect(given.words.en).toContain(`> ${limits.requestBytes} bytes`);
    untouched();
  });

  test.each<[string, object, string, string | undefined]>([
    [
      'control characters',
      { body: { n: 1, text: '火\u0007警' } },
      'control-characters',
      'body.text',
    ],
    [
      'U+0000',
      { body: { n: 1, more: [{ deep: 'a\u0000' }] } },
      'control-characters',
      'body.more.0.deep',
    ],
    ['half a character', { body: { n: 1, text: '\ud800' } }, 'control-characters', 'body.text'],
    ['a body that is not so', { body: { n: 'one' } }, 'bad-message', 'body.n'],
    ['a number that is none', { sequence: 0 }, 'bad-message', 'sequence'],
    ['a type that nobody knows', { type: 'dance' }, 'unknown-type', 'type'],
    ['a type named after what every object has', { type: 'constructor' }, 'unknown-type', 'type'],
    ['what is for somebody else', { to: 'c' }, 'not-for-us', 'to'],
    ['a newer major version', { version: '2.0', to: 7 }, 'newer-version', 'version'],
  ])('%s is refused with words, the rest is taken', async (_what, more, code, field) => {
    const good = { ...note('t2', 1), sequence: 1 };
    const { given } = await send(await sealed(next(more)), await sealed(good));
    expect(given.answers).toEqual([
      expect.objectContaining({
        outcome: 'refused',
        code,
        field,
        words: { zh: expect.any(String), en: expect.any(String) },
      }),
      expect.objectContaining({ outcome: 'taken', ticket: 't2' }),
    ]);
    expect(pair.effects.get('t1')).toBeUndefined();
  });

  test('a newer minor version is read, and what we do not know of it is kept', async () => {
    let got: Message | undefined;
    pair.apply = (one) => Promise.resolve(void (got = one));
    const newer = next({ version: '1.7', mood: 'good', body: { n: 1, extra: { deep: [1] } } });
    expect((await send(await sealed(newer))).given.answers[0]?.outcome).toBe('taken');
    expect(got).toEqual(newer);
  });

  test('a clock an hour off is no hindrance, and told on both sides', async () => {
    const good = await sealed(next(), signer(), pair.b.needs.clock.now() - 3_600_000);
    const { given } = await send(good);
    expect(given.answers[0]?.outcome).toBe('taken');
    expect(Math.round(given.clock.offMs / 60_000)).toBe(-60);
    expect(troubles()).toEqual(['the clock of a peer is far from ours']);
  });

  test('far ahead of what is expected: asked for, kept up to a limit, and taken when the gap is filled', async () => {
    const at = (sequence: number) => sealed({ ...note('t1', sequence), sequence });
    const far = limits.ahead + 2;
    const { given } = await send(await at(far), await at(3), await at(2));
    expect(given.answers.map((one) => ('expected' in one ? one.expected : 0))).toEqual([1, 1, 1]);
    expect((await send(await at(1))).given.answers[0]?.outcome).toBe('taken');
    expect(pair.effects.get('t1')).toEqual([1, 2, 3]);
    expect((await send(await at(5))).given.answers[0]).toMatchObject({ expected: 4 });
  });

  test('while keys are changed both are good; a key taken away is not', async () => {
    const newKey = aKey('k2');
    await pair.b.ends();
    await pair.b.begins([peerAt('a', null, pair.keys, newKey)]);
    await send(await sealed(next()));
    const second = { ...note('t1', 2), sequence: 2 };
    expect((await send(await sealed(second, signer(newKey)))).given.answers[0]?.outcome).toBe(
      'taken',
    );
    await pair.b.ends();
    await pair.b.begins([peerAt('a', null, newKey)]);
    expect((await send(await sealed({ ...second, sequence: 3 }))).status).toBe(401);
    expect(pair.effects.get('t1')).toEqual([1, 2]);
  });

  test('what we say ourselves is looked at before it is said', () => {
    const exchange = pair.a.exchange;
    const { version: _version, from: _from, ...said } = note('t1', 1);
    expect(exchange.message(said)).toMatchObject({ ...said, version: '1.0', from: 'a' });
    const big = { n: 1, text: '水'.repeat(limits.messageBytes / 3) };
    expect(() => exchange.message({ ...said, body: big })).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    );
    const odd = { n: 1, text: '\u001b[2J' };
    expect(() => exchange.message({ ...said, body: odd })).toThrow(
      expect.objectContaining({ code: 'control-characters', field: 'body.text' }),
    );
    expect([exchange.peerOf('110')?.id, exchange.peerOf('119')]).toEqual(['b', null]);
  });
});
