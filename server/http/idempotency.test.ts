import express, { type Response } from 'express';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { failures } from './failures.ts';
import { idempotency } from './idempotency.ts';
import { pino } from 'pino';

let server: Server;
let url: string;
let obeyed: number;
let handle: (res: Response) => Promise<void> | void;

beforeEach(async () => {
  obeyed = 0;
  const app = express();
  app.use(express.json());
  app.use(
    idempotency((req) =>
      req.headers.seat
        ? Promise.resolve({ kind: 'seat' as const, id: '8001' })
        : Promise.reject(new Error()),
    ),
  );
  app.post('/press', async (_req, res) => {
    obeyed++;
    await handle(res);
  });
  app.use(failures(pino({ level: 'silent' })));
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/press`;
});
afterEach(() => server.close());

const headers = { seat: '8001', 'idempotency-key': 'a', 'content-type': 'application/json' };
const press = async (body: unknown = {}, more: Record<string, string> = headers) => {
  const response = await fetch(url, { method: 'POST', headers: more, body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
};

test('an answer that nobody was there to read is kept for who asks again', async () => {
  handle = async (res) => {
    await once(res, 'close');
    res.status(409).json({ obeyed });
  };
  const gone = request(url, { method: 'POST', headers });
  gone.on('error', () => undefined);
  gone.end('{}');
  while (obeyed === 0) await new Promise((resolve) => setImmediate(resolve));
  const again = press();
  gone.destroy();
  expect(await again).toEqual({ status: 409, text: '{"obeyed":1}' });
  expect(obeyed).toBe(1);
});

test('those who ask meanwhile wait for the first answer', async () => {
  let answer: () => void = () => undefined;
  handle = async (res) => {
    await new Promise<void>((resolve) => (answer = resolve));
    res.status(204).end();
  };
  const all = Promise.all([press(), press(), press()]);
  while (obeyed === 0) await new Promise((resolve) => setImmediate(resolve));
  expect((await press({ other: true })).status).toBe(422);
  answer();
  expect(await all).toEqual(Array(3).fill({ status: 204, text: '' }));
  expect(obeyed).toBe(1);
});

test('a failure is an answer, too; without a key or a log-in nothing is remembered', async () => {
  handle = () => {
    throw new Error('something inside');
  };
  expect((await press()).status).toBe(500);
  handle = (res) => void res.json({ obeyed });
  expect((await press()).status).toBe(500);
  const unknown: Record<string, string>[] = [{}, { 'idempotency-key': 'a' }, { seat: '8001' }];
  for (const more of unknown) await press({}, more);
  expect(obeyed).toBe(4);
  expect((await press({}, { ...headers, 'idempotency-key': 'k'.repeat(129) })).status).toBe(400);
});
