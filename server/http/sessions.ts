import { verify } from '@node-rs/argon2';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';
import { jwtVerify, SignJWT } from 'jose';
import { createHash, timingSafeEqual } from 'node:crypto';
import { isPasswordHash } from '../../config/schema.ts';
import { refusedBy } from './failures.ts';

const cookieName = 'liandong';
const shiftSeconds = 12 * 60 * 60;

/** Who can log in: an operator at a seat; a manager or one of the emergency staff; a site elsewhere. */
export interface Who {
  readonly kind: 'seat' | 'person' | 'site';
  readonly id: string;
  /** What a person may do; seats and sites have none. */
  readonly roles: readonly Role[];
}
export type Role = 'manager' | 'emergency';

export type Account = Who & { readonly password: string };

/** Log-ins: a signed cookie for one shift, so that no store has to live for an operator to work. */
export class Sessions {
  private readonly key: Uint8Array;
  private readonly accounts: ReadonlyMap<string, Account>;

  /** More than one part asks who sends a request. */
  private readonly senders = new WeakMap<Request, Promise<Who>>();

  constructor(secret: string, accounts: readonly Account[]) {
    this.key = new TextEncoder().encode(secret);
    this.accounts = new Map(accounts.map((account) => [nameOf(account), account]));
  }

  /** Sets the cookie; refuses with wrong-log-in without saying which of the two was wrong. */
  async logIn(res: Response, kind: Who['kind'], id: string, password: string): Promise<void> {
    const name = nameOf({ kind, id });
    const account = this.accounts.get(name);
    if (!account || !(await matches(account.password, password))) throw refusedBy('wrong-log-in');
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(name)
      .setIssuedAt()
      .setExpirationTime(`${shiftSeconds}s`)
      .sign(this.key);
    setCookie(res, token, shiftSeconds);
  }

  logOut(res: Response): void {
    setCookie(res, '', 0);
  }

  /** Who sends this request; refuses with not-logged-in. */
  whoOf(req: Request): Promise<Who> {
    const asked = this.senders.get(req) ?? this.read(req);
    this.senders.set(req, asked);
    return asked;
  }

  private async read(req: Request): Promise<Who> {
    const token = parseCookie(req.headers.cookie ?? '')[cookieName];
    if (token === undefined || token === '') throw refusedBy('not-logged-in');
    try {
      const { payload } = await jwtVerify(token, this.key, { algorithms: ['HS256'] });
      const account = this.accounts.get(payload.sub ?? '');
      if (account) return account;
    } catch {
      // An old or foreign cookie is as good as none.
    }
    throw refusedBy('not-logged-in');
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
