import { CompactSign, compactVerify, importJWK, importPKCS8, type CryptoKey } from 'jose';
import { createHash } from 'node:crypto';
import { refused } from './refusals.ts';

/** Signatures: JWS (RFC 7515) in compact form with Ed25519 keys (RFC 8037). */

/** A message cannot be shown as a request, nor a request as a message. */
export type SealType = 'liandong-message' | 'liandong-request';

/** Our own key. Its name on the wire is `<deployment>/<id>`. */
export interface OwnKey {
  readonly id: string;
  /** PKCS#8 PEM, as `openssl genpkey -algorithm ed25519` writes it. */
  readonly pem: string;
}

/** A key of a peer; while keys are changed, two of them are valid. */
export interface PeerKey {
  readonly id: string;
  /** The 32 bytes of the public key, base64url (`x` of its JWK). */
  readonly x: string;
}

export interface Opened {
  /** The deployment whose key has signed it. */
  readonly by: string;
  readonly payload: unknown;
  /** By the signer's clock, epoch milliseconds. */
  readonly signedAt: number;
}

const algorithm = 'EdDSA';

/** Signs for us. */
export class Signer {
  readonly #kid: string;
  readonly #key: Promise<CryptoKey>;

  /** @param key rejects at the first signature when it is no Ed25519 key */
  constructor(deployment: string, key: OwnKey) {
    this.#kid = `${deployment}/${key.id}`;
    this.#key = importPKCS8(key.pem, algorithm);
    this.#key.catch(() => undefined);
  }

  /** @param now our clock, epoch milliseconds; the peer tells by it how far our clocks are apart */
  async sign(typ: SealType, payload: unknown, now: number): Promise<string> {
    return new CompactSign(Buffer.from(JSON.stringify(payload)))
      .setProtectedHeader({ alg: algorithm, kid: this.#kid, typ, iat: Math.floor(now / 1000) })
      .sign(await this.#key);
  }
}

/** The public keys of the peers. */
export class Keyring {
  readonly #keys = new Map<string, { readonly by: string; readonly key: Promise<CryptoKey> }>();

  constructor(peers: readonly { readonly id: string; readonly keys: readonly PeerKey[] }[]) {
    for (const { id: by, keys } of peers) {
      for (const { id, x } of keys) {
        const jwk = importJWK({ kty: 'OKP', crv: 'Ed25519', x }, algorithm);
        const key = jwk as Promise<CryptoKey>;
        key.catch(() => undefined);
        this.#keys.set(`${by}/${id}`, { by, key });
      }
    }
  }

  /**
   * What is in it, if one of the peers has signed it.
   * @throws Refusal forged: by nobody we know, altered, or of another type
   */
  async open(jws: string, typ: SealType): Promise<Opened> {
    let by = '';
    try {
      const { payload, protectedHeader } = await compactVerify(
        jws,
        ({ kid = '' }) => {
          const known = this.#keys.get(kid);
          if (!known) throw new Error(`no key ${kid}`);
          by = known.by;
          return known.key;
        },
        { algorithms: [algorithm, 'Ed25519'] },
      );
      const { iat } = protectedHeader;
      if (protectedHeader.typ !== typ || typeof iat !== 'number') throw new Error('no such seal');
      return { by, payload: JSON.parse(utf8.decode(payload)) as unknown, signedAt: iat * 1000 };
    } catch {
      throw refused('forged');
    }
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** What stands in a message that was checked when it came in. */
export const payloadOf = (jws: string): unknown =>
  JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as unknown;

/** How a request's text is named in its signature. */
export const digestOf = (text: string | Buffer): string =>
  createHash('sha256').update(text).digest('base64url');
