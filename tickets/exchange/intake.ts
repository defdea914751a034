import { Refusal } from '../../kernel/errors.ts';
import { readMessage, VOID, type Bodies, type Message } from './envelope.ts';
import { after, verdictOn, type Outcome } from './order.ts';
import { refused } from './refusals.ts';
import { payloadOf } from './seal.ts';
import type { Heard, Inbox, Page } from './stores.ts';
import type { Answer } from './views.ts';

export interface IntakeNeeds<Tx> {
  /** Our deployment's id. */
  readonly us: string;
  readonly bodies: Bodies;
  readonly inbox: Inbox<Tx>;
  /**
   * Does what messages say, one after the other, within the transaction in which they are noted as taken: all take effect
   * or none. Rejects with a Refusal for what will never be right (the sender gives it up and people are told), with
   * anything else for what may be right later; then each is tried alone.
   */
  readonly apply: (messages: readonly Message[], tx: Tx) => Promise<void>;
  readonly now: () => number;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** One message as it arrived; `text` is kept as the proof of it. */
export interface Arrived {
  readonly raw: unknown;
  readonly text: string;
}

/** Takes what a peer says: in order for each ticket, each message once, each answered. */
export class Intake<Tx> {
  readonly #needs: IntakeNeeds<Tx>;

  constructor(needs: IntakeNeeds<Tx>) {
    this.#needs = needs;
  }

  /**
   * @param from the deployment whose signature was checked
   * @returns an answer for each, in the same order
   * @throws Refusal forged: it speaks for another deployment; whatever keeps the store away
   */
  async take(from: string, arrived: readonly Arrived[]): Promise<Answer[]> {
    const read = arrived.map((one) => this.#read(from, one));
    const heard = read.flatMap((one) => ('message' in one ? [one] : []));
    const answers = await this.#together(from, heard);
    return read.map((one) => ('message' in one ? (answers.get(one) as Answer) : one));
  }

  #read(from: string, { raw, text }: Arrived): Heard | Answer {
    const { us, bodies } = this.#needs;
    const { from: said } = (raw ?? {}) as { from?: unknown };
    if (typeof said === 'string' && said !== from) throw refused('forged', 'from');
    try {
      return { message: readMessage(raw, us, bodies), text };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { ...nameOf(raw), ...refusedWith(error) };
    }
  }

  /** All tickets in one transaction, which is cheap; if something fails, each in its own, so that it fails alone. */
  async #together(from: string, heard: readonly Heard[]): Promise<Map<Heard, Answer>> {
    try {
      return await this.#inOne(from, heard, null);
    } catch (error) {
      if (!(error instanceof Failing)) throw error;
    }
    const answers = new Map<Heard, Answer>();
    for (const ticket of new Set(heard.map(({ message }) => message.ticket))) {
      const own = heard.filter(({ message }) => message.ticket === ticket);
      for (const [one, answer] of await this.#alone(from, own)) answers.set(one, answer);
    }
    return answers;
  }

  /** One ticket: what comes before a failing message takes effect all the same, what comes after it waits. */
  async #alone(from: string, heard: readonly Heard[]): Promise<Map<Heard, Answer>> {
    const failing = new Map<string, Outcome>();
    for (;;) {
      try {
        return await this.#inOne(from, heard, failing);
      } catch (error) {
        if (!(error instanceof Failing) || failing.has(error.id)) throw error;
        failing.set(error.id, this.#failed(from, error));
      }
    }
  }

  #failed(from: string, { id, cause }: Failing): Outcome {
    const { onTrouble } = this.#needs;
    if (cause instanceof Refusal && !passing.includes(cause.code)) {
      onTrouble('what a peer says is refused', { from, id, code: cause.code });
      return refusedWith(cause);
    }
    onTrouble('what a peer says could not be dealt with', {
      from,
      id,
      error: String(cause),
    });
    return { outcome: 'later', words: refused('trouble').words };
  }

  /** @param failing what came of those that failed before; null: they are not looked at one by one */
  #inOne(
    from: string,
    heard: readonly Heard[],
    failing: ReadonlyMap<string, Outcome> | null,
  ): Promise<Map<Heard, Answer>> {
    const messages = heard.map(({ message }) => message);
    return this.#needs.inbox.within(from, messages, this.#needs.now(), async (page) => {
      const answers = new Map<Heard, Answer>();
      const taking: Message[] = [];
      for (const one of heard) {
        const outcome = this.#settle(page, one, failing ?? new Map(), taking);
        answers.set(one, { ...nameOf(one.message), ...outcome });
      }
      const parts = failing ? taking.map((one) => [one]) : [taking];
      for (const part of parts) await this.#apply(part, page.tx);
      return answers;
    });
  }

  async #apply(messages: readonly Message[], tx: Tx): Promise<void> {
    const [first] = messages;
    if (!first) return;
    try {
      await this.#needs.apply(messages, tx);
    } catch (cause) {
      throw new Failing(first.id, cause);
    }
  }

  /** @param taking to which are added those that take effect */
  #settle(
    page: Page<Tx>,
    heard: Heard,
    failing: ReadonlyMap<string, Outcome>,
    taking: Message[],
  ): Outcome {
    const { message } = heard;
    const standing = page.standing(message.ticket);
    const ahead: Outcome = { outcome: 'ahead', expected: standing.expected };
    switch (verdictOn(standing, message)) {
      case 'again':
        return taken;
      case 'conflict':
        this.#needs.onTrouble('a peer has used a number twice', nameOf(message));
        return refusedWith(refused('sequence-reused', 'sequence'));
      case 'too-far':
        return ahead;
      case 'park':
        page.keep(heard, after(standing, message));
        return ahead;
      case 'take': {
        const failed = failing.get(message.id);
        if (failed) return failed;
        take(page, heard, taking);
        drain(page, message.ticket, failing, taking);
        return taken;
      }
    }
  }
}

function take<Tx>(page: Page<Tx>, heard: Heard, taking: Message[]): void {
  const { message } = heard;
  if (message.type !== VOID) taking.push(message);
  page.keep(heard, after(page.standing(message.ticket), message));
}

/** Those that waited for the one just taken. One that fails goes on waiting: its sender is asked for it, and is told. */
function drain<Tx>(
  page: Page<Tx>,
  ticket: string,
  failing: ReadonlyMap<string, Outcome>,
  taking: Message[],
): void {
  for (;;) {
    const text = page.parked(ticket, page.standing(ticket).expected);
    if (text === undefined) return;
    const message = messageIn(text);
    if (failing.has(message.id)) return;
    take(page, { message, text }, taking);
  }
}

/** The store's own refusals (`tickets/sql`): they say nothing of the message. */
const passing = ['database-away', 'database-busy', 'changed-meanwhile'];

const taken: Outcome = { outcome: 'taken' };

/** A message could not take effect, or one of those together with it; whatever was done with it in the same transaction is undone. */
class Failing extends Error {
  readonly id: string;

  constructor(id: string, cause: unknown) {
    super(`message ${id} failed`, { cause });
    this.id = id;
  }
}

const refusedWith = ({ code, words, field }: Refusal): Outcome => ({
  outcome: 'refused',
  code,
  words,
  ...(field === undefined ? {} : { field }),
});

/** By what the sender knows its message, however bad that is. */
function nameOf(raw: unknown): Pick<Answer, 'id' | 'ticket' | 'sequence'> {
  const { id, ticket, sequence } = (raw ?? {}) as Readonly<Record<string, unknown>>;
  return {
    id: typeof id === 'string' ? id : '',
    ticket: typeof ticket === 'string' ? ticket : '',
    sequence: typeof sequence === 'number' ? sequence : 0,
  };
}

/** What was read and checked when it came. */
export const messageIn = (text: string): Message =>
  (text.startsWith('{') ? JSON.parse(text) : payloadOf(text)) as Message;
