import type { Redis } from 'ioredis';
import type { FencedWriter } from '../../kernel/fence.ts';

/** On which run of the switch the calls written down have been: after its restart none of them is there any more. */
export class SwitchMark {
  private readonly redis: Redis;
  private readonly writer: FencedWriter;
  private readonly key: string;
  private known: string | null = null;

  /** `node`: the name of the switch among several; '' if it has none. */
  constructor(redis: Redis, writer: FencedWriter, deployment: string, node: string) {
    this.redis = redis;
    this.writer = writer;
    this.key = `liandong:${deployment}:switch${node === '' ? '' : `:${node}`}`;
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
    this.again();
  }

  /** Writes down once more what is known. */
  again(): void {
    if (this.known === null) return;
    void this.writer.write([['SET', this.key, this.known]]).catch(() => undefined);
  }
}
