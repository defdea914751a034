import type { Clock } from '../../kernel/clock.ts';
import type { Happening as FloorHappening } from '../seat-steps.ts';
import { differences } from './differences.ts';
import type { Happening, News, Order, Stepped } from './happenings.ts';
import type { Rules } from './nouns.ts';
import { StaffingRefusal } from './refusals.ts';
import { restored, toStore, type StoredState } from './restore.ts';
import { staffingOf, type Staffing } from './staffing-of.ts';
import { emptyState, type State } from './state.ts';
import { nextAt, step } from './step.ts';

/** Where the staffing is kept over a restart. */
export interface StaffingStore {
  /** What was written last; null: nothing. Rejects if the store cannot be asked. */
  read(): Promise<unknown>;
  /**
   * Writes the state and adds the news to those before. Resolves when it is done, or when the store has kept the steps
   * waiting for as long as it may; then it writes later. Never rejects.
   */
  write(state: StoredState, news: readonly News[]): Promise<void>;
}

export interface KeeperNeeds {
  readonly rules: Rules;
  readonly clock: Clock;
  readonly store: StaffingStore;
  /** The dispatcher's `happened`. */
  readonly toDispatcher: (happening: FloorHappening) => void;
  readonly onNews: (news: News) => void;
  readonly onOrder: (order: Order) => void;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** Timers take no more than 24 days; a time that comes early finds nothing to do. */
const LONGEST_SLEEP_MS = 24 * 3_600_000;

/** Keeps the staffing: takes requests and facts, writes down what they come to, then tells the dispatcher and people. */
export class Keeper {
  readonly #needs: KeeperNeeds;
  #state: State = emptyState;
  #told: Staffing;
  #telling: Promise<void> = Promise.resolve();
  #alarm: { readonly at: number; readonly cancel: () => void } | null = null;

  private constructor(needs: KeeperNeeds) {
    this.#needs = needs;
    this.#told = staffingOf(needs.rules, emptyState, needs.clock.now());
  }

  /**
   * Begins with what the store has; with the configuration alone if it cannot be asked. The dispatcher is to be made
   * with `staffing` and told of changes from then on.
   */
  static async start(needs: KeeperNeeds): Promise<Keeper> {
    const keeper = new Keeper(needs);
    const now = needs.clock.now();
    const stored = await needs.store.read().catch((error: unknown) => {
      needs.onTrouble('The stored staffing could not be read', { error: String(error) });
      return null;
    });
    const first = restored({ rules: needs.rules, now }, stored);
    keeper.#state = first.state;
    keeper.#told = staffingOf(needs.rules, first.state, now);
    for (const news of first.news) needs.onNews(news);
    await keeper.happened({ type: 'time' });
    return keeper;
  }

  get state(): State {
    return this.#state;
  }

  /** What the dispatcher has been told. */
  get staffing(): Staffing {
    return this.#told;
  }

  /**
   * Decides at once, and so sees all that came before; resolves when it has been written down and told.
   * @returns what came of it, or why it was refused
   */
  async happened(happening: Happening): Promise<Stepped | StaffingRefusal> {
    const { rules, clock } = this.#needs;
    const before = this.#state;
    const stepped = step(rules, before, happening, clock.now());
    if (stepped instanceof StaffingRefusal) return stepped;
    this.#state = stepped.state;
    this.#watchTime();
    if (stepped.state.version !== before.version || stepped.news.length > 0) {
      const staffing = staffingOf(rules, stepped.state, clock.now());
      this.#telling = this.#telling
        .then(() => this.#tell(stepped, staffing))
        .catch((error: unknown) => {
          this.#needs.onTrouble('A change of staffing was not told whole', {
            error: String(error),
          });
        });
    }
    await this.#telling;
    return stepped;
  }

  /** Ends the timer; resolves when all has been told. */
  async close(): Promise<void> {
    this.#alarm?.cancel();
    this.#alarm = null;
    await this.#telling;
  }

  async #tell({ state, news, orders }: Stepped, staffing: Staffing): Promise<void> {
    const { store, toDispatcher, onNews, onOrder } = this.#needs;
    await store.write(toStore(state), news);
    const changes = differences(this.#told, staffing);
    this.#told = staffing;
    for (const change of changes) toDispatcher(change);
    for (const order of orders) onOrder(order);
    for (const one of news) onNews(one);
  }

  #watchTime(): void {
    const { rules, clock } = this.#needs;
    const at = nextAt(rules, this.#state);
    if (at === (this.#alarm?.at ?? null)) return;
    this.#alarm?.cancel();
    this.#alarm = null;
    if (at === null) return;
    const sleep = Math.min(Math.max(0, at - clock.now()), LONGEST_SLEEP_MS);
    const due = () => {
      this.#alarm = null;
      void this.happened({ type: 'time' });
    };
    this.#alarm = { at, cancel: clock.after(sleep, due) };
  }
}
