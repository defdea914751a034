import { createHmac, timingSafeEqual } from 'node:crypto';
import { forPeer } from '../../tickets/copies.ts';
import { isShared, type TicketEvent } from '../../tickets/events.ts';

/**
 * The mark that our events carry (`seal`): an HMAC with a key that follows from our private one. A peer keeps and passes it
 * on; when a backup was put back here, what it tells in our name counts if the mark is right. After a change of keys that
 * is so only for events that were made with the key in use.
 */
export class OwnMark {
  readonly #key: Buffer;

  /** @param pem our private key of the exchange */
  constructor(pem: string) {
    this.#key = createHmac('sha256', pem).update('events of tickets').digest();
  }

  /** The event with our mark; what others are not told needs none. */
  on(event: TicketEvent): TicketEvent {
    return isShared(event) ? { ...event, seal: this.#of(event).toString('base64url') } : event;
  }

  isOurs(event: TicketEvent): boolean {
    const given = Buffer.from(event.seal ?? '', 'base64url');
    const right = this.#of(event);
    return given.length === right.length && timingSafeEqual(given, right);
  }

  #of(event: TicketEvent): Buffer {
    return createHmac('sha256', this.#key).update(shared(event)).digest();
  }
}

/** What an event is on every copy: without what each has of its own, and without a number that not all may see. */
function shared(event: TicketEvent): string {
  const { version: _v, heardAt: _h, seal: _s, ...rest } = forPeer(event, '', nobody);
  return JSON.stringify(rest, inOrder);
}

/** Peers may write the names in any order. */
const inOrder = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

const nobody = { hotlines: [] };
