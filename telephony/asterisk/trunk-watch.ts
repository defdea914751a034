import type { AriEvent, AriSession } from './ari/session.ts';

export interface TrunkWatchNeeds {
  /**
   * A session of an application of its own: who watches a trunk is told everything of every channel on it too, and an
   * application that takes calls would hear it all twice (measured on Asterisk 22.10).
   */
  readonly session: AriSession;
  /** Name of that application. */
  readonly app: string;
  /** Names of trunks that Asterisk asks (`qualifySeconds` > 0). */
  readonly trunks: readonly string[];
  /** Told first of every trunk, then of each change; the round trip of the question where its first asking was answered. */
  readonly onReached: (trunk: string, up: boolean, roundTripMs: number | null) => void;
}

interface Contact {
  readonly contact_status: string;
  readonly roundtrip_usec: string;
}

/** All that its session need bring. */
export const watchedEvents = ['ContactStatusChange'] as const;

/**
 * From here on an answer may be that to a question asked again (RFC 3261, timer T1), and says nothing of the way:
 * of one who was away and came back Asterisk 22.10 told 536 ms over loopback.
 */
const ASKED_AGAIN_MS = 500;

/** Knows which trunks are there. */
export class TrunkWatch {
  private readonly needs: TrunkWatchNeeds;
  /** Of these a change was told while it was asked how they are: it may be younger than the answer, and stands. */
  private readonly changed = new Set<string>();

  constructor(needs: TrunkWatchNeeds) {
    this.needs = needs;
    needs.session.onEvent((event) => this.heard(event));
    needs.session.onState((state) => {
      if (state === 'up') void this.begin();
    });
  }

  /** Begins to watch; asked again by itself whenever the session comes back. Never rejects. */
  async begin(): Promise<void> {
    const { app, trunks } = this.needs;
    for (const trunk of trunks) {
      const eventSource = `endpoint:PJSIP/${trunk}`;
      await this.ask('POST', `applications/${app}/subscription`, { eventSource });
      this.changed.delete(trunk);
      const up = await isReached(this.needs.session, trunk);
      if (up !== null && !this.changed.has(trunk)) this.needs.onReached(trunk, up, null);
    }
  }

  private heard(event: AriEvent): void {
    if (event.type !== 'ContactStatusChange') return;
    const { resource } = event.endpoint as { readonly resource: string };
    const { contact_status: status, roundtrip_usec: microseconds } = event.contact_info as Contact;
    if (!this.needs.trunks.includes(resource)) return;
    if (status !== 'Reachable' && status !== 'Unreachable') return;
    this.changed.add(resource);
    const up = status === 'Reachable';
    const tookMs = Number(microseconds) / 1000;
    this.needs.onReached(resource, up, up && tookMs < ASKED_AGAIN_MS ? tookMs : null);
  }

  private ask(method: 'POST', uri: string, query: Readonly<Record<string, string>>) {
    return this.needs.session.request({ method, uri, query }).catch(() => undefined);
  }
}

/** Whether a trunk is there, as Asterisk has found by asking it (`qualifySeconds`); null: it cannot be told. */
export async function isReached(session: AriSession, trunk: string): Promise<boolean | null> {
  const uri = `endpoints/PJSIP/${trunk}`;
  const reply = await session.request({ method: 'GET', uri }).catch(() => undefined);
  const state = (reply?.body as { readonly state?: string } | undefined)?.state;
  return state === 'online' || state === 'offline' ? state === 'online' : null;
}
