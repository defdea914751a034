import type { Words } from '../kernel/errors.ts';

/** What the configuration asks of those who start the parts, and what people need to begin. */
export interface Prepared {
  /** Asterisk's configuration, file name -> text; not used where ASTERISK_URL was given. */
  readonly asteriskFiles: Readonly<Record<string, string>>;
  /** First log-ins to print. */
  readonly logIns: readonly {
    readonly who: Words;
    readonly name: string;
    readonly password: string;
  }[];
  /** Pages to print. */
  readonly addresses: readonly { readonly what: Words; readonly url: string }[];
}

/**
 * The seam between tools and server: `server/bring-up.ts` exports `prepare` of this type.
 * `env` is exactly the environment that `server/main.ts` then gets:
 * LIANDONG_CONFIG (path), LIANDONG_RUN_DIR, LIANDONG_HTTP_PORT, LIANDONG_SIP_PORT, LIANDONG_RTP_FROM,
 * LIANDONG_RTP_TO, ASTERISK_URL (http://user:password@host:port; its port is Asterisk's HTTP port and
 * its user and password belong into ari.conf), REDIS_URL, DATABASE_URL.
 */
export type Prepare = (env: Readonly<Record<string, string | undefined>>) => Promise<Prepared>;

/** Loads `prepare` of the server; late, because it brings the whole server's modules with it. */
export async function loadPrepare(): Promise<Prepare> {
  const { prepare } = await import('../server/bring-up.ts');
  return prepare;
}
