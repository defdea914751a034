import type { Redis } from 'ioredis';
import type { Clock } from '../kernel/clock.ts';
import { writeAll, type FencedWriter, type RedisCommand } from '../kernel/fence.ts';
import type { Dispatcher } from '../routing/dispatcher.ts';
import { added, less, noCounts, type Counts } from './figures.ts';

export interface DayCountsNeeds {
  readonly clock: Clock;
  readonly redis: Pick<Redis, 'hgetall' | 'status'>;
  readonly writer: FencedWriter;
  readonly deployment: string;
  readonly hotlines: readonly string[];
  /** It may have been told of its last hour already. */
  readonly dispatcher: Pick<Dispatcher, 'load' | 'waiting'>;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** What went through one queue. */
interface Kept {
  /** As found at the start, less what the dispatcher knew then: to it is added what the dispatcher counts. */
  readonly before: Map<number, Counts>;
  /** Five minutes each, by their begin. */
  readonly spans: Map<number, Counts>;
  /** The most who waited at a time, by the begin of the minute. */
  readonly minutes: Map<number, number>;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MINUTE = 60_000;
const SPAN = 5 * MINUTE;
const lookMs = 2_000;
const writeMs = 15_000;

/**
 * A day's counts of each hotline's queue, which the dispatcher keeps for an hour only, and an hour's waiting by the
 * minute. One hash in Redis, written every 15 s: after a restart they go on, less what was counted since the last time.
 */
export class DayCounts {
  private readonly needs: DayCountsNeeds;
  private readonly kept: ReadonlyMap<string, Kept>;
  /** As asked since the last look. */
  private readonly sums = new Map<string, Counts>();
  private readonly unwritten = new Set<string>();
  private readonly stops: (() => void)[] = [];

  private constructor(needs: DayCountsNeeds) {
    this.needs = needs;
    this.kept = new Map(
      needs.hotlines.map((hotline) => [
        hotline,
        { before: new Map(), spans: new Map(), minutes: new Map() },
      ]),
    );
  }

  /** Takes up what is stored; without Redis it begins at nothing. */
  static async start(needs: DayCountsNeeds): Promise<DayCounts> {
    const counts = new DayCounts(needs);
    try {
      counts.restore(await needs.redis.hgetall(counts.key()));
    } catch (error) {
      needs.onTrouble('The counts of the day cannot be read', { error: String(error) });
    }
    counts.every(lookMs, () => counts.look());
    counts.every(writeMs, () => void counts.write());
    return counts;
  }

  /** What went through a queue from then on; whole spans of five minutes, as two seconds ago. */
  since(hotline: string, from: number): Counts {
    const begin = from - (from % SPAN);
    const name = field(hotline, begin);
    const known = this.sums.get(name);
    if (known) return known;
    const spans = [...(this.kept.get(hotline)?.spans ?? [])];
    const sum = spans
      .filter(([at]) => at >= begin)
      .reduce((all, [, one]) => added(all, one), noCounts);
    this.sums.set(name, sum);
    return sum;
  }

  /** The last hour, the oldest first. */
  hour(hotline: string): {
    readonly spans: readonly (Counts & { readonly from: number })[];
    readonly minutes: readonly { readonly at: number; readonly waiting: number }[];
  } {
    this.look();
    const from = this.needs.clock.now() - HOUR;
    const { spans = new Map(), minutes = new Map() } = this.kept.get(hotline) ?? {};
    const inHour = <T>(all: ReadonlyMap<number, T>) =>
      [...all].filter(([at]) => at > from).sort(([a], [b]) => a - b);
    return {
      spans: inHour<Counts>(spans).map(([at, one]) => ({ from: at, ...one })),
      minutes: inHour<number>(minutes).map(([at, waiting]) => ({ at, waiting })),
    };
  }

  async close(): Promise<void> {
    for (const stop of this.stops) stop();
    this.look();
    await this.write();
  }

  /** Takes in what the dispatcher has counted, and forgets what is older than a day. */
  private look(): void {
    this.sums.clear();
    const { clock, dispatcher } = this.needs;
    const now = clock.now();
    const minute = now - (now % MINUTE);
    for (const [hotline, { before, spans, minutes }] of this.kept) {
      for (const span of dispatcher.load(hotline)?.spans ?? []) {
        const { from, arrivals, answered, inTime, abandoned } = span;
        if (arrivals + answered + abandoned === 0) continue;
        const counted = { arrivals, answered, inTime, abandoned };
        const all = added(before.get(from) ?? noCounts, counted);
        if (JSON.stringify(spans.get(from)) === JSON.stringify(all)) continue;
        spans.set(from, all);
        this.unwritten.add(field(hotline, from));
      }
      const { waiting } = dispatcher.waiting(hotline);
      minutes.set(minute, Math.max(minutes.get(minute) ?? 0, waiting));
      for (const from of spans.keys()) {
        if (from > now - DAY) continue;
        spans.delete(from);
        this.unwritten.add(field(hotline, from));
      }
      for (const at of minutes.keys()) if (at <= now - HOUR) minutes.delete(at);
    }
  }

  private async write(): Promise<void> {
    const { redis, writer, onTrouble } = this.needs;
    if (redis.status !== 'ready') return;
    const fields = [...this.unwritten];
    this.unwritten.clear();
    const key = this.key();
    const commands = fields.map((name): RedisCommand => {
      const [hotline = '', from = ''] = name.split(' ');
      const counts = this.kept.get(hotline)?.spans.get(Number(from));
      return counts ? ['HSET', key, name, JSON.stringify(counts)] : ['HDEL', key, name];
    });
    for (const [hotline, { minutes }] of this.kept) {
      commands.push(['HSET', key, field(hotline, 'minutes'), JSON.stringify([...minutes])]);
    }
    try {
      await writeAll(writer, commands);
    } catch (error) {
      for (const name of fields) this.unwritten.add(name);
      onTrouble('Redis did not take the counts of the day', { error: String(error) });
    }
  }

  private restore(stored: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(stored)) {
      const [hotline = '', from = ''] = name.split(' ');
      const kept = this.kept.get(hotline);
      if (!kept) continue;
      if (from === 'minutes') {
        for (const [at, waiting] of JSON.parse(text) as [number, number][]) {
          kept.minutes.set(at, waiting);
        }
        continue;
      }
      const counts = JSON.parse(text) as Counts;
      const load = this.needs.dispatcher.load(hotline)?.spans ?? [];
      const known = load.find((span) => span.from === Number(from)) ?? noCounts;
      kept.before.set(Number(from), less(counts, known));
      kept.spans.set(Number(from), counts);
    }
  }

  private every(ms: number, then: () => void): void {
    const nth = this.stops.length;
    const again = () => {
      this.stops[nth] = this.needs.clock.after(ms, () => {
        then();
        again();
      });
    };
    again();
  }

  private key(): string {
    return `liandong:${this.needs.deployment}:day`;
  }
}

const field = (hotline: string, what: number | 'minutes'): string => `${hotline} ${what}`;
