import { aKey } from '../../tests/given/exchange.ts';
import { aPair, note, upTo, type Pair } from '../../tests/given/exchange-pair.ts';
import { createHash } from 'node:crypto';
import type { Message } from './envelope.ts';
import { authorization } from './request.ts';
import { payloadOf, Signer } from './seal.ts';
import type { Answers, Failure, Feed } from './views.ts';

let pair: Pair;

afterEach(() => pair.ends());

describe('a file', () => {
  beforeEach(async () => {
    pair = await aPair();
  });

  const jsonl = 'application/x-ndjson';
  const signer = (keys = pair.keys) => new Signer('a', keys.own);
  const sealed = (n: number) =>
    signer().sign('liandong-message', { ...note('t1', n), sequence: n }, pair.b.needs.clock.now());
  const post = async (body: string, headers: Record<string, string>) => {
    const url = `http://127.0.0.1:${pair.b.port}/exchange/v1/bulk`;
    const response = await fetch(url, { method: 'POST', headers, body });
    return { status: response.status, given: (await response.json()) as Answers & Failure };
  };
  test('of JSON lines signed or under a signed request, CSV with quotes; nobody else’s, not twice', async () => {
    const lines = [1, 2].map((n) => ({ ...note('t1', n), sequence: n }));
    const signedLine = await sealed(3);
    const text = `${lines.map((one) => JSON.stringify(one)).join('\r\n')}\n${signedLine}\n`;
    const bulk = async (body: string, type: string, nonce: string, by = signer()) =>
      post(body, {
        'content-type': type,
        authorization: await authorization(
          by,
          'a',
          { to: 'b', method: 'POST', path: '/exchange/v1/bulk', body },
          nonce.padEnd(16, '.'),
          pair.b.needs.clock.now(),
        ),
      });
    expect((await post(text, { 'content-type': jsonl })).given.code).toBe('forged');
    expect((await bulk(text, jsonl, 'one', signer(aKey()))).given.code).toBe('forged');
    expect((await bulk(text, jsonl, 'two')).given.answers).toHaveLength(3);
    expect((await bulk(text, jsonl, 'two')).given.code).toBe('used-before');
    await pair.b.restarts();
    expect((await bulk(text, jsonl, 'two')).given.code).toBe('used-before');
    const signedAlone = await sealed(4);
    expect((await post(signedAlone, { 'content-type': jsonl })).status).toBe(200);
    const cell = JSON.stringify({ n: 5, text: '逗号,引号"与\n换行' }).replaceAll('"', '""');
    const csv = `\ufeffversion,id,from,to,ticket,sequence,type,term,sentAt,body\r\n1.0,csv-message-1,a,b,t1,5,note,1,1700000000000,"${cell}"\r\n`;
    expect((await bulk(csv, 'text/csv', 'three')).given.answers[0]?.outcome).toBe('taken');
    expect(pair.effects.get('t1')).toEqual(upTo(5));
    for (const [bad, type] of [
      ['{"id":', jsonl],
      ['', jsonl],
      ['version,id\n1.0', 'text/csv'],
      ['version\n"1.0', 'text/csv'],
      [Buffer.from([0x22, 0xff]).toString('latin1'), 'text/csv'],
    ] as const) {
      const { status, given } = await bulk(
        bad,
        type,
        createHash('md5')
          .update(bad + type)
          .digest('hex'),
      );
      expect([status, given.code]).toEqual([400, 'bad-request']);
    }
  });
});

describe('a peer that cannot be called', () => {
  let nonce = 0;
  /** b asks a. */
  const ask = async (method: string, path: string, body = '', at = pair.a.needs.clock.now()) => {
    const whole = `/exchange/v1${path}`;
    const signer = new Signer('b', pair.b.needs.keys.own);
    const request = { to: 'a', method, path: whole, body };
    const response = await fetch(`http://127.0.0.1:${pair.a.port}${whole}`, {
      method,
      headers: {
        authorization: await authorization(
          signer,
          'b',
          request,
          `nonce-${(nonce += 1)}`.padEnd(20, '.'),
          at,
        ),
      },
      ...(method === 'GET' ? {} : { body }),
    });
    return {
      status: response.status,
      given: (await response.json().catch(() => null)) as Feed & Failure,
    };
  };
  const numbers = ({ messages }: Feed) =>
    messages.map((jws) => payloadOf(jws) as Message).map(({ sequence }) => sequence);

  beforeEach(async () => {
    pair = await aPair(false);
  });

  test('fetches page by page; the next cursor says that it has the page before', async () => {
    pair.say(['t1'], 5);
    const one = await ask('GET', '/feed?most=2');
    expect(numbers(one.given)).toEqual([1, 2]);
    expect(numbers((await ask('GET', '/feed?most=2')).given)).toEqual([1, 2]);
    expect(await pair.out.backlog('b')).toMatchObject({ messages: 5 });
    const two = await ask('GET', `/feed?after=${one.given.cursor}`);
    expect(numbers(two.given)).toEqual([3, 4, 5]);
    expect(await pair.out.backlog('b')).toMatchObject({ messages: 3 });
    const three = await ask('GET', `/feed?after=${two.given.cursor}`);
    expect([numbers(three.given), three.given.cursor]).toEqual([[], two.given.cursor]);
    expect(await pair.out.backlog('b')).toMatchObject({ messages: 0 });
  });

  test('tells what it could not take: a dead letter here; by hand it is in the feed again', async () => {
    pair.say(['t1'], 2);
    const { given } = await ask('GET', '/feed');
    const words = { zh: '看不懂', en: 'not understood' };
    const refusal = {
      id: 'x',
      ticket: 't1',
      sequence: 1,
      outcome: 'refused',
      code: 'bad-message',
      words,
    };
    const told = await ask('POST', '/answers', JSON.stringify({ answers: [refusal] }));
    expect(told.status).toBe(204);
    expect((await pair.out.dead('b', 5)).map(({ why }) => why.words)).toEqual([words]);
    expect(numbers((await ask('GET', `/feed?after=${given.cursor}`)).given)).toEqual([]);
    await pair.out.replay('b', 't1');
    expect(numbers((await ask('GET', `/feed?after=${given.cursor}`)).given)).toEqual([1, 2]);
    const wrong = { ...refusal, sequence: 9 };
    expect((await ask('POST', '/answers', JSON.stringify({ answers: [wrong] }))).given.code).toBe(
      'bad-request',
    );
  });

  test('whose clock is an hour off may ask; three hours, or a question seen before, not', async () => {
    const now = pair.a.needs.clock.now();
    expect((await ask('GET', '/feed', '', now + 3_600_000)).status).toBe(200);
    expect((await ask('GET', '/feed', '', now - 3_600_000)).status).toBe(200);
    const far = await ask('GET', '/feed', '', now - 3 * 3_600_000);
    expect([far.status, far.given.code, far.given.words.en]).toEqual([
      401,
      'clock-off',
      expect.stringContaining('-180 min'),
    ]);
    nonce -= 1;
    expect((await ask('GET', '/feed')).status).toBe(200);
    nonce -= 1;
    expect((await ask('GET', '/feed')).given.code).toBe('used-before');
    expect((await ask('GET', '/feed?after=x')).given.code).toBe('bad-request');
  });
});
