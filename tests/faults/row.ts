import type { Hall } from './hall.ts';

/** What came of a fault. */
export interface Seen {
  /** In words, with figures and how many times it was done. */
  readonly words: string;
  /** What is not as expected; none: as expected, if the judge has found nothing either. */
  readonly wrong?: readonly string[];
}

export type Form = 'short' | 'whole';

/** One fault: what is done to the running hall, and what must come of it. */
export interface FaultRow {
  /** As the list of faults numbers it. */
  readonly n: number;
  readonly injected: string;
  readonly expected: string;
  /** Also in `make test`. */
  readonly short?: true;
  /** The thing that could break does not exist with us: why. Such a row is not run and counts as expected. */
  readonly absent?: string;
  /** The hall is not used any more after it: its calls are lost by this fault, and the row judges by itself. */
  readonly spoils?: true;
  /** It needs a hall with two nodes (交换机节点). */
  readonly twoNodes?: true;
  /**
   * Does it. Whoever `hall.guests` have brought goes home afterwards; then the judge looks at the hall.
   * What it throws counts as not as expected. `form`: `short` in `make test`.
   */
  run(hall: Hall, form: Form): Promise<Seen>;
}
