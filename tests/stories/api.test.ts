import { Validator } from '@seriousme/openapi-schema-validator';
import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { aWorld, type World } from '../given/world.ts';

let world: World;
beforeAll(async () => {
  world = await aWorld();
}, 120_000);
afterEach(() => world.clear());
afterAll(() => world?.ends());

async function citizenTalks() {
  const operator = await world.phoneSeat('8001');
  const citizen = await world.citizen();
  await citizen.rings('12345');
  await operator.phone.isRung();
  await operator.phone.answers();
  const { call } = await operator.desk.isAtStage('talking');
  return { operator, citizen, path: `/api/calls/${call?.id}` };
}

const toFire = { kind: 'one-key', target: '119' };
const withKey = (key: string) => ({ 'idempotency-key': key });

describe('Idempotency-Key', () => {
  test('a transfer sent again is obeyed once and answered the same', async () => {
    const fire = await world.fireBrigade();
    const { operator, path } = await citizenTalks();
    const key = withKey(randomUUID());
    const first = await operator.desk.post(`${path}/transfer`, toFire, key);
    expect(first.status).toBe(200);
    await fire.isRung();
    await operator.desk.does('cancel');
    await operator.desk.isAtStage('talking');
    // It would be obeyed again if it were not known.
    expect(await operator.desk.post(`${path}/transfer`, toFire, key)).toEqual(first);
    await operator.desk.isAtStage('talking');
    expect(fire.calls).toHaveLength(1);

    const other = { ...toFire, target: '120' };
    const reused = await operator.desk.post(`${path}/transfer`, other, key);
    expect(reused).toMatchObject({ status: 422, body: { code: 'key-reused' } });
    expect(await operator.desk.post(`${path}/hold`, toFire, key)).toMatchObject({ status: 422 });
    // Other people's keys are theirs.
    const colleague = await world.logsIn('8002');
    expect(await colleague.post(`${path}/transfer`, other, key)).toMatchObject({ status: 403 });
  });

  test('sent many times at once it is obeyed once', async () => {
    const fire = await world.fireBrigade();
    const { operator, path } = await citizenTalks();
    const key = withKey(randomUUID());
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => operator.desk.post(`${path}/transfer`, toFire, key)),
    );
    expect(replies.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(new Set(replies.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    await fire.isRung();
    expect(fire.calls).toHaveLength(1);
    // Without a key the second press is refused with a reason.
    const second = await operator.desk.post(`${path}/transfer`, toFire);
    expect(second).toMatchObject({ status: 409, body: { code: 'transfer-under-way' } });
  });

  test('a refusal is answered the same, too, though it would be obeyed now', async () => {
    const { operator, path } = await citizenTalks();
    const key = withKey(randomUUID());
    const refused = await operator.desk.post(`${path}/resume`, {}, key);
    expect(refused).toMatchObject({ status: 409, body: { code: 'not-held' } });
    await operator.desk.does('hold');
    expect(await operator.desk.post(`${path}/resume`, {}, key)).toEqual(refused);
    await operator.desk.does('resume');
  });

  test('whoever hung up before the answer came gets the real one later', async () => {
    const { operator, path } = await citizenTalks();
    for (const [verb, stage] of [
      ['hold', 'held'],
      ['resume', 'talking'],
    ] as const) {
      const key = randomUUID();
      await sentAndGone(`${path}/${verb}`, key, await cookieOf('8001'));
      const reply = await operator.desk.post(`${path}/${verb}`, {}, withKey(key));
      expect(reply).toMatchObject({ status: 200, body: { seat: { id: '8001' } } });
      await operator.desk.until(stage, ({ call }) =>
        Boolean(call?.legs.some((leg) => leg.role === 'caller' && leg.state === stage)),
      );
    }
  });

  test('answers without a body are remembered, log-ins are not', async () => {
    const desk = await world.logsIn('8002');
    const cookie = await cookieOf('8002');
    const key = withKey(randomUUID());
    expect(await desk.post('/api/log-out', {}, { ...key, cookie })).toEqual({
      status: 204,
      body: '',
    });
    await desk.logsIn('8002');
    expect(await desk.post('/api/log-out', {}, { ...key, cookie })).toEqual({
      status: 204,
      body: '',
    });
    expect((await desk.sees()).seat.state).not.toBe('signed-out');
    const logIn = { seat: '8002', password: '8002' };
    for (const headers of [key, key]) {
      const response = await fetch(`${world.deployment.url}/api/log-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(logIn),
      });
      expect(response.headers.get('set-cookie')).toMatch(/^liandong=.*HttpOnly; SameSite=Strict/);
    }
  });
});

describe('the description of the API', () => {
  test('is valid OpenAPI 3.1, and every path in it answers', async () => {
    const desk = await world.logsIn('8001');
    const { body } = await desk.get('/api/openapi.json');
    const description = body as {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string; responses: object }>>;
    };
    const found = await new Validator().validate(structuredClone(body) as Record<string, unknown>);
    expect(found).toMatchObject({ valid: true });
    expect(description.openapi).toBe('3.1.0');

    const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    expect(operations.length).toBeGreaterThan(20);
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(
      operations.length,
    );
    for (const { path, method, operation } of operations) {
      if (path === '/api/events') continue;
      const at = path.replace('{call}', 'nowhere');
      const reply = await desk.ask(method.toUpperCase(), at, method === 'post' ? '{}' : undefined);
      const { code = '' } = (reply.body ?? {}) as { code?: string };
      expect([path, code]).not.toEqual([path, 'unknown-path']);
      expect(reply.status).toBeLessThan(500);
      const documented = Object.keys(operation.responses);
      expect(documented).toContain(reply.status < 300 ? String(reply.status) : 'default');
    }
  });

  test('every key of the desk is an operation in it', async () => {
    const { operator } = await citizenTalks();
    const { body } = await operator.desk.get('/api/openapi.json');
    const { paths } = body as { paths: Record<string, object> };
    const { call, actions } = await operator.desk.sees();
    for (const { request } of actions) {
      const path = request.path.replace(call?.id ?? '', '{call}');
      expect(paths[path]).toHaveProperty('post');
    }
  });

  test('can be read as a page', async () => {
    const response = await fetch(`${world.deployment.url}/api/docs`);
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text).toContain('swagger-ui');
    for (const [, file = ''] of text.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const part = await fetch(new URL(file, `${world.deployment.url}/api/docs/`));
      expect([file, part.status]).toEqual([file, 200]);
      await part.arrayBuffer();
    }
    const { body } = await (await world.logsIn('8001')).get('/api/docs/swagger-initializer.js');
    expect(body).toContain('/api/openapi.json');
  });
});

async function cookieOf(seat: string): Promise<string> {
  const response = await fetch(`${world.deployment.url}/api/log-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ seat, password: seat }),
  });
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** Sends a POST and breaks the connection as soon as it has left. */
function sentAndGone(path: string, key: string, cookie: string): Promise<void> {
  return new Promise((resolve) => {
    const asked = httpRequest(`${world.deployment.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key, cookie },
    });
    asked.on('error', () => undefined);
    asked.on('close', () => resolve());
    asked.end('{}', () => asked.destroy());
  });
}
