import type { Clock } from '../../kernel/clock.ts';
import { isParty, type Holder, type Ticket } from '../../tickets/ticket.ts';
import { joined } from '../../telephony/recording/gaps.ts';
import type { Tickets } from '../tickets/tickets.ts';
import { mayDelete } from './retention.ts';
import type { Kept, Shelf } from './shelf.ts';

export interface InTicketsNeeds {
  readonly tickets: Pick<Tickets, 'state' | 'does' | 'us' | 'rules'>;
  readonly shelf: Shelf;
  readonly keepDays: number;
  readonly clock: Clock;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

const DAY_MS = 86_400_000;
/** A ticket may be written later than the recording of its call. */
const TRY_AFTER_MS = [0, 2_000, 15_000, 60_000] as const;
const LOOK_EVERY_MS = 3_600_000;
/** Whose ticket has not come by then has none. */
const NEW_FOR_MS = 3 * DAY_MS;

/**
 * Puts the hash of each recording into the stories of its call's tickets, and deletes by rule what has lain long enough.
 * No call waits for it.
 */
export class InTickets {
  readonly #needs: InTicketsNeeds;
  readonly #stops = new Set<() => void>();
  readonly #underWay = new Set<Promise<void>>();
  #closed = false;

  constructor(needs: InTicketsNeeds) {
    this.#needs = needs;
  }

  /** A recording has been closed. */
  kept(kept: Kept, tried = 0): void {
    const ms = TRY_AFTER_MS[tried];
    if (ms === undefined || this.#needs.tickets.state === 'off') return;
    this.#after(ms, async () => {
      if (!(await this.#told(kept))) this.kept(kept, tried + 1);
    });
  }

  /** Looks now and then for what was left, and for what may be deleted. */
  begins(): void {
    this.#after(0, () => this.#looks());
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of this.#stops) stop();
    await Promise.all(this.#underWay);
  }

  async #looks(): Promise<void> {
    const { shelf, clock, keepDays, tickets } = this.#needs;
    const now = clock.now();
    if (tickets.state !== 'off') {
      for await (const kept of shelf.between(now - NEW_FOR_MS, now)) {
        if (kept.tickets === null) await this.#told(kept);
      }
    }
    for await (const kept of shelf.withSoundUntil(now - keepDays * DAY_MS)) {
      if (this.#closed) return;
      await this.#deletes(kept);
    }
    this.#after(LOOK_EVERY_MS, () => this.#looks());
  }

  /** False: there is no ticket that has it yet. */
  async #told(kept: Kept): Promise<boolean> {
    const { tickets, shelf } = this.#needs;
    const { id, call, startedAt, ms, sha256, gaps } = kept;
    const recording = { id, call, startedAt, ms, sha256, gaps: without(gaps) };
    const has = await tickets
      .does(async ({ book, store }) => {
        await book.ofCall(call, (found) =>
          found.map((ticket) => ({
            ticket: ticket.id,
            by: { ...this.#ours(ticket), person: null },
            request: { type: 'link-recording', ...recording },
          })),
        );
        return (await store.ofCall(call)).filter((one) =>
          one.recordings.some((it) => it.id === id),
        );
      })
      .catch(() => []);
    if (has.length === 0) return false;
    await shelf.write({ ...kept, tickets: has.map((ticket) => ticket.id) });
    return true;
  }

  async #deletes(kept: Kept): Promise<void> {
    const { shelf, clock, keepDays, tickets } = this.#needs;
    const now = clock.now();
    const all =
      tickets.state === 'off'
        ? []
        : await tickets.does(({ store }) => store.ofCall(kept.call)).catch(() => null);
    // A ticket that took the call in later has its hash first, and the next look goes on.
    if (all?.some(({ id }) => !kept.tickets?.includes(id))) return void (await this.#told(kept));
    if (!mayDelete(kept, all, keepDays, now)) return;
    // First it is said: a sound that is gone without that would be a loss.
    for (const ticket of all ?? []) {
      const by = { ...this.#ours(ticket), person: null };
      await tickets.does(({ book }) =>
        book.ask(ticket.id, { type: 'delete-recording', id: kept.id }, by),
      );
    }
    await shelf.write({ ...kept, deletedAt: now });
    await shelf.deletesSound(kept);
  }

  /** The hotline of ours that has to do with the ticket. */
  #ours(ticket: Ticket): Holder {
    const { us, rules } = this.#needs.tickets;
    const ours = rules.hotlines.filter(({ deployment }) => deployment === us);
    const found = ours.find((one) => isParty(ticket, one)) ?? ours[0] ?? ticket.owner;
    return { deployment: found.deployment, hotline: found.hotline };
  }

  #after(ms: number, then: () => Promise<void>): void {
    if (this.#closed) return;
    const { clock, onTrouble } = this.#needs;
    const stop = clock.after(ms, () => {
      this.#stops.delete(stop);
      const done = then()
        .catch((error: unknown) => onTrouble('Recordings kept', { error: String(error) }))
        .finally(() => this.#underWay.delete(done));
      this.#underWay.add(done);
    });
    this.#stops.add(stop);
  }
}

/** Missing on one side or on both. */
const without = (gaps: Kept['gaps']): { fromMs: number; toMs: number }[] =>
  joined(gaps.map(({ fromMs: from, toMs: to }) => ({ from, to }))).map(({ from, to }) => ({
    fromMs: from,
    toMs: to,
  }));
