import type { Clock } from '../../kernel/clock.ts';
import type { Words } from '../../kernel/errors.ts';
import type { TicketStore } from '../../tickets/sql/ticket-store.ts';
import type { Holder } from '../../tickets/ticket.ts';
import type { Book } from './book.ts';
import { clockNames } from './words.ts';

/** A clock of a ticket has warned, or its time is over. */
export interface ClockNews {
  readonly code: 'ticket-warned' | 'ticket-escalated';
  readonly ticket: string;
  readonly key: string;
  readonly clock: string;
  /** Who owes it. */
  readonly holder: Holder;
  readonly dueAt: number;
  readonly words: Words;
}

export interface ClockLoopNeeds {
  readonly store: TicketStore;
  readonly book: Book;
  readonly clock: Clock;
  /** At least so often it is looked whether a clock is due, ms. */
  readonly everyMs: number;
  readonly onNews: (news: ClockNews) => void;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

const AT_ONCE = 50;

/**
 * Looks after the clocks of tickets. Their rows in PostgreSQL are the truth; the timer only wakes, and whatever was due
 * while nobody looked is done when somebody does.
 */
export class ClockLoop {
  readonly #needs: ClockLoopNeeds;
  #stop: () => void = () => undefined;
  #closed = false;
  #round: Promise<void> = Promise.resolve();

  constructor(needs: ClockLoopNeeds) {
    this.#needs = needs;
  }

  begins(): void {
    this.#round = this.#look();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stop();
    await this.#round;
  }

  async #look(): Promise<void> {
    const { clock, everyMs, onTrouble } = this.#needs;
    let wait = everyMs;
    try {
      while (!this.#closed && (await this.#fires()) === AT_ONCE);
      wait = await this.#untilNext();
    } catch (error) {
      onTrouble('clocks of tickets cannot be looked at', { error: String(error) });
    }
    if (this.#closed) return;
    this.#stop = clock.after(wait, () => {
      this.#round = this.#look();
    });
  }

  /** @returns how many were due */
  async #fires(): Promise<number> {
    const { store, book, clock, onNews } = this.#needs;
    const due = await store.dueClocks(Math.floor(clock.now()), AT_ONCE);
    for (const { ticket, clock: id } of due) {
      const fired = await book.fires(ticket, id);
      if (fired) onNews(newsOf(fired));
    }
    return due.length;
  }

  async #untilNext(): Promise<number> {
    const { store, clock, everyMs } = this.#needs;
    const next = await store.nextClockAt();
    if (next === null) return everyMs;
    return Math.min(everyMs, Math.max(20, next - clock.now()));
  }
}

function newsOf({
  ticket,
  clock,
  over,
}: NonNullable<Awaited<ReturnType<Book['fires']>>>): ClockNews {
  const { zh, en } = clockNames[clock.kind];
  const { key } = ticket;
  return {
    code: over ? 'ticket-escalated' : 'ticket-warned',
    ticket: ticket.id,
    key,
    clock: clock.id,
    holder: clock.holder,
    dueAt: clock.dueAt,
    words: over
      ? { zh: `工单 ${key} ${zh}超时`, en: `Ticket ${key}: time for ${en} is over` }
      : { zh: `工单 ${key} ${zh}即将超时`, en: `Ticket ${key}: time for ${en} is nearly over` },
  };
}
