import { VOID, type Message, type Unnumbered } from '../../tickets/exchange/envelope.ts';
import {
  isDue,
  mute,
  replayed,
  said,
  type Incoming,
  type Outgoing,
} from '../../tickets/exchange/order.ts';
import type {
  Backlog,
  DeadLetter,
  Due,
  FeedPage,
  Heard,
  Inbox,
  LetGo,
  Outbox,
  Page,
  Settled,
} from '../../tickets/exchange/stores.ts';

/** Outbox and inbox in memory, for tests of the rules and of the wire without a database. */

interface Stream {
  standing: Outgoing;
  /** The message n at n - 1, with its place in the feed. */
  readonly said: { message: Message; place: number }[];
}

export class MemoryOutbox implements Outbox {
  readonly #streams = new Map<string, Stream>();
  #place = 0;

  /** Says something to a peer; its number is the next one for this ticket. */
  say(message: Unnumbered): Message {
    const stream = this.#stream(message.to, message.ticket);
    stream.standing = said(stream.standing);
    const whole = { ...message, sequence: stream.standing.last };
    stream.said.push({ message: whole, place: (this.#place += 1) });
    return whole;
  }

  standing(to: string, ticket: string): Outgoing {
    return this.#stream(to, ticket).standing;
  }

  standings(to: string, tickets: readonly string[]): Promise<ReadonlyMap<string, Outgoing>> {
    const known = this.#to(to).filter(([ticket]) => tickets.includes(ticket));
    return Promise.resolve(new Map(known.map(([ticket, { standing }]) => [ticket, standing])));
  }

  due(
    to: string,
    now: number,
    most: number,
    deep: number,
    except: readonly string[],
  ): Promise<readonly Due[]> {
    const due = this.#to(to)
      .filter(([ticket, { standing }]) => isDue(standing, now) && !except.includes(ticket))
      .slice(0, most)
      .map(([ticket, stream]) => ({
        ticket,
        standing: stream.standing,
        messages: waitingIn(stream).slice(0, deep),
      }));
    return Promise.resolve(due);
  }

  nextAt(to: string, now: number): Promise<number | null> {
    const held = this.#to(to)
      .map(([, { standing }]) => standing)
      .filter(({ next, last, dead }) => next <= last && dead === null)
      .map(({ heldUntil }) => Math.max(now, heldUntil));
    return Promise.resolve(held.length === 0 ? null : Math.min(...held));
  }

  settle(to: string, settled: readonly Settled[]): Promise<void> {
    for (const { ticket, before, after } of settled) {
      const stream = this.#stream(to, ticket);
      if (stream.standing.next !== before.next) continue;
      stream.standing = { ...after, last: stream.standing.last };
    }
    return Promise.resolve();
  }

  backlog(to: string): Promise<Backlog> {
    const streams = this.#to(to).map(([, stream]) => stream);
    const waiting = streams.flatMap(waitingIn);
    return Promise.resolve({
      messages: waiting.length,
      tickets: streams.filter((stream) => waitingIn(stream).length > 0).length,
      dead: streams.filter(({ standing }) => standing.dead !== null).length,
      oldest: waiting.length === 0 ? null : Math.min(...waiting.map(({ sentAt }) => sentAt)),
    });
  }

  waiting(to: string, most: number, only: string | null = null): Promise<readonly Message[]> {
    const waiting = this.#to(to)
      .flatMap(([, stream]) => waitingIn(stream))
      .filter(({ ticket }) => only === null || ticket === only);
    return Promise.resolve(waiting.sort((a, b) => a.sentAt - b.sentAt).slice(0, most));
  }

  dead(to: string, most: number): Promise<readonly DeadLetter[]> {
    const letters = this.#to(to).flatMap(([, stream]): DeadLetter[] => {
      const { next, last, dead: why } = stream.standing;
      const message = stream.said[next - 1]?.message;
      return why && message ? [{ message, why, behind: last - next }] : [];
    });
    return Promise.resolve(letters.slice(0, most));
  }

  replay(to: string, ticket: string): Promise<boolean> {
    const stream = this.#stream(to, ticket);
    const was = stream.standing.dead !== null;
    if (was) stream.standing = replayed(stream.standing);
    for (const one of stream.said.slice(stream.standing.next - 1)) one.place = this.#place += 1;
    return Promise.resolve(was);
  }

  letGo(to: string, ticket: string, _by: LetGo): Promise<boolean> {
    const { standing, said: all } = this.#stream(to, ticket);
    const letter = all[standing.next - 1];
    if (!standing.dead || !letter) return Promise.resolve(false);
    letter.message = { ...letter.message, type: VOID, body: {} };
    return this.replay(to, ticket);
  }

  feed(to: string, after: string | null, most: number): Promise<FeedPage> {
    const start = Number(after ?? 0);
    for (const [, { said: all, standing }] of this.#to(to)) {
      const fetched = all.filter(({ place }) => place <= start).length;
      if (fetched >= standing.next && !standing.dead) {
        this.#stream(to, all[0]?.message.ticket ?? '').standing = {
          ...standing,
          next: fetched + 1,
        };
      }
    }
    const page = this.#to(to)
      .flatMap(([, { said: all, standing }]) =>
        all.filter(
          ({ message: { sequence }, place }) =>
            place > start &&
            (standing.dead === null || sequence < standing.next) &&
            (after !== null || sequence >= standing.next),
        ),
      )
      .sort((a, b) => a.place - b.place)
      .slice(0, most);
    const cursor = page.at(-1)?.place ?? start;
    return Promise.resolve({ messages: page.map(({ message }) => message), cursor: `${cursor}` });
  }

  #stream(to: string, ticket: string): Stream {
    const key = `${to} ${ticket}`;
    const stream = this.#streams.get(key) ?? { standing: mute, said: [] };
    this.#streams.set(key, stream);
    return stream;
  }

  #to(to: string): [ticket: string, Stream][] {
    return [...this.#streams]
      .filter(([key]) => key.startsWith(`${to} `))
      .map(([key, stream]) => [key.slice(to.length + 1), stream]);
  }
}

const waitingIn = ({ standing, said: all }: Stream): Message[] =>
  all.slice(standing.next - 1).map(({ message }) => message);

interface Kept {
  readonly id: string;
  readonly text: string;
}

/** `Tx`: what is done in a transaction is told at its end, and not if it is undone. */
export class MemoryInbox implements Inbox<(() => void)[]> {
  readonly #streams = new Map<string, { expected: number; kept: Map<number, Kept> }>();
  readonly #nonces = new Map<string, number>();
  /** Each transaction waits for the one before, as a lock would have it. */
  #last: Promise<unknown> = Promise.resolve();

  within<Result>(
    from: string,
    _messages: readonly Message[],
    _now: number,
    work: (page: Page<(() => void)[]>) => Promise<Result>,
  ): Promise<Result> {
    const done = this.#last.then(async () => {
      const changed = new Map<string, { expected: number; kept: Map<number, Kept> }>();
      const at = (ticket: string) =>
        changed.get(ticket) ??
        this.#streams.get(`${from} ${ticket}`) ?? { expected: 1, kept: new Map<number, Kept>() };
      const tx: (() => void)[] = [];
      const result = await work({
        tx,
        standing: (ticket): Incoming => at(ticket),
        parked: (ticket, sequence) => at(ticket).kept.get(sequence)?.text,
        keep: ({ message, text }: Heard, { expected }: Incoming) => {
          const { kept } = at(message.ticket);
          const more = new Map(kept).set(message.sequence, { id: message.id, text });
          changed.set(message.ticket, { expected, kept: more });
        },
      });
      for (const [ticket, stream] of changed) this.#streams.set(`${from} ${ticket}`, stream);
      for (const done of tx) done();
      return result;
    });
    this.#last = done.catch(() => undefined);
    return done;
  }

  useOnce(from: string, nonce: string, now: number, until: number): Promise<boolean> {
    const key = `${from} ${nonce}`;
    const known = (this.#nonces.get(key) ?? 0) >= now;
    if (!known) this.#nonces.set(key, until);
    return Promise.resolve(!known);
  }
}
