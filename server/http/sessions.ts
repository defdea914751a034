import { verify } from '@node-rs/argon2';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';
import { jwtVerify, SignJWT } from 'jose';
import { createHash, timingSafeEqual } from 'node:crypto';
import { isPasswordHash } from '../../config/schema.ts';
import { refusedBy } from './failures.ts';

const cookieName = 'liandong';
const shiftSeconds = 12 * 60 * 60;

/** Log-ins: a signed cookie for one shift, so that no store has to live for an operator to work. */
export class Sessions {
  private readonly key: Uint8Array;
  private readonly seats: readonly { readonly id: string; readonly password: string }[];

  /** More than one part asks who sends a request. */
  private readonly senders = new WeakMap<Request, Promise<string>>();

  constructor(
    secret: string,
    seats: readonly { readonly id: string; readonly password: string }[],
  ) {
    this.key = new TextEncoder().encode(secret);
    this.seats = seats;
  }

  /** Sets the cookie; refuses with wrong-log-in without saying which of the two was wrong. */
  async logIn(res: Response, id: string, password: string): Promise<void> {
    const seat = this.seats.find((one) => one.id === id);
    if (!seat || !(await matches(seat.password, password))) throw refusedBy('wrong-log-in');
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(id)
      .setIssuedAt()
      .setExpirationTime(`${shiftSeconds}s`)
      .sign(this.key);
    setCookie(res, token, shiftSeconds);
  }

  logOut(res: Response): void {
    setCookie(res, '', 0);
  }

  /** The seat that sends this request; refuses with not-logged-in. */
  seatOf(req: Request): Promise<string> {
    const asked = this.senders.get(req) ?? this.read(req);
    this.senders.set(req, asked);
    return asked;
  }

  private async read(req: Request): Promise<string> {
    const token = parseCookie(req.headers.cookie ?? '')[cookieName];
    if (token === undefined || token === '') throw refusedBy('not-logged-in');
    try {
      const { payload } = await jwtVerify(token, this.key, { algorithms: ['HS256'] });
      if (this.seats.some(({ id }) => id === payload.sub)) return payload.sub ?? '';
    } catch {
      // An old or foreign cookie is as good as none.
    }
    throw refusedBy('not-logged-in');
  }
}

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
