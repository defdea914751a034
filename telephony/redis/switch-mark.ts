import type { Redis } from 'ioredis';

/** On which run of the switch the calls written down have been: after its restart none of them is there any more. */
export class SwitchMark {
  private readonly redis: Redis;
  private readonly key: string;
  private known: string | null = null;

  constructor(redis: Redis, deployment: string) {
    this.redis = redis;
    this.key = `liandong:${deployment}:switch`;
  }

  /** Whether this is another run than the one on which calls were last. */
  async isAnew(began: string): Promise<boolean> {
    const before = this.known ?? (await this.redis.get(this.key).catch(() => null));
    return before !== null && before !== began;
  }

  /** Calls are on this run from now on. */
  isKnown(began: string): void {
    if (this.known === began) return;
    this.known = began;
    void this.redis.set(this.key, began).catch(() => undefined);
  }
}
