import type { Kinds } from './kinds.ts';
import type { Need } from './needs.ts';
import { needsAfter, openAfter, reachFor, wishOf, type Queue, type Reach } from './queue.ts';
import { skillsKey, type Want } from './seats.ts';

/** What a call asks for, and how that changes as she waits: needs relax, groups open. */
export interface Ask {
  readonly key: string;
  readonly queue: Queue;
  /** What it asked for at first, by number of the skill. */
  readonly wish: readonly number[];
  /** In the order of time, the first from 0 ms on. */
  readonly stages: readonly Stage[];
  /** What is needed when all has relaxed and every group is open. */
  readonly mostModest: Need;
  waiters: number;
  /** Whether the table still holds it. */
  kept: boolean;
}

/** What is needed of a wait from one time to another; the last stage is for ever. */
interface Stage {
  readonly afterMs: number;
  readonly untilMs: number;
  readonly need: Need;
}

/** In which stage somebody is who has waited so long. */
export function stageOf({ stages }: Ask, waitedMs: number): Stage {
  let i = 0;
  while (waitedMs >= (stages[i] as Stage).untilMs) i += 1;
  return stages[i] as Stage;
}

type Asking = Pick<Want, 'needs' | 'matters' | 'standing'>;

/** So many asks that nobody waits with are kept for the next caller. */
const SPARE_ASKS = 16_384;

/** What calls ask for; most ask for what others asked for before. */
export class Asks {
  readonly #kinds: Kinds;
  readonly #asks = new Map<string, Ask>();
  /** By queue, skill and level. */
  readonly #usual = new WeakMap<Queue, Map<string, Ask[]>>();
  #spare = SPARE_ASKS;

  constructor(kinds: Kinds) {
    this.#kinds = kinds;
  }

  /** What a call of this queue asks for. */
  of(queue: Queue, asking: Asking): Ask {
    const [only] = asking.needs;
    const reach = reachFor(queue, asking);
    if (!only || asking.needs.length > 1 || reach !== queue.reach) {
      return this.#ask(queue, asking, reach);
    }
    // Nearly all need one skill or none: no key is put together for these.
    let bySkill = this.#usual.get(queue);
    if (!bySkill) this.#usual.set(queue, (bySkill = new Map()));
    let byLevel = bySkill.get(only.skill);
    if (!byLevel) bySkill.set(only.skill, (byLevel = []));
    const usual = byLevel[only.level];
    if (usual?.kept) return usual;
    return (byLevel[only.level] = this.#ask(queue, asking, reach));
  }

  /** Lets go of an ask that is not in the table any more, once nobody waits with it. */
  done(ask: Ask): void {
    if (ask.waiters === 0 && !ask.kept) this.#forget(ask);
  }

  #ask(queue: Queue, { needs }: Asking, reach: readonly Reach[]): Ask {
    const hers =
      reach === queue.reach ? 'all' : reach.map((one) => queue.reach.indexOf(one)).join();
    const key = `${queue.hotline}|${hers}|${skillsKey(needs)}`;
    const known = this.#asks.get(key);
    if (known && known.queue === queue) return known;
    if (this.#asks.size >= this.#spare) this.#forgetSpare();
    const wish = wishOf(queue, needs);
    const times = new Set([...queue.relax, ...reach].map(({ afterMs }) => afterMs)).add(0);
    const stages = [...times]
      .sort((a, b) => a - b)
      .map((afterMs) => {
        const open = openAfter(reach, afterMs);
        return { afterMs, need: this.#kinds.need(open, needsAfter(queue, wish, afterMs)) };
      })
      .filter(({ need }, i, all) => need !== all[i - 1]?.need)
      .map((stage, i, all) => ({ ...stage, untilMs: all[i + 1]?.afterMs ?? Infinity }));
    for (const { need } of stages) need.asks += 1;
    const ask: Ask = {
      key,
      queue,
      wish: wish.map(({ skill }) => this.#kinds.skill(skill)),
      stages,
      mostModest: stages.at(-1)?.need as Need,
      waiters: 0,
      kept: true,
    };
    if (known) this.#drop(known);
    this.#asks.set(key, ask);
    return ask;
  }

  #drop(ask: Ask): void {
    this.#asks.delete(ask.key);
    ask.kept = false;
    if (ask.waiters === 0) this.#forget(ask);
  }

  /** Those with whom nobody waits go; if that is not half of them, more are kept from now on. */
  #forgetSpare(): void {
    for (const ask of [...this.#asks.values()]) if (ask.waiters === 0) this.#drop(ask);
    this.#spare = Math.max(SPARE_ASKS, 2 * this.#asks.size);
  }

  #forget(ask: Ask): void {
    for (const { need } of ask.stages) {
      need.asks -= 1;
      this.#kinds.done(need);
    }
  }
}
