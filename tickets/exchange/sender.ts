import type { Clock } from '../../kernel/clock.ts';
import { ClockWatch } from './request.ts';
import { Line } from './line.ts';
import type { Reachable } from './order.ts';
import type { Peer } from './peers.ts';
import type { Signer } from './seal.ts';
import type { Outbox } from './stores.ts';
import type { Failure } from './views.ts';

/** Wakes a peer's line at a time. It may be lost, or wake twice: the sender looks for itself every `pollMs`. */
export interface Alarm {
  set(peer: string, inMs: number): void;
  close(): Promise<void>;
}

export interface SenderNeeds {
  readonly us: string;
  readonly peers: readonly Peer[];
  readonly outbox: Outbox;
  readonly signer: Signer;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly chance: () => number;
  /** A request without an answer for so long is sent again; ms. */
  readonly patienceMs: number;
  /** The longest that something said by nobody's wake waits for being seen; ms. */
  readonly pollMs: number;
  /** Requests under way to one peer at a time. */
  readonly lanes: number;
  readonly alarm?: (wake: (peer: string) => void) => Alarm;
  /** A peer is down since then (null: it is back), and why. */
  readonly onReach?: (peer: string, downSince: number | null, why: Failure | null) => void;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** Brings what is said to the peers that can be called: in order for each ticket, and until it is taken or given up. */
export class Sender {
  readonly #lines = new Map<string, Line>();
  readonly #alarm: Alarm | undefined;

  constructor(needs: SenderNeeds) {
    const clocks = new ClockWatch(needs.onTrouble);
    this.#alarm = needs.alarm?.((peer) => this.wake(peer));
    for (const { id, url } of needs.peers) {
      if (url === null) continue;
      const onClock = (offMs: number) => clocks.seen(id, offMs);
      const later = (ms: number) => this.#alarm?.set(id, ms);
      const to = `${url.replace(/\/+$/, '')}/exchange/v1/messages`;
      this.#lines.set(id, new Line({ ...needs, to: id, url: to, onClock, later }));
    }
  }

  /** Begins with whatever is left from before. */
  begins(): void {
    for (const line of this.#lines.values()) line.wake();
  }

  /** Something was said to this peer, and is committed. */
  wake(peer: string): void {
    this.#lines.get(peer)?.wake();
  }

  /** The peer has called us: it is there again. */
  heardFrom(peer: string): void {
    this.#lines.get(peer)?.heardFrom();
  }

  /** How a peer can be reached; null: it is not called. */
  reach(peer: string): Reachable | null {
    return this.#lines.get(peer)?.reach ?? null;
  }

  /** Ends when the requests under way have ended. */
  async close(): Promise<void> {
    await Promise.all([...this.#lines.values()].map((line) => line.close()));
    await this.#alarm?.close();
  }
}
