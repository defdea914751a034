import { VERSION, type Message } from '../../tickets/exchange/envelope.ts';
import type { Peer } from '../../tickets/exchange/peers.ts';
import { aKey, fastClock, Network, Side, type Keys } from './exchange.ts';
import { MemoryInbox, MemoryOutbox } from './exchange-memory.ts';

/** Two deployments `a` and `b` on loopback, stored in memory: a says notes, b takes them. */

type Tx = (() => void)[];

export interface Pair {
  readonly a: Side<Tx>;
  b: Side<Tx>;
  /** What a says. */
  readonly out: MemoryOutbox;
  /** Of a. */
  readonly keys: Keys;
  readonly toB: Network;
  /** ticket -> the notes' numbers, in the order of their effect at b. */
  readonly effects: Map<string, number[]>;
  /** What b does with a message. */
  apply: (message: Message, tx: Tx) => Promise<void>;
  /** a says notes about each ticket, numbered from `from`. */
  say(tickets: readonly string[], notes: number, from?: number): void;
  /** b begins anew with what a backup from the very beginning had: nothing. */
  forgets(): Promise<void>;
  ends(): Promise<void>;
}

export const peerAt = (id: string, url: string | null, ...keys: Keys[]): Peer => ({
  id,
  url,
  hotlines: [id === 'a' ? '12345' : '110'],
  keys: keys.map(({ shown }) => shown),
});

/** @param bIsCalled false: b fetches what is for it */
export async function aPair(bIsCalled = true): Promise<Pair> {
  const [keys, keysB, out] = [aKey(), aKey(), new MemoryOutbox()];
  const effects = new Map<string, number[]>();
  const clock = fastClock(150);
  const a = new Side<Tx>({
    ...{ id: 'a', keys, clock, inbox: new MemoryInbox(), outbox: out },
    apply: () => Promise.resolve(),
  });
  const b = new Side<Tx>({
    ...{ id: 'b', keys: keysB, clock, inbox: new MemoryInbox(), outbox: new MemoryOutbox() },
    apply: (one, tx) => pair.apply(one, tx),
  });
  const toB = await Network.before(() => pair.b.port);
  const pair: Pair = {
    ...{ a, b, out, keys, toB, effects },
    apply({ ticket, body }, tx) {
      tx.push(() => void effects.set(ticket, [...(effects.get(ticket) ?? []), Number(body.n)]));
      return Promise.resolve();
    },
    say(tickets, notes, from = 1) {
      for (let n = from; n < from + notes; n += 1) {
        for (const ticket of tickets) out.say(note(ticket, n));
      }
      a.exchange.wake('b');
    },
    async forgets() {
      const { port, needs } = pair.b;
      await pair.b.ends();
      pair.b = new Side<Tx>({ ...needs, inbox: new MemoryInbox() });
      pair.b.port = port;
      effects.clear();
      await pair.b.begins([peerAt('a', null, keys)]);
    },
    async ends() {
      toB.close();
      await Promise.all([a.ends(), pair.b.ends()]);
    },
  };
  await b.begins([peerAt('a', null, keys)]);
  await a.begins([peerAt('b', bIsCalled ? toB.url : null, keysB)]);
  return pair;
}

let said = 0;

/** A note from a to b, without its number. */
export const note = (ticket: string, n: number) => ({
  version: VERSION,
  id: `a-message-${(said += 1)}`,
  from: 'a',
  to: 'b',
  ticket,
  type: 'note',
  term: 1,
  sentAt: 1_700_000_000_000 + n,
  body: { n },
});

export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
