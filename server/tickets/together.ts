import { Refusal } from '../../kernel/errors.ts';

export interface TogetherNeeds<Asked, Done> {
  /** Of those with one key one is done after the other. */
  readonly keyOf: (asked: Asked) => string;
  /** Does all of them or, if it rejects, none; each may be refused for itself. It may be called again with fewer. */
  readonly all: (asked: readonly Asked[]) => Promise<readonly (Done | Refusal)[]>;
}

interface Waiting<Asked, Done> {
  readonly asked: Asked;
  readonly resolve: (done: Done) => void;
  readonly reject: (why: unknown) => void;
}

/** So many transactions at a time; what is asked meanwhile waits for the next. */
const LANES = 2;
/** So many in one of them. */
const MOST = 32;

/**
 * What several people ask at one time is done in one transaction, which costs little more than one of theirs. Who asks
 * alone does not wait; if a transaction fails, each is done in its own, so that it fails alone.
 */
export class Together<Asked, Done> {
  readonly #needs: TogetherNeeds<Asked, Done>;
  readonly #underWay = new Set<string>();
  #waiting: Waiting<Asked, Done>[] = [];
  #lanes = 0;

  constructor(needs: TogetherNeeds<Asked, Done>) {
    this.#needs = needs;
  }

  /** @throws what was refused, or what the transaction failed with */
  does(asked: Asked): Promise<Done> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ asked, resolve, reject });
      // with all others that come in this turn
      setImmediate(() => void this.#lane());
    });
  }

  async #lane(): Promise<void> {
    if (this.#lanes === LANES) return;
    this.#lanes += 1;
    for (let batch = this.#take(); batch.length > 0; batch = this.#take()) {
      await this.#do(batch);
      for (const { asked } of batch) this.#underWay.delete(this.#needs.keyOf(asked));
    }
    this.#lanes -= 1;
  }

  #take(): Waiting<Asked, Done>[] {
    const batch: Waiting<Asked, Done>[] = [];
    const others: Waiting<Asked, Done>[] = [];
    for (const one of this.#waiting) {
      const key = this.#needs.keyOf(one.asked);
      const takes = batch.length < MOST && !this.#underWay.has(key);
      (takes ? batch : others).push(one);
      if (takes) this.#underWay.add(key);
    }
    this.#waiting = others;
    return batch;
  }

  async #do(batch: readonly Waiting<Asked, Done>[]): Promise<void> {
    try {
      const done = await this.#needs.all(batch.map(({ asked }) => asked));
      for (const [i, { resolve, reject }] of batch.entries()) {
        const one = done[i] as Done | Refusal;
        if (one instanceof Refusal) reject(one);
        else resolve(one);
      }
    } catch (error) {
      // With the database away nobody knows what was written.
      if (batch.length === 1 || (error as { code?: string }).code === 'database-away') {
        for (const { reject } of batch) reject(error);
      } else {
        await Promise.all(batch.map((one) => this.#do([one])));
      }
    }
  }
}
