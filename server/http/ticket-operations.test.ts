import { Validator } from '@seriousme/openapi-schema-validator';
import { join } from 'node:path';
import { loadLists } from '../../config/lists.ts';
import { systemClock } from '../../kernel/clock.ts';
import { MemoryHash } from '../../tests/given/memory-hash.ts';
import { city, configOf, police } from '../../tests/given/ticket-deployment.ts';
import type { RingBacks } from '../ring-backs.ts';
import { Tickets } from '../tickets/tickets.ts';
import { openApi } from './openapi.ts';
import type { Operation } from './operation.ts';
import { ticketOperations } from './ticket-operations.ts';

const config = configOf(city, { of: police, url: 'http://127.0.0.1:1' });
const ignore = () => undefined;
const tickets = new Tickets({
  config,
  readsLists: () => Promise.resolve(null),
  ...{ databaseUrl: null, redisUrl: null, clock: systemClock },
  owed: new MemoryHash(),
  ...{ onNews: ignore, onChanged: ignore, onTrouble: ignore },
});
const ringBacks = { whyNever: () => null, whyNot: () => null, mints: ignore, rings: ignore };
const all = ticketOperations({
  ...{ tickets, config, shelf: null, keyOf: (call: string) => call },
  ringBacks: ringBacks as unknown as RingBacks,
  takenAway: ignore,
});

test('they are described by valid OpenAPI 3.1, each once, with their questions and files', async () => {
  const description = openApi(all) as { paths: Record<string, Record<string, unknown>> };
  const copy = structuredClone(description) as unknown as Record<string, unknown>;
  expect(await new Validator().validate(copy)).toMatchObject({ valid: true });
  const described = Object.values(description.paths).flatMap((path) => Object.keys(path));
  // with the live events, which stand in every description
  expect(described).toHaveLength(all.length + 1);
  expect(description.paths['/api/tickets/export']?.['get']).toMatchObject({
    parameters: expect.arrayContaining([expect.objectContaining({ name: 'format', in: 'query' })]),
    responses: { 200: { content: { 'text/csv; charset=utf-8': expect.anything() } } },
  });
});

test.each(all.map((one): [string, Operation] => [`${one.method} ${one.path}`, one]))(
  '%s says in both languages that tickets are off, and to strangers that it is not for them',
  async (_name, { handle, body, query, path }) => {
    const manager = { kind: 'person', id: '9001', roles: ['manager'], place: null } as const;
    const asked = {
      seat: '',
      params: { peer: 'police', ticket: 'K1', call: 'c1' },
      body: body?.safeParse({}).data ?? { why: 'x', into: 'K2' },
      query: query?.safeParse({ format: 'csv' }).data ?? {},
      res: {} as never,
    };
    const answer = async (who: typeof manager | null) => handle({ ...asked, who });
    const code = /\/(diversion|codes)$/.test(path) ? 'no-lists' : 'tickets-off';
    await expect(answer(manager)).rejects.toMatchObject({
      code,
      words: { zh: expect.stringMatching(/[\u4e00-\u9fff]/), en: expect.any(String) },
    });
    // The door of exchanges is kept by `by`.
    if (!path.startsWith('/api/exchange')) {
      await expect(answer(null)).rejects.toMatchObject({ code: 'not-for-you' });
    }
  },
);

test('lists that cannot be read are told, and read again for who looks next', async () => {
  const lists = loadLists(join(import.meta.dirname, '../../config/lists'));
  const troubles: string[] = [];
  let asked = 0;
  const once = new Tickets({
    config,
    readsLists: () =>
      (asked += 1) === 1 ? Promise.reject(new Error('a.yaml:3:1')) : Promise.resolve(lists),
    ...{ databaseUrl: null, redisUrl: null, clock: systemClock },
    owed: new MemoryHash(),
    ...{ onNews: ignore, onChanged: ignore },
    ...{ onTrouble: (_words, { error }) => void troubles.push(String(error)) },
  });
  await once.readsLists();
  expect([once.lists, once.diversion, troubles]).toEqual([null, undefined, ['Error: a.yaml:3:1']]);
  expect(once.rules.codes.hasDivision('320100')).toBe(false);
  await Promise.all([once.readsLists(), once.readsLists()]);
  expect(once.rules.codes.hasDivision('320100')).toBe(true);
  expect([once.diversion?.id, asked]).toEqual(['chengdu', 2]);
});
