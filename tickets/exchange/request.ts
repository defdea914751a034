import { z } from 'zod';
import { refused } from './refusals.ts';
import { digestOf, type Keyring, type Signer } from './seal.ts';
import type { Inbox } from './stores.ts';

/** A signed request: for what is not signed itself (fetching the feed, files). `Authorization: Bearer <JWS>`. */

/** How far the clocks of two peers may be apart for a request, in milliseconds. Messages have no such limit. */
export const WINDOW_MS = 2 * 60 * 60_000;

/** From here on clocks that are apart are told on both sides, in milliseconds. */
const CLOCK_OFF_MS = 5 * 60_000;

export interface Request {
  /** The deployment that is asked. */
  readonly to: string;
  readonly method: string;
  /** With its query: /exchange/v1/feed?after=0 */
  readonly path: string;
  readonly body: string | Buffer;
}

const Claims = z.object({
  from: z.string(),
  to: z.string(),
  method: z.string(),
  path: z.string(),
  /** SHA-256 of the body, base64url. */
  digest: z.string(),
  nonce: z.string().min(16).max(96),
});

/**
 * The value of the Authorization header.
 * @param nonce used for no other request, of 16 to 96 characters
 * @param now epoch ms
 */
export async function authorization(
  signer: Signer,
  from: string,
  { to, method, path, body }: Request,
  nonce: string,
  now: number,
): Promise<string> {
  const claims = { from, to, method, path, digest: digestOf(body), nonce };
  return `Bearer ${await signer.sign('liandong-request', claims, now)}`;
}

/**
 * Who asks.
 * @param header the Authorization header
 * @throws Refusal forged, clock-off, used-before
 */
export async function whoAsks(
  keyring: Keyring,
  inbox: Pick<Inbox<unknown>, 'useOnce'>,
  request: Request,
  header: string | undefined,
  now: number,
): Promise<string> {
  const jws = /^Bearer ([\w.-]+)$/.exec(header ?? '')?.[1];
  if (jws === undefined) throw refused('forged', 'Authorization');
  const { by, payload, signedAt } = await keyring.open(jws, 'liandong-request');
  const claims = Claims.safeParse(payload).data;
  const is =
    claims &&
    claims.from === by &&
    claims.to === request.to &&
    claims.method === request.method &&
    claims.path === request.path &&
    claims.digest === digestOf(request.body);
  if (!is) throw refused('forged', 'Authorization');
  const offMs = signedAt - now;
  if (Math.abs(offMs) > WINDOW_MS) {
    throw refused('clock-off', 'Authorization', `${Math.round(offMs / 60_000)} min`);
  }
  const fresh = await inbox.useOnce(by, claims.nonce, now, signedAt + WINDOW_MS + 1000);
  if (!fresh) throw refused('used-before', 'Authorization');
  return by;
}

/** Tells when a peer's clock is found far from ours: once, and again when it was right meanwhile. */
export class ClockWatch {
  readonly #off = new Set<string>();
  readonly #tell: (words: string, detail: Readonly<Record<string, unknown>>) => void;

  constructor(tell: (words: string, detail: Readonly<Record<string, unknown>>) => void) {
    this.#tell = tell;
  }

  /** @param offMs by how much the peer's clock is ahead of ours */
  seen(peer: string, offMs: number): void {
    const isOff = Math.abs(offMs) > CLOCK_OFF_MS;
    if (isOff && !this.#off.has(peer)) {
      this.#tell('the clock of a peer is far from ours', { peer, offMs });
    }
    if (isOff) this.#off.add(peer);
    else this.#off.delete(peer);
  }
}
