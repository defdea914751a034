import type { Answer, Failure } from './views.ts';
import { limits, type Message } from './envelope.ts';
import { answered, parted, reachable, reached, unanswered, type Reachable } from './order.ts';
import { post, type Posted } from './post.ts';
import { refused } from './refusals.ts';
import type { SenderNeeds } from './sender.ts';
import type { Due, Settled } from './stores.ts';

export interface LineNeeds extends Omit<SenderNeeds, 'peers' | 'alarm'> {
  readonly to: string;
  readonly url: string;
  readonly onClock: (offMs: number) => void;
  readonly later: (ms: number) => void;
}

/** One ticket's messages, signed. */
interface Sealed {
  readonly due: Due;
  readonly texts: readonly string[];
}

/** So many messages of one ticket go in one request. */
const DEEP = 16;

/** The way to one peer: a few requests at a time, no ticket in two of them. */
export class Line {
  readonly #needs: LineNeeds;
  readonly #underWay = new Set<string>();
  #reach: Reachable = reachable;
  #lanes = 0;
  #again = false;
  #closed = false;
  #taking: Promise<unknown> = Promise.resolve();
  #idle: Promise<void> = Promise.resolve();
  #stopTimer: () => void = () => undefined;

  constructor(needs: LineNeeds) {
    this.#needs = needs;
  }

  get reach(): Reachable {
    return this.#reach;
  }

  wake(): void {
    this.#again = true;
    if (this.#lanes === 0) this.#begin();
  }

  heardFrom(): void {
    if (this.#reach.failures > 0) this.#reach = { ...this.#reach, againAt: 0 };
    this.wake();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopTimer();
    for (let idle; idle !== this.#idle;) await (idle = this.#idle);
  }

  #begin(): void {
    if (this.#closed || this.#lanes >= this.#needs.lanes) return;
    this.#lanes += 1;
    this.#stopTimer();
    this.#idle = Promise.all([this.#idle, this.#lane()]).then(() => undefined);
  }

  /** Sends for as long as there is something to send. */
  async #lane(): Promise<void> {
    try {
      do {
        this.#again = false;
        for (;;) {
          const batch = await this.#take();
          if (batch.length === 0) break;
          await this.#send(batch);
        }
      } while (this.#again && !this.#closed);
    } catch (error) {
      this.#needs.onTrouble('the outbox cannot be read', { error: String(error) });
    } finally {
      this.#lanes -= 1;
      if (this.#lanes === 0) await this.#sleep();
    }
  }

  /** Tickets for one lane; one lane takes at a time, so that none is taken twice. */
  #take(): Promise<readonly Due[]> {
    const taken = this.#taking.then(async () => {
      const { clock, outbox, to } = this.#needs;
      const { failures, againAt, width } = this.#reach;
      const now = clock.now();
      // While the peer is down one lane asks for it, and the others rest.
      const rests = failures > 0 && (againAt > now || this.#underWay.size > 0);
      if (this.#closed || rests) return [];
      const deep = width === 1 ? 1 : DEEP;
      const due = await outbox.due(to, now, width, deep, [...this.#underWay]);
      for (const { ticket } of due) this.#underWay.add(ticket);
      if (due.length === width && failures === 0) this.#begin();
      return due;
    });
    this.#taking = taken.catch(() => undefined);
    return taken;
  }

  async #send(batch: readonly Due[]): Promise<void> {
    try {
      const most = { messages: limits.messages, bytes: limits.requestBytes - 1024 };
      const sealed = await Promise.all(batch.map((due) => this.#seal(due, most.bytes)));
      for (const part of parted(sealed, most, weightOf)) {
        const texts = part.flatMap((one) => one.texts);
        const { url, patienceMs } = this.#needs;
        const posted = await post(url, JSON.stringify({ messages: texts }), patienceMs);
        await this.#settle(part, posted);
        if (posted.what !== 'answered') break;
      }
    } finally {
      for (const { ticket } of batch) this.#underWay.delete(ticket);
    }
  }

  /** As many of a ticket's messages as fit into one request; at least one. */
  async #seal(due: Due, mostBytes: number): Promise<Sealed> {
    const { signer, clock } = this.#needs;
    const sign = (message: Message) => signer.sign('liandong-message', message, clock.now());
    const texts = await Promise.all(due.messages.map(sign));
    let bytes = 0;
    const fits = texts.filter((text) => (bytes += text.length + 3) <= mostBytes);
    const { length } = fits.length === 0 ? texts.slice(0, 1) : fits;
    return {
      due: { ...due, messages: due.messages.slice(0, length) },
      texts: texts.slice(0, length),
    };
  }

  async #settle(part: readonly Sealed[], posted: Posted): Promise<void> {
    const { outbox, to, clock, chance } = this.#needs;
    const now = clock.now();
    this.#reached(reached(this.#reach, posted.what, now, chance()), posted);
    if (posted.what === 'answered') {
      this.#needs.onClock(-posted.given.clock.offMs);
      const answers = new Map(posted.given.answers.map((one) => [one.id, one]));
      await outbox.settle(
        to,
        part.map(({ due }) => this.#answered(due, answers, now)),
      );
      return;
    }
    const [only] = part;
    if (!only || part.length > 1 || posted.what === 'unreachable') return;
    const { due } = only;
    const [first] = due.messages;
    if (posted.what === 'silent') {
      await outbox.settle(to, [{ ...named(due), after: unanswered(due.standing, now) }]);
    } else if (first && due.messages.length === 1) {
      const { ticket, id, sequence } = first;
      const answer: Answer = { ...posted.why, outcome: 'refused', ticket, id, sequence };
      await outbox.settle(to, [this.#answered(due, new Map([[id, answer]]), now)]);
    }
  }

  #answered(due: Due, answers: ReadonlyMap<string, Answer>, now: number): Settled {
    const after = due.messages.reduce((standing, { id, sequence }) => {
      const answer = answers.get(id) ?? unsaid;
      return answered(standing, sequence, answer, now, this.#needs.chance());
    }, due.standing);
    if (after.dead && !due.standing.dead) {
      const { code } = after.dead;
      const { to, onTrouble } = this.#needs;
      onTrouble('a message is given up', { to, ticket: due.ticket, sequence: after.next, code });
    }
    return { ...named(due), after };
  }

  #reached(after: Reachable, posted: Posted): void {
    const before = this.#reach;
    this.#reach = after;
    if ((before.downSince === null) === (after.downSince === null)) return;
    const why: Failure | null = posted.what === 'answered' ? null : posted.why;
    this.#needs.onReach?.(this.#needs.to, after.downSince, why);
  }

  /** Until the peer may be tried again, a ticket is no longer held back, or it is time to look whether anything was missed. */
  async #sleep(): Promise<void> {
    const { clock, outbox, to, pollMs, later } = this.#needs;
    const now = clock.now();
    const { failures, againAt } = this.#reach;
    const nextAt = failures > 0 ? againAt : await outbox.nextAt(to, now).catch(() => null);
    if (this.#closed || this.#lanes > 0) return;
    const ms = Math.max(10, Math.min(pollMs, (nextAt ?? Infinity) - now));
    this.#stopTimer = clock.after(ms, () => this.wake());
    if (ms < pollMs) later(ms);
  }
}

const named = ({ ticket, standing }: Due): Pick<Settled, 'ticket' | 'before'> => ({
  ticket,
  before: standing,
});

const weightOf = ({ texts }: Sealed) => ({
  messages: texts.length,
  bytes: texts.reduce((sum, { length }) => sum + length + 3, 0),
});

/** The peer has answered, but not to this message. */
const unsaid = { outcome: 'later', words: refused('no-answer').words } as const;
