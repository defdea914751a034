import { audible, type Ear, type ToneName } from './hearing.ts';

const BLOCK_MS = 100;

export interface Block {
  /** When it began, epoch milliseconds. */
  readonly at: number;
  readonly heard: readonly ToneName[];
}

/** Everything that somebody hears from now on, in blocks of 100 ms without a gap. */
export class Timeline {
  readonly blocks: Block[] = [];
  private readonly under = new Set<Promise<void>>();
  private readonly timer: NodeJS.Timeout;

  constructor(ear: Ear) {
    this.timer = setInterval(() => {
      const at = Date.now();
      const listening = ear.heard(BLOCK_MS).then(
        (levels) => void this.blocks.push({ at, heard: audible(levels) }),
        () => undefined,
      );
      this.under.add(listening);
      void listening.finally(() => this.under.delete(listening));
    }, BLOCK_MS);
  }

  async ends(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.under);
    this.blocks.sort((one, other) => one.at - other.at);
  }

  /** The longest time without any tone since then, in milliseconds. */
  silence(since = 0): number {
    let longest = 0;
    let run = 0;
    for (const { at, heard } of this.blocks) {
      run = at < since || heard.length > 0 ? 0 : run + BLOCK_MS;
      longest = Math.max(longest, run);
    }
    return longest;
  }

  /**
   * How long after then the tone was heard again, once it had ended; 0: it never ended.
   * Null: it ended and did not come back.
   */
  backAfter(tone: ToneName, since: number): number | null {
    const then = this.blocks.filter(({ at }) => at >= since);
    const ended = then.findIndex(({ heard }) => !heard.includes(tone));
    if (ended < 0) return 0;
    const back = then.slice(ended).find(({ heard }) => heard.includes(tone));
    return back ? back.at - since : null;
  }

  /** How long after then the tone was first heard; null: never. */
  firstAfter(tone: ToneName, since: number): number | null {
    const first = this.blocks.find(({ at, heard }) => at >= since && heard.includes(tone));
    return first ? first.at - since : null;
  }

  /** For people: `operator ×12, music ×3, nothing ×2`. */
  story(since = 0): string {
    const runs: [string, number][] = [];
    for (const { heard } of this.blocks.filter(({ at }) => at >= since)) {
      const what = heard.join('+') || 'nothing';
      const last = runs.at(-1);
      if (last?.[0] === what) last[1] += 1;
      else runs.push([what, 1]);
    }
    return runs.map(([what, times]) => `${what} ×${times}`).join(', ');
  }
}
