import { request as httpRequest } from 'node:http';
import type { Failure } from '../../server/http/views.ts';
import type { Reply } from '../../tools/parts/client.ts';
import type { Desk } from '../given/desk.ts';
import { expectHears } from '../given/hearing.ts';
import type { Citizen } from '../given/party.ts';
import { aWorld, type PhoneSeat, type World } from '../given/world.ts';

/** Whatever is sent to the API while a call is up: a 4xx with code, sentence and field, and the call goes on. */
let world: World;
let operator: PhoneSeat;
let citizen: Citizen;
let call: string;

beforeAll(async () => {
  world = await aWorld();
}, 120_000);
beforeEach(async () => {
  operator = await world.phoneSeat('8001');
  citizen = await world.citizen();
  await citizen.rings('12345');
  await operator.phone.isRung();
  await operator.phone.answers();
  call = (await operator.desk.isAtStage('talking')).call?.id ?? '';
});
afterEach(() => world.clear());
afterAll(() => world?.ends());

/** The call is as it was: the same stage, legs and history, and the two hear one another. */
async function untouched(during: () => Promise<void>): Promise<void> {
  const before = (await operator.desk.sees()).call;
  await during();
  expect((await operator.desk.sees()).call).toEqual(before);
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
  expect((await operator.desk.get('/api/health')).body).toMatchObject({ asterisk: true, calls: 1 });
}

function isRefusal({ status, body }: Reply, expected: number, code: string, field?: string): void {
  expect({ status, body }).toMatchObject({ status: expected, body: { code } });
  const { words, field: at } = body as Failure;
  expect(words.zh).toMatch(/\p{Script=Han}/u);
  expect(words.en).toMatch(/[a-z]/);
  expect(at).toBe(field);
}

const path = (verb: string, id = call) => `/api/calls/${encodeURIComponent(id)}/${verb}`;
const transfer = (desk: Desk, body: unknown) => desk.post(path('transfer'), body);

test('targets that are none', async () => {
  await untouched(async () => {
    const to = (target: unknown) => transfer(operator.desk, { kind: 'one-key', target });
    isRefusal(await to('999'), 422, 'unknown-target', 'target');
    isRefusal(await to('constructor'), 422, 'unknown-target', 'target');
    isRefusal(await to('12345'), 422, 'own-number', 'target');
    for (const malformed of [
      'Police!',
      '1'.repeat(40),
      '110\r\nX-Evil: 1',
      '110\n',
      '110@evil.example',
      '110&app=evil',
      '１１０',
      '',
      ' 110',
    ]) {
      isRefusal(await to(malformed), 400, 'malformed-number', 'target');
    }
    for (const wrong of [110, null, ['110'], { '110': 1 }, undefined]) {
      isRefusal(await to(wrong), 400, 'bad-request', 'target');
    }
    isRefusal(
      await transfer(operator.desk, { kind: 'teleport', target: '110' }),
      400,
      'bad-request',
      'kind',
    );
    isRefusal(
      await operator.desk.post(path('drop'), { leg: 'nobody' }),
      403,
      'not-yours-to-drop',
      'leg',
    );
  });
});

test('calls that are gone, never were, or are somebody else’s', async () => {
  const stranger = await world.logsIn('8002');
  await untouched(async () => {
    for (const verb of ['transfer', 'hold', 'hang-up', 'answer', 'leave', 'mute', 'take-back']) {
      const body = verb === 'transfer' ? { kind: 'one-key', target: '110' } : {};
      const reply = await stranger.post(path(verb), body);
      expect([verb, reply.status]).toEqual([verb, 403]);
      for (const id of ['12345-nowhere', '../../health', 'x\r\nX-Evil: 1', '__proto__', '😀']) {
        isRefusal(await operator.desk.post(path(verb, id), body), 404, 'unknown-call');
      }
    }
    const badEscape = await operator.desk.ask('POST', '/api/calls/%E0%A4%A/hold', '{}');
    isRefusal(badEscape, 400, 'bad-request');
  });

  await citizen.hangsUp();
  await operator.phone.isHungUp();
  const gone = await operator.desk.post(path('transfer'), { kind: 'one-key', target: '110' });
  expect([404, 409]).toContain(gone.status);
  expect((gone.body as Failure).code).toBe('call-ended');
});

test('bodies that cannot be read', async () => {
  await untouched(async () => {
    const send = (body: string, headers?: Record<string, string>) =>
      operator.desk.ask('POST', path('transfer'), body, headers);
    const good = JSON.stringify({ kind: 'one-key', target: '110' });
    isRefusal(await send('{"kind":'), 400, 'bad-json');
    isRefusal(await send('"110"'), 400, 'bad-json');
    isRefusal(await send('[]'), 400, 'bad-request');
    isRefusal(
      await send('{"kind":"one-key","target":"' + '1'.repeat(20_000) + '"}'),
      413,
      'too-large',
    );
    isRefusal(await send(good, { 'content-type': 'text/plain' }), 415, 'not-json');
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    isRefusal(await send('kind=one-key&target=110', form), 415, 'not-json');
    isRefusal(await send(good, { 'content-encoding': 'gzip' }), 400, 'bad-request');
    isRefusal(
      await send(good, { 'idempotency-key': 'k'.repeat(200) }),
      400,
      'bad-request',
      'Idempotency-Key',
    );
    const deep = `${'['.repeat(7_000)}${']'.repeat(7_000)}`;
    isRefusal(await send(`{"kind":"one-key","target":${deep}}`), 400, 'bad-request', 'target');
  });
});

test('strangers: no log-in, a forged one, another site, other paths', async () => {
  await untouched(async () => {
    const anybody = (headers: Record<string, string>, at = path('transfer')) =>
      operator.desk.ask('POST', at, JSON.stringify({ kind: 'one-key', target: '110' }), headers);
    isRefusal(await anybody({ cookie: '' }), 401, 'not-logged-in');
    isRefusal(
      await anybody({ cookie: 'liandong=eyJhbGciOiJub25lIn0.eyJzdWIiOiI4MDAxIn0.' }),
      401,
      'not-logged-in',
    );
    isRefusal(await anybody({ cookie: 'liandong=;;;%%' }), 401, 'not-logged-in');
    isRefusal(await anybody({ origin: 'https://evil.example' }), 403, 'wrong-origin');
    isRefusal(await anybody({ origin: 'null' }), 403, 'wrong-origin');
    isRefusal(await anybody({}, '/api/calls'), 404, 'unknown-path');
    isRefusal(await anybody({}, '/api/nothing'), 404, 'unknown-path');
    isRefusal(await operator.desk.ask('DELETE', `/api/calls/${call}`), 404, 'unknown-path');
    isRefusal(await operator.desk.get('/api/calls/nowhere'), 404, 'unknown-call');
    const events = await operator.desk.ask('GET', '/api/events', undefined, { cookie: '' });
    isRefusal(events, 401, 'not-logged-in');
    expect((await operator.desk.get('/../../etc/passwd')).status).toBe(404);
    expect((await operator.desk.get('/assets/..%2f..%2fpackage.json')).status).toBeGreaterThan(399);
  });
});

test('wrong passwords are refused, and only so many are tried; colleagues are not locked out', async () => {
  await untouched(async () => {
    const answers: Reply[] = [];
    for (let tries = 0; tries < 25; tries++) answers.push(await logInFrom('127.0.9.9', 'wrong'));
    isRefusal(answers[0]!, 401, 'wrong-log-in');
    isRefusal(answers[24]!, 429, 'too-many');
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(20);
    expect((await logInFrom('127.0.9.9', '8002')).status).toBe(429);
    expect((await logInFrom('127.0.9.9', '9001', '9001')).status).toBe(204);
    expect((await logInFrom('127.0.9.10', '8002')).status).toBe(204);
    isRefusal(await logInFrom('127.0.9.10', '8001', 'nobody'), 401, 'wrong-log-in');
    isRefusal(await logInFrom('127.0.9.10', ''), 400, 'bad-request', 'password');
  });
});

/** Limits count by address. */
function logInFrom(localAddress: string, password: string, seat = '8002'): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const url = `${world.deployment.url}/api/log-in`;
    const headers = { 'content-type': 'application/json' };
    const asked = httpRequest(url, { method: 'POST', localAddress, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => void parts.push(part));
      response.on('end', () => {
        const text = Buffer.concat(parts).toString();
        resolve({ status: response.statusCode ?? 0, body: text === '' ? '' : JSON.parse(text) });
      });
    });
    asked.on('error', reject);
    asked.end(JSON.stringify({ seat, password }));
  });
}
