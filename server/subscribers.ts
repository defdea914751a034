import { Queue, Worker, type Job } from 'bullmq';
import { createHmac } from 'node:crypto';

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

/**
 * Tells peers by webhook, at least once and in order while nobody fails. A notice is kept in Redis until it is taken
 * with 2xx; a telling is signed: `Liandong-Signature: t=<epoch s>,v1=<hex hmac-sha256 of "t.text">`.
 */
export class Subscribers {
  private readonly queue: Queue<Notice>;
  private readonly worker: Worker<Notice>;
  private readonly needs: SubscribersNeeds;

  constructor(needs: SubscribersNeeds) {
    this.needs = needs;
    const connection = { url: needs.redisUrl };
    const name = `${needs.deployment}-subscribers`;
    this.queue = new Queue<Notice>(name, { connection });
    this.worker = new Worker<Notice>(name, (job) => this.send(job), { connection, concurrency: 1 });
    const failed = (error: Error) => needs.onTrouble('telling peers', { error: error.message });
    this.queue.on('error', failed);
    this.worker.on('error', failed);
    this.worker.on('failed', (job, error) =>
      needs.onTrouble('a peer was not told', {
        to: job?.data.to,
        tries: job?.attemptsMade,
        error: error.message,
      }),
    );
  }

  /** Does not wait: Redis may be away, then it is told when it is back. `id` is the notice's own, for peers to see twice-told ones. */
  tell(id: string, notice: Readonly<Record<string, unknown>>): void {
    const text = JSON.stringify({ id, ...notice });
    for (const { name: to } of this.needs.subscribers) {
      void this.queue
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
    await Promise.all([this.worker.close(true), this.queue.close()]);
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
