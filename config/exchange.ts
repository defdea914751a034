import { z } from 'zod';
import { id, name, nullable, should, text, whole, words } from './values.ts';

// Other deployments with which tickets are exchanged (docs/exchange.md).

const url = should(
  'https:// 地址（http:// 仅限本机），或 null',
  'an address with https:// (http:// on loopback only), or null',
);

const publicKey = z
  .string()
  .regex(
    /^[\w-]{43}$/,
    should(
      'Ed25519 公钥（JWK 的 x，43 个字符）',
      'an Ed25519 public key (x of its JWK, 43 characters)',
    ),
  );

const oneOrTwo = should('一把或两把公钥', 'one public key, or two while they are changed');

const peer = z.strictObject({
  name: words,
  url: nullable(z.string().refine(isSafe, { error: url }), {
    zh: 'https:// 地址',
    en: 'an address with https://',
  }),
  hotlines: z.array(id).min(1, should('至少一条热线', 'at least one hotline')),
  keys: z.record(id, publicKey).refine(
    (all) => {
      const { length } = Object.keys(all);
      return length === 1 || length === 2;
    },
    { error: oneOrTwo },
  ),
});

export const exchange = z.strictObject({
  key: z.strictObject({ id, file: text }).optional(),
  peers: z.record(name, peer).default({}),
  keepDays: whole(7, 3650, { zh: '天', en: 'days' }).default(180),
});

/** Checked, with our private key read; its names are those of tickets/exchange. */
export interface Exchange {
  /** What we sign with; null: there are no peers. */
  readonly key: { readonly id: string; readonly pem: string } | null;
  /** What was said and heard is kept so many days after it was delivered. */
  readonly keepDays: number;
  readonly peers: readonly {
    readonly id: string;
    readonly name: z.output<typeof words>;
    /** Null: it cannot be called; it fetches what is for it. */
    readonly url: string | null;
    readonly hotlines: readonly string[];
    readonly keys: readonly { readonly id: string; readonly x: string }[];
  }[];
}

/** What citizens have said does not go over a network unencrypted. */
function isSafe(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(value);
  if (`${username}${password}${search}${hash}` !== '') return false;
  return (
    protocol === 'https:' || (protocol === 'http:' && /^(127\.|localhost$|\[::1\]$)/.test(hostname))
  );
}
