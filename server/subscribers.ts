import { Queue, Worker, type Job } from 'bullmq';
import { createHmac } from 'node:crypto';
import { within } from '../kernel/within.ts';

/** Who is told that calls are being diverted. */
export interface Subscriber {
  readonly name: string;
  readonly url: string;
  readonly secret: string;
}

export interface SubscribersNeeds {
  readonly redisUrl: string;
  readonly deployment: string;
  readonly subscribers: readonly Subscriber[];
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

interface Notice {
  readonly to: string;
  /** The JSON text, made once: what is signed is what is sent. */
  readonly text: string;
}

/** Ten tries, the last about eight and a half minutes after the first. */
const attempts = 10;
const firstAgainMs = 1_000;
const patienceMs = 5_000;
const closingMs = 1_000;

/**
 * Tells peers by webhook, at least once and in order while nobody fails. A notice is kept in Redis until it is taken
 * with 2xx; a telling is signed: `Liandong-Signature: t=<epoch s>,v1=<hex hmac-sha256 of "t.text">`.
 */
export class Subscribers {
  private readonly needs: SubscribersNeeds;
  private jobs: { readonly queue: Queue<Notice>; readonly worker: Worker<Notice> } | undefined;

  constructor(needs: SubscribersNeeds) {
    this.needs = needs;
  }

  /** Takes up what is still to be told; so does the first telling. Nothing where nobody is to be told. */
  begins(): void {
    if (this.needs.subscribers.length > 0) this.jobs ??= this.made();
  }

  /** Does not wait: Redis may be away, then it is told when it is back. `id` is the notice's own, for peers to see twice-told ones. */
  tell(id: string, notice: Readonly<Record<string, unknown>>): void {
    this.begins();
    const text = JSON.stringify({ id, ...notice });
    for (const { name: to } of this.needs.subscribers) {
      void this.jobs?.queue
        .add(
          'notice',
          { to, text },
          {
            jobId: `${id}-${to}`,
            attempts,
            backoff: { type: 'exponential', delay: firstAgainMs },
            removeOnComplete: true,
            removeOnFail: 1_000,
          },
        )
        .catch((error: Error) => this.needs.onTrouble('telling peers', { error: error.message }));
    }
  }

  async close(): Promise<void> {
    if (!this.jobs) return;
    const { worker, queue } = this.jobs;
    // Without Redis there is nobody to take leave of.
    await within(closingMs, Promise.all([worker.close(true), queue.close()])).catch(() => {
      for (const one of [worker, queue]) one.disconnect().catch(() => undefined);
    });
  }

  private made() {
    const { redisUrl, deployment, onTrouble } = this.needs;
    const connection = { url: redisUrl };
    const name = `${deployment}-subscribers`;
    const queue = new Queue<Notice>(name, { connection });
    const worker = new Worker<Notice>(name, (job) => this.send(job), {
      connection,
      concurrency: 1,
    });
    const failed = (error: Error) => onTrouble('telling peers', { error: error.message });
    queue.on('error', failed);
    worker.on('error', failed);
    worker.on('failed', (job, error) =>
      onTrouble('a peer was not told', {
        to: job?.data.to,
        tries: job?.attemptsMade,
        error: error.message,
      }),
    );
    return { queue, worker };
  }

  private async send({ data: { to, text } }: Job<Notice>): Promise<void> {
    const subscriber = this.needs.subscribers.find(({ name }) => name === to);
    if (!subscriber) return;
    const at = Math.floor(Date.now() / 1000);
    const hash = createHmac('sha256', subscriber.secret).update(`${at}.${text}`).digest('hex');
    const response = await fetch(subscriber.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'liandong-signature': `t=${at},v1=${hash}` },
      body: text,
      redirect: 'error',
      signal: AbortSignal.timeout(patienceMs),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`${to} answered ${response.status}`);
  }
}
