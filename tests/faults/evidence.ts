import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bridge, Channel, Evidence, StoredCall, Told } from './checker.ts';

/** Where the judge looks: past all wires that a fault may cut. */
export interface Places {
  /** http://127.0.0.1:port/ari */
  readonly ariUrl: string;
  readonly user: string;
  readonly password: string;
  readonly redisUrl: string;
  readonly deployment: string;
}

/** How long sound is counted. */
const LISTEN_MS = 400;

/** Reads Asterisk and Redis by itself, with nothing of ours in between. */
export class Reader {
  readonly #places: Places;
  readonly #redis: Redis;
  #kept: readonly Told[] = [];

  constructor(places: Places) {
    this.#places = places;
    this.#redis = new Redis(places.redisUrl, { maxRetriesPerRequest: 1 });
    this.#redis.on('error', () => undefined);
  }

  close(): void {
    this.#redis.disconnect();
  }

  /** What is there now. `since`: of the history, only what was told after this id. */
  async reads(since = '-'): Promise<Evidence> {
    const [channels, bridges, calls, seats, told] = await Promise.all([
      this.get<Channel[]>('channels'),
      this.get<Bridge[]>('bridges'),
      this.calls(),
      this.seats(),
      this.told(since),
    ]);
    return { channels, bridges, calls, seats, told, sound: await this.#sound(channels) };
  }

  /** The history after this id, oldest first. */
  async told(since = '-'): Promise<Told[]> {
    const known = since === '-' ? this.#kept : [];
    const after = known.at(-1)?.id ?? since;
    const from = after === '-' ? after : `(${after}`;
    const entries = await this.#redis.xrange(this.#key('news'), from, '+');
    const more = entries.map(([id, [, text = '{}']]) => ({
      ...(JSON.parse(text) as Omit<Told, 'id'>),
      id,
    }));
    return [...known, ...more];
  }

  /** How many calls have arrived after this id, as the history tells; what is told last may take its time to stand there. */
  async arrivals(since: string): Promise<number> {
    return (await this.told(since)).filter(({ code }) => code === 'arrived').length;
  }

  /** Keeps the history up to now: the stream itself holds its last ten thousand entries only. */
  async keeps(): Promise<void> {
    this.#kept = await this.told();
  }

  /** Ids of the calls whose citizens are to be rung. */
  async cutOff(): Promise<string[]> {
    const entries = await this.#redis.zrange(this.#key('cut-off'), '0', '-1');
    return entries.map((text) => (JSON.parse(text) as { call: string }).call);
  }

  /** @throws when Asterisk does not answer well. */
  async get<T>(path: string): Promise<T> {
    const { ariUrl, user, password } = this.#places;
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const reply = await fetch(`${ariUrl}/${path}`, { headers: { authorization } });
    if (!reply.ok) throw new Error(`GET ${path}: ${reply.status}`);
    return (await reply.json()) as T;
  }

  /** Calls under way as they are written. */
  async calls(): Promise<StoredCall[]> {
    const ids = await this.#redis.smembers(this.#key('calls'));
    if (ids.length === 0) return [];
    const texts = await this.#redis.mget(ids.map((id) => this.#key(`call:${id}`)));
    return texts.flatMap((text) =>
      text === null ? [] : [(JSON.parse(text) as { call: StoredCall }).call],
    );
  }

  /** Seat -> its state. */
  async seats(): Promise<Record<string, string>> {
    const found = await this.#redis.hgetall(this.#key('seats'));
    return Object.fromEntries(
      Object.entries(found).map(([seat, text]) => [
        seat,
        (JSON.parse(text) as { state: string }).state,
      ]),
    );
  }

  /** Who has gone meanwhile, or has no sound of her own, is left out. */
  async #sound(channels: readonly Channel[]): Promise<Record<string, number>> {
    const ids = channels.filter(({ state }) => state === 'Up').map(({ id }) => id);
    const count = async () =>
      new Map(await Promise.all(ids.map(async (id) => [id, await this.#sent(id)] as const)));
    const before = await count();
    await sleep(LISTEN_MS);
    const after = await count();
    return Object.fromEntries(
      ids.flatMap((id) => {
        const [one, other] = [before.get(id), after.get(id)];
        return one === undefined || other === undefined ? [] : [[id, other - one]];
      }),
    );
  }

  async #sent(id: string): Promise<number | undefined> {
    const path = `channels/${encodeURIComponent(id)}/rtp_statistics`;
    return this.get<{ txcount: number }>(path).then(
      ({ txcount }) => txcount,
      () => undefined,
    );
  }

  #key(name: string): string {
    return `liandong:${this.#places.deployment}:${name}`;
  }
}
