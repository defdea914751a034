import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import type { Operation } from './operation.ts';
import { Failure } from './views.ts';

/** The OpenAPI description, made of the same operations as the routes. */
export function openApi(operations: readonly Operation[]): object {
  const registry = new OpenAPIRegistry();
  for (const { method, path, tag, summary, body, query, answers, files, by, takes } of operations) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const json = (schema: z.ZodType) => ({ 'application/json': { schema } });
    registry.registerPath({
      method,
      path,
      summary,
      tags: [tag],
      operationId: `${method}${path
        .replace(/^\/api/, '')
        .replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase())
        .replace(/\W/g, '')}`,
      ...(by === 'anybody' ? {} : { security: [{ cookie: [] }] }),
      request: {
        params: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))),
        ...(query ? { query } : {}),
        ...(method === 'post'
          ? { headers: z.object({ 'Idempotency-Key': z.string().max(128).optional() }) }
          : {}),
        ...(body ? { body: { content: json(body) } } : {}),
        ...(takes === undefined ? {} : { body: { content: contentOf([takes]) } }),
      },
      responses: {
        ...(files
          ? { 200: { description: 'A file', content: contentOf(files) } }
          : answers
            ? { 200: { description: 'Done', content: json(answers) } }
            : { 204: { description: 'Done' } }),
        default: { description: 'Refused; nothing has changed', content: json(Failure) },
      },
    });
  }
  registry.registerComponent('securitySchemes', 'cookie', {
    type: 'apiKey',
    in: 'cookie',
    name: 'liandong',
  });
  registry.registerPath({
    method: 'get',
    path: '/api/events',
    summary:
      'Live events (SSE). Seats: `desk` with the whole DeskView, `told` with one line of a call’s history, `tickets` with the ids of tickets to be asked for again; Last-Event-ID resumes. People: `floor` with the FloorView. Sites: `lease` with the LeaseView. All: `beat` first and every two seconds: the build of the pages and the server’s time (epoch ms)',
    tags: ['seat', 'floor', 'site'],
    operationId: 'getEvents',
    security: [{ cookie: [] }],
    responses: { 200: { description: 'text/event-stream' } },
  });
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Liandong 联动',
      version: '0.1.0',
      description:
        'Call controller for the hotlines 12345 and 110. Every desk action is a call of this API.',
    },
  });
}

const contentOf = (types: readonly string[]) =>
  Object.fromEntries(types.map((type) => [type, { schema: z.string() }]));
