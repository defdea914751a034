import type { Clock } from '../../kernel/clock.ts';

/** Time stands still until it is told to pass; what is promised meanwhile is kept before it goes on. */
export class HandClock implements Clock {
  #now = 1_000_000;
  #due: { readonly at: number; readonly then: () => void }[] = [];

  now = (): number => this.#now;

  after(ms: number, then: () => void): () => void {
    const one = { at: this.#now + ms, then };
    this.#due.push(one);
    return () => (this.#due = this.#due.filter((other) => other !== one));
  }

  async passes(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const [next] = this.#due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#due = this.#due.filter((one) => one !== next);
      this.#now = Math.max(this.#now, next.at);
      next.then();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#now = end;
  }
}
