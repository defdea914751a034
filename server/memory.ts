import type { Clock } from '../kernel/clock.ts';
import type { Dispatcher } from '../routing/dispatcher.ts';
import type { QueueLoad } from '../routing/load.ts';
import type { RedisHash } from '../routing/redis/hash.ts';
import { Turns, type Turn } from '../routing/turns.ts';
import { Acquaintances, type Acquaintance } from './acquaintances.ts';

export interface MemoryNeeds {
  readonly clock: Clock;
  readonly hash: Pick<RedisHash, 'read' | 'write'>;
  readonly hotlines: readonly string[];
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** The name of the hash. */
export const MEMORY = 'memory';

/** The field in which stands what went through a queue. */
export const loadField = (hotline: string): string => `load ${hotline}`;

/** The loads of queues are looked at so often. */
const LOADS_EVERY_MS = 5_000;

/**
 * What belongs to no call and to no seat, and matters to a citizen or to fairness all the same: who spoke with whom, the
 * turns of those who have dropped out, what went through the queues in the last hour. Written down when it changes, so
 * that it outlives this controller (decision 0006).
 */
export class Memory {
  readonly acquaintances: Acquaintances;
  readonly turns: Turns;
  readonly #needs: MemoryNeeds;
  /** As they were written down last. */
  readonly #loads = new Map<string, string>();
  #restored: readonly (readonly [hotline: string, load: QueueLoad])[] = [];
  #cancel: () => void = () => undefined;

  constructor(needs: MemoryNeeds) {
    this.#needs = needs;
    const writes = (kind: string) => (key: string, value: unknown) =>
      needs.hash.write(`${kind} ${key}`, value === null ? null : JSON.stringify(value));
    this.acquaintances = new Acquaintances(writes('spoke'));
    this.turns = new Turns({ onChange: writes('turn') });
  }

  /** As it was written down. */
  async restores(): Promise<void> {
    const { hash, onTrouble } = this.#needs;
    const found = await hash.read().catch((error: unknown) => {
      onTrouble('What was remembered cannot be read', { error: String(error) });
      return {};
    });
    const of = <T>(kind: string): [string, T][] =>
      Object.entries(found).flatMap(([field, text]) =>
        field.startsWith(`${kind} `) ? [[field.slice(kind.length + 1), JSON.parse(text) as T]] : [],
      );
    this.acquaintances.restore(of<Acquaintance>('spoke'));
    this.turns.restore(of<Turn>('turn'));
    this.#restored = of<QueueLoad>('load');
  }

  /**
   * Queues are told of their last hour, and from now on it is written down. To be called when all who wait wait again:
   * they have been counted before.
   */
  keeps(dispatcher: Dispatcher): void {
    for (const [hotline, load] of this.#restored) dispatcher.loadWas(hotline, load);
    this.#restored = [];
    this.#writesLoads(dispatcher);
  }

  #writesLoads(dispatcher: Dispatcher): void {
    const { clock, hash, hotlines } = this.#needs;
    for (const hotline of hotlines) {
      const text = JSON.stringify(dispatcher.load(hotline) ?? null);
      if (text === 'null' || text === this.#loads.get(hotline)) continue;
      this.#loads.set(hotline, text);
      hash.write(loadField(hotline), text);
    }
    this.#cancel = clock.after(LOADS_EVERY_MS, () => this.#writesLoads(dispatcher));
  }

  /** Redis has lost what it had. */
  again(): void {
    this.acquaintances.again();
    this.turns.again();
    this.#loads.clear();
  }

  close(): void {
    this.#cancel();
  }
}
