import { verify } from '@node-rs/argon2';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';
import { errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { createHash, timingSafeEqual } from 'node:crypto';
import { isPasswordHash } from '../../config/schema.ts';
import { refusedBy } from './failures.ts';

const cookieName = 'liandong';
const shiftSeconds = 12 * 60 * 60;
export const shiftMs = shiftSeconds * 1000;
/** A call is not cut short by the end of a shift: its log-in holds so much longer, as long as the call lasts. */
const graceSeconds = 12 * 60 * 60;

/** Who can log in: an operator at a seat; a manager or one of the emergency staff; a site elsewhere. */
export interface Who {
  readonly kind: 'seat' | 'person' | 'site';
  readonly id: string;
  /** What a person may do; seats and sites have none. */
  readonly roles: readonly Role[];
  /** A manager's own place; null: he has none, or it is no person. */
  readonly place: string | null;
}
const kinds = ['seat', 'person', 'site'] as const;
export type Role = 'manager' | 'emergency';

/** The seat at which somebody is; null: at none. */
export const seatOf = (who: Who | null): string | null =>
  who?.kind === 'seat' ? who.id : (who?.place ?? null);

export type Account = Who & { readonly password: string };

interface Session {
  readonly account: Account;
  readonly endsAt: number;
}

/** Log-ins: a signed cookie for one shift, so that no store has to live for an operator to work. */
export class Sessions {
  private readonly key: Uint8Array;
  private readonly accounts: ReadonlyMap<string, Account>;

  /** More than one part asks who sends a request. */
  private readonly senders = new WeakMap<Request, Promise<Session>>();
  private readonly isInCall: (seat: string) => boolean;

  constructor(
    secret: string,
    accounts: readonly Account[],
    isInCall: (seat: string) => boolean = () => false,
  ) {
    this.isInCall = isInCall;
    this.key = new TextEncoder().encode(secret);
    this.accounts = new Map(accounts.map((account) => [nameOf(account), account]));
  }

  /**
   * Sets the cookie; refuses with wrong-log-in without saying which of the two was wrong.
   * @param kind any: whoever has this name and this password
   */
  async logIn(
    res: Response,
    kind: Who['kind'] | 'any',
    id: string,
    password: string,
  ): Promise<Who> {
    const account = await this.find(kind === 'any' ? kinds : [kind], id, password);
    if (!account) throw refusedBy('wrong-log-in');
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(nameOf(account))
      .setIssuedAt()
      .setExpirationTime(`${shiftSeconds}s`)
      .sign(this.key);
    setCookie(res, token, shiftSeconds + graceSeconds);
    return account;
  }

  /** Whether this is the password of this person. */
  async isPerson(id: string, password: string): Promise<boolean> {
    return (await this.find(['person'], id, password)) !== undefined;
  }

  private async find(
    asked: readonly Who['kind'][],
    id: string,
    password: string,
  ): Promise<Account | undefined> {
    for (const kind of asked) {
      const account = this.accounts.get(nameOf({ kind, id }));
      if (account && (await matches(account.password, password))) return account;
    }
    return undefined;
  }

  logOut(res: Response): void {
    setCookie(res, '', 0);
  }

  /** Who sends this request; refuses with not-logged-in. */
  async whoOf(req: Request): Promise<Who> {
    return (await this.of(req)).account;
  }

  /** When the log-in of who sends this ends (epoch milliseconds); refuses with not-logged-in. */
  async endOf(req: Request): Promise<number> {
    return (await this.of(req)).endsAt;
  }

  private of(req: Request): Promise<Session> {
    const asked = this.senders.get(req) ?? this.read(req);
    this.senders.set(req, asked);
    return asked;
  }

  private async read(req: Request): Promise<Session> {
    const token = parseCookie(req.headers.cookie ?? '')[cookieName];
    if (token === undefined || token === '') throw refusedBy('not-logged-in');
    const payload = await this.payloadOf(token);
    const account = this.accounts.get(payload?.sub ?? '');
    const endsAt = (payload?.exp ?? 0) * 1000;
    // An old or foreign cookie is as good as none.
    if (!account || (endsAt <= Date.now() && !this.isInCall(seatOf(account) ?? ''))) {
      throw refusedBy('not-logged-in');
    }
    return { account, endsAt };
  }

  /** Of a token of ours; undefined: foreign, or too old even for a call. */
  private async payloadOf(token: string): Promise<JWTPayload | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.key, {
        algorithms: ['HS256'],
        clockTolerance: graceSeconds,
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}

const nameOf = ({ kind, id }: Pick<Who, 'kind' | 'id'>): string => `${kind} ${id}`;

async function matches(stored: string, given: string): Promise<boolean> {
  if (isPasswordHash(stored)) return verify(stored, given);
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(stored), digest(given));
}

function setCookie(res: Response, value: string, maxAge: number): void {
  res.append(
    'Set-Cookie',
    stringifySetCookie({
      name: cookieName,
      value,
      maxAge,
      httpOnly: true,
      sameSite: 'strict',
      path: '/',
    }),
  );
}
