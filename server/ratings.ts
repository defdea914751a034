import type { Clock } from '../kernel/clock.ts';
import type { RedisHash } from '../routing/redis/hash.ts';
import type { Call, Score } from '../telephony/call.ts';

/** 好差评 by key, counted by hotline and day; written down when it changes, so that it outlives this controller. */

export interface RatingsNeeds {
  readonly hash: Pick<RedisHash, 'read' | 'write'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** Of one hotline since midnight. */
export interface Rated {
  /** Epoch milliseconds. */
  readonly since: number;
  /** Who were asked and gave none, then who gave 1 to 5. */
  readonly counts: readonly number[];
}

/** From here on she is satisfied: 基本满意. */
const SATISFIED = 3;

/** What a change of a call has brought: a score, or (null) that she gave none; undefined: nothing. */
export function ratedNow(
  call: Call,
  before: Call | undefined,
): { readonly hotline: string; readonly score: Score | null } | undefined {
  const was = before?.stage === 'rating' ? before : undefined;
  if (call.stage === 'rating' && call.score !== null && was?.score == null) {
    return { hotline: call.queue, score: call.score };
  }
  return call.stage === 'ended' && was?.score === null
    ? { hotline: was.queue, score: null }
    : undefined;
}

/** The share of those who were satisfied, of all who gave a score; null: nobody has. */
export function satisfiedShare({ counts }: Rated): number | null {
  const [, ...scores] = counts;
  const given = scores.reduce((sum, one) => sum + one, 0);
  const well = scores.slice(SATISFIED - 1).reduce((sum, one) => sum + one, 0);
  return given === 0 ? null : well / given;
}

export class Ratings {
  readonly #needs: RatingsNeeds;
  readonly #days = new Map<string, Rated>();

  constructor(needs: RatingsNeeds) {
    this.#needs = needs;
  }

  /** As they were written down. */
  async restores(): Promise<void> {
    const { hash, onTrouble } = this.#needs;
    try {
      for (const [hotline, text] of Object.entries(await hash.read())) {
        this.#days.set(hotline, JSON.parse(text) as Rated);
      }
    } catch (error) {
      onTrouble('how citizens rated the service cannot be read', { error: String(error) });
    }
  }

  add(hotline: string, score: Score | null): void {
    const { since, counts } = this.today(hotline);
    const more = counts.map((count, i) => (i === (score ?? 0) ? count + 1 : count));
    this.#days.set(hotline, { since, counts: more });
    this.#write(hotline);
  }

  today(hotline: string): Rated {
    const since = new Date(this.#needs.clock.now()).setHours(0, 0, 0, 0);
    const day = this.#days.get(hotline);
    return day?.since === since ? day : { since, counts: [0, 0, 0, 0, 0, 0] };
  }

  /** Redis has lost what it had. */
  again(): void {
    for (const hotline of this.#days.keys()) this.#write(hotline);
  }

  #write(hotline: string): void {
    this.#needs.hash.write(hotline, JSON.stringify(this.#days.get(hotline)));
  }
}
