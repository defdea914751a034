import { Validator } from '@seriousme/openapi-schema-validator';
import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { bodies } from '../../tests/given/exchange.ts';
import { description, registerExchange, schemas } from './describe.ts';
import { limits, VERSION } from './envelope.ts';

test('the interface is valid OpenAPI 3.1, alone and among others', async () => {
  const registry = new OpenAPIRegistry();
  registerExchange(registry, bodies);
  const among = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: 'all', version: '1' },
  });
  for (const one of [description(bodies), among]) {
    expect(await new Validator().validate(one as Record<string, unknown>)).toMatchObject({
      valid: true,
    });
  }
  const { paths, components } = description(bodies) as unknown as {
    paths: object;
    components: { schemas: object };
  };
  expect(Object.keys(paths)).toEqual(
    ['messages', 'bulk', 'feed', 'answers', 'schema'].map((name) => `/exchange/v1/${name}`),
  );
  expect(Object.keys(components.schemas)).toEqual(
    expect.arrayContaining(['ExchangeMessage', 'ExchangeAnswer', 'ExchangeBody-note']),
  );
});

test('the JSON schema says what is checked', () => {
  expect(JSON.parse(JSON.stringify(schemas('chengdu', bodies)))).toMatchObject({
    deployment: 'chengdu',
    version: VERSION,
    limits,
    message: {
      required: [
        'version',
        'id',
        'from',
        'to',
        'ticket',
        'sequence',
        'type',
        'term',
        'sentAt',
        'body',
      ],
      properties: { sequence: { type: 'integer', minimum: 1 } },
    },
    bodies: { note: { required: ['n'], properties: { n: { type: 'integer' } } } },
  });
});
