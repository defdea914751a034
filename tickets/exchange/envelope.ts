import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import type { Refusal } from '../../kernel/errors.ts';
import { refused } from './refusals.ts';

extendZodWithOpenApi(z);

/** What one deployment tells another about a ticket. What a ticket is stands in the body, and is not known here. */

/** The version of what we send. A newer minor one only adds; a newer major one means something else. */
export const VERSION = '1.0';

export const limits = {
  /** Of one message as JSON, in bytes of UTF-8. */
  messageBytes: 256 * 1024,
  /** Of one request. */
  requestBytes: 4 * 1024 * 1024,
  messages: 500,
  /** So far ahead of the next expected one a message is kept until the gap is filled. */
  ahead: 256,
} as const;

/** In the place of a message that a person has let go: it fills the number and does nothing. */
export const VOID = 'void';

const deployment = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/);

export const Message = z
  .looseObject({
    version: z
      .string()
      .regex(/^\d{1,3}\.\d{1,3}$/)
      .openapi({ example: VERSION, description: 'major.minor of the schema.' }),
    id: z
      .string()
      .regex(/^[\w.:~-]{8,96}$/)
      .openapi({ description: 'Unique for ever; the same when it is sent again.' }),
    from: deployment.openapi({ description: 'The deployment that says it.', example: 'chengdu' }),
    to: deployment.openapi({ description: 'The deployment that it is for.' }),
    ticket: z
      .string()
      .regex(/^[\w.:~-]{1,96}$/)
      .openapi({ description: 'The key of the ticket, the same on both sides.' }),
    sequence: z.int().min(1).openapi({
      description: '1, 2, 3… for each (from, to, ticket): they take effect in this order.',
    }),
    type: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,39}$/)
      .openapi({ description: 'What is said; it decides the schema of the body.' }),
    term: z.int().min(1).openapi({
      description: 'Of the ownership that the sender knew; it rises with each change of owner.',
    }),
    sentAt: z.int().min(0).openapi({ description: 'When it was said, epoch milliseconds.' }),
    body: z.record(z.string(), z.unknown()),
  })
  .openapi('ExchangeMessage', {
    description: 'Fields that the reader does not know are kept.',
  });

/** Frozen by agreement: what is in the outbox, on the wire and in the inbox. */
export type Message = Readonly<z.infer<typeof Message>>;

/** The schema of the body for each type of message; given by whoever knows what a ticket is. */
export type Bodies = Readonly<Record<string, z.ZodType>>;

const nothing = z.looseObject({});

/**
 * Reads what a peer has said. Its signature has been checked before.
 * @param us our own deployment
 * @throws Refusal that says what is wrong with it: newer-version, bad-message (with the field), unknown-type,
 *   control-characters, not-for-us, too-large
 */
export function readMessage(raw: unknown, us: string, bodies: Bodies): Message {
  const major = majorOf(raw);
  if (major !== null && major > Number(VERSION.split('.')[0])) {
    throw refused('newer-version', 'version', VERSION);
  }
  const message = parsed(Message, raw, '');
  if (message.to !== us) throw refused('not-for-us', 'to');
  const schema = schemaOf(message.type, bodies);
  checkText(message);
  parsed(schema, message.body, 'body.');
  return message;
}

/** What we want to say. */
export interface Said {
  readonly id: string;
  readonly to: string;
  readonly ticket: string;
  readonly type: string;
  readonly term: number;
  /** Epoch ms. */
  readonly sentAt: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A message but for its number, which the outbox gives it. */
export type Unnumbered = Said & { readonly version: string; readonly from: string };

/**
 * Makes a message of what we want to say, looked at as the peer will, so that whoever says it is told at once.
 * @throws Refusal as `readMessage`, and too-large
 */
export function compose(us: string, said: Said, bodies: Bodies): Unnumbered {
  const message = { version: VERSION, from: us, ...said };
  const bytes = Buffer.byteLength(JSON.stringify(message));
  if (bytes > limits.messageBytes) throw tooLarge(bytes, limits.messageBytes);
  readMessage({ ...message, sequence: 1 }, said.to, bodies);
  return message;
}

/** A refusal of so many bytes where `most` are allowed. */
export const tooLarge = (bytes: number, most: number): Refusal =>
  refused('too-large', undefined, `${bytes} > ${most} bytes`);

function schemaOf(type: string, bodies: Bodies): z.ZodType {
  if (type === VOID) return nothing;
  const schema = Object.hasOwn(bodies, type) ? bodies[type] : undefined;
  if (!schema) throw refused('unknown-type', 'type', type);
  return schema;
}

function majorOf(raw: unknown): number | null {
  const version: unknown = (raw as { version?: unknown } | null)?.version;
  return typeof version === 'string' && /^\d{1,3}\./.test(version) ? parseInt(version, 10) : null;
}

function parsed<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  under: string,
): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = `${under}${issue?.path.join('.') ?? ''}`.replace(/\.$/, '');
  throw refused('bad-message', field || undefined, `${field} ${issue?.message ?? ''}`.trim());
}

/** Tabs and ends of lines are text; other control characters and halves of surrogate pairs are not. */
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\p{Surrogate}/u;

/** Nor does PostgreSQL keep U+0000, and what nobody can see nobody can check. */
function checkText(value: unknown, path = ''): void {
  if (typeof value === 'string' && control.test(value)) {
    throw refused('control-characters', path || undefined, path);
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, one] of Object.entries(value)) {
    if (control.test(key)) throw refused('control-characters', path || undefined, path);
    checkText(one, path === '' ? key : `${path}.${key}`);
  }
}
