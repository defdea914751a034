import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { limits, Message, VERSION, type Bodies } from './envelope.ts';
import { Answers, Failure, Feed, FeedQuestion, FetchersAnswers, Messages } from './views.ts';

/** The interface told to other vendors: OpenAPI 3.1 and JSON schema, made of the schemas that check what comes. */

const base = '/exchange/v1';

const json = (schema: z.ZodType) => ({ 'application/json': { schema } });

const refusal = { description: 'Refused; nothing has changed', content: json(Failure) };

/** Adds the paths and schemas of the wire to a description; `bodies` are those of each type of message. */
export function registerExchange(registry: OpenAPIRegistry, bodies: Bodies): void {
  const signedRequest = { security: [{ signedRequest: [] }] };
  const tags = ['exchange'];
  registry.register('ExchangeMessage', Message);
  for (const [type, schema] of Object.entries(bodies)) {
    registry.register(`ExchangeBody-${type}`, schema);
  }
  registry.registerComponent('securitySchemes', 'signedRequest', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWS',
    description:
      'JWS (EdDSA, typ liandong-request) of {from, to, method, path, digest, nonce}; see docs/exchange.md.',
  });
  registry.registerPath({
    method: 'post',
    path: `${base}/messages`,
    operationId: 'postExchangeMessages',
    summary: 'Takes messages, each signed; answers each. Sent again, the answer is the same.',
    tags,
    request: { body: { content: json(Messages) } },
    responses: { 200: { description: 'Answered', content: json(Answers) }, default: refusal },
  });
  registry.registerPath({
    method: 'post',
    path: `${base}/bulk`,
    operationId: 'postExchangeBulk',
    summary:
      'A file: JSON lines (a JWS or a message each) or CSV (columns are the fields, body as JSON). ' +
      'Lines that are not signed need a signed request, or a person who is logged in.',
    tags,
    ...signedRequest,
    request: {
      body: {
        content: {
          'application/x-ndjson': { schema: z.string() },
          'text/csv': { schema: z.string() },
        },
      },
    },
    responses: { 200: { description: 'Answered', content: json(Answers) }, default: refusal },
  });
  registry.registerPath({
    method: 'get',
    path: `${base}/feed`,
    operationId: 'getExchangeFeed',
    summary: 'What is said to the asker, for who cannot be called.',
    tags,
    ...signedRequest,
    request: { query: FeedQuestion },
    responses: { 200: { description: 'A page', content: json(Feed) }, default: refusal },
  });
  registry.registerPath({
    method: 'post',
    path: `${base}/answers`,
    operationId: 'postExchangeAnswers',
    summary:
      'How fetched messages fared, where one was not taken; before the next page is asked for.',
    tags,
    ...signedRequest,
    request: { body: { content: json(FetchersAnswers) } },
    responses: { 204: { description: 'Noted' }, default: refusal },
  });
  registry.registerPath({
    method: 'get',
    path: `${base}/schema`,
    operationId: 'getExchangeSchema',
    summary: 'The version that is read and written, limits, and the JSON schema of each message.',
    tags,
    responses: { 200: { description: 'JSON', content: json(z.looseObject({})) } },
  });
}

/** The interface alone, as OpenAPI 3.1. */
export function description(bodies: Bodies): object {
  const registry = new OpenAPIRegistry();
  registerExchange(registry, bodies);
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: 'Liandong 联动: exchange of tickets 工单互通', version: VERSION },
  });
}

/** What GET /exchange/v1/schema answers. */
export function schemas(us: string, bodies: Bodies): object {
  const one = (schema: z.ZodType) =>
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return {
    deployment: us,
    version: VERSION,
    limits,
    message: one(Message),
    bodies: Object.fromEntries(Object.entries(bodies).map(([type, body]) => [type, one(body)])),
  };
}
