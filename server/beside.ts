import type { Worker } from 'node:worker_threads';
import type { Lists } from '../config/lists.ts';
import { threadBeside } from '../kernel/thread.ts';
import type { Aim, Forecast, Lately, Recent } from '../routing/forecast.ts';
import type { Happening } from '../routing/seat-steps.ts';
import type { Present } from '../routing/simulator/present.ts';
import type { WhatIf } from '../routing/simulator/what-if.ts';

/** What takes longer than calls may wait for. */
export type Job =
  | { readonly do: 'whatIf'; readonly present: Present; readonly change: readonly Happening[] }
  | { readonly do: 'forecast'; readonly of: readonly Load[] }
  | { readonly do: 'staysWell'; readonly of: readonly Standing[] }
  | { readonly do: 'lists'; readonly folder: string };

/** A queue's load, and what is asked of it. */
export interface Load {
  readonly load: Recent;
  readonly aim: Aim;
}

/** How a queue stands with its own seats alone. */
export interface Standing {
  readonly own: Recent;
  readonly aim: Aim;
  readonly seen: Lately;
}

/** What the thread is sent. */
export interface Asked {
  readonly id: number;
  readonly job: Job;
}

/** Each question is answered by a list as long as its own. */
export interface Reckoner {
  forecasts(of: readonly Load[]): Promise<readonly Forecast[]>;
  stayWell(of: readonly Standing[]): Promise<readonly boolean[]>;
}

type Answer = { readonly id: number } & (
  { readonly answer: unknown } | { readonly failed: string }
);

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/** An answer that takes longer is given up, and the thread with it; usual is a second. */
const patienceMs = 30_000;

/** A thread of its own for what would keep calls waiting; begun with the first question, one question after another. */
export class Beside implements Reckoner {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  whatIf(present: Present, change: readonly Happening[]): Promise<WhatIf> {
    return this.asks({ do: 'whatIf', present, change }) as Promise<WhatIf>;
  }

  forecasts(of: readonly Load[]): Promise<readonly Forecast[]> {
    return this.asks({ do: 'forecast', of }) as Promise<readonly Forecast[]>;
  }

  stayWell(of: readonly Standing[]): Promise<readonly boolean[]> {
    return this.asks({ do: 'staysWell', of }) as Promise<readonly boolean[]>;
  }

  /** Rejects with every fault of every file, in its words. */
  lists(folder: string): Promise<Lists> {
    return this.asks({ do: 'lists', folder }) as Promise<Lists>;
  }

  /** Open questions are rejected. */
  async close(): Promise<void> {
    await this.worker?.terminate();
  }

  private asks(job: Job): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.worker ??= this.begins();
      const id = ++this.last;
      const late = setTimeout(() => void this.close(), patienceMs);
      const over = () => {
        clearTimeout(late);
        this.waiting.delete(id);
      };
      this.waiting.set(id, {
        resolve: (answer) => (over(), resolve(answer)),
        reject: (error) => (over(), reject(error)),
      });
      this.worker.postMessage({ id, job } satisfies Asked);
    });
  }

  private begins(): Worker {
    const worker = threadBeside(import.meta.url, 'beside-thread');
    // Nobody waits for it to end.
    worker.unref();
    worker.on('message', (answer: Answer) => {
      const waiting = this.waiting.get(answer.id);
      if ('failed' in answer) waiting?.reject(new Error(answer.failed));
      else waiting?.resolve(answer.answer);
    });
    const ended = (why: string) => {
      if (this.worker === worker) this.worker = undefined;
      for (const waiting of [...this.waiting.values()]) waiting.reject(new Error(why));
    };
    worker.once('error', (error) => ended(error.message));
    worker.once('exit', () => ended('the thread ended without an answer'));
    return worker;
  }
}
