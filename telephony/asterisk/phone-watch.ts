import type { AriEvent, AriSession } from './ari/session.ts';
import { seatEndpoint } from './plan.ts';

export interface PhoneWatchNeeds {
  /** A session of an application of its own, for the reason for which `TrunkWatch` has one. */
  readonly session: AriSession;
  /** Name of that application. */
  readonly app: string;
  /** Seats that have phones. */
  readonly seats: readonly string[];
  /** Told first of every seat, then of each change: whether a phone is registered for it and can be reached. */
  readonly onPhone: (seat: string, there: boolean) => void;
}

/** All that its session need bring. */
export const phoneEvents = ['EndpointStateChange'] as const;

interface Endpoint {
  readonly technology: string;
  readonly resource: string;
  /** `unknown`: Asterisk cannot tell. */
  readonly state?: string;
}

interface Phone {
  readonly seat: string;
  readonly there: boolean;
}

/**
 * Knows which seats have a phone: Asterisk calls an endpoint online while it has a contact that is not known to be
 * unreachable, be it registered or fixed.
 */
export class PhoneWatch {
  private readonly needs: PhoneWatchNeeds;
  private readonly seatOf: ReadonlyMap<string, string>;
  private changes = 0;
  /** Which change was told last of a seat's phone. */
  private readonly changed = new Map<string, number>();

  constructor(needs: PhoneWatchNeeds) {
    this.needs = needs;
    this.seatOf = new Map(needs.seats.map((seat) => [seatEndpoint(seat), seat]));
    needs.session.onEvent((event) => this.heard(event));
    needs.session.onState((state) => {
      if (state === 'up') void this.begin();
    });
  }

  /** Begins to watch; asked again by itself whenever the session comes back. Never rejects. */
  async begin(): Promise<void> {
    const { app, session } = this.needs;
    const subscribes = [...this.seatOf.keys()].map((name) => {
      const query = { eventSource: `endpoint:PJSIP/${name}` };
      const uri = `applications/${app}/subscription`;
      return session.request({ method: 'POST', uri, query }).catch(() => undefined);
    });
    await Promise.all(subscribes);
    const before = this.changes;
    const reply = await session
      .request({ method: 'GET', uri: 'endpoints/PJSIP' })
      .catch(() => undefined);
    if (!reply || reply.status >= 300) return;
    for (const endpoint of reply.body as readonly Endpoint[]) {
      const phone = this.phoneOf(endpoint);
      // The list comes by a way of its own: a change that was told while it was asked for may be younger, and stands.
      if (phone && (this.changed.get(phone.seat) ?? 0) <= before)
        this.needs.onPhone(phone.seat, phone.there);
    }
  }

  private heard(event: AriEvent): void {
    const phone = event.type === 'EndpointStateChange' && this.phoneOf(event.endpoint as Endpoint);
    if (!phone) return;
    this.changed.set(phone.seat, (this.changes += 1));
    this.needs.onPhone(phone.seat, phone.there);
  }

  /** Undefined: no seat's, or it cannot be told. */
  private phoneOf({ technology, resource, state }: Endpoint): Phone | undefined {
    const seat = technology === 'PJSIP' ? this.seatOf.get(resource) : undefined;
    if (seat === undefined || (state !== 'online' && state !== 'offline')) return undefined;
    return { seat, there: state === 'online' };
  }
}
