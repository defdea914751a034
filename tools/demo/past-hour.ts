import { Redis } from 'ioredis';
import type { Config } from '../../config/load.ts';
import { SPAN_MS, type LoadSpan, type QueueLoad } from '../../routing/load.ts';
import { hashKey } from '../../routing/redis/hash.ts';
import type { Chance } from '../../routing/simulator/chance.ts';
import { loadField, MEMORY } from '../../server/memory.ts';
import { capacityOf, usualRate } from './day.ts';
import { AROUND_MS, TALK_MS } from './habits.ts';

const SPANS = 12;

/**
 * An ordinary hour before the play, so that curves and forecasts have something to begin with.
 * @param perMs callers a millisecond
 * @param handlingMs mean talk with its wrap-up
 * @param now epoch milliseconds
 */
export function pastHour(
  perMs: number,
  handlingMs: number,
  now: number,
  chance: Chance,
): QueueLoad {
  const underWay = Math.floor(now / SPAN_MS) * SPAN_MS;
  const spans = Array.from({ length: SPANS }, (_, i): LoadSpan => {
    const from = underWay - (SPANS - 1 - i) * SPAN_MS;
    const arrivals = Math.round(
      perMs * Math.min(SPAN_MS, now - from) * (0.85 + 0.3 * chance.next()),
    );
    const abandoned = Math.round(0.03 * arrivals);
    const answered = arrivals - abandoned;
    return {
      from,
      arrivals,
      answered,
      inTime: Math.round(0.93 * answered),
      abandoned,
      waitedMs: 4_000 * arrivals,
      handled: answered,
      handlingMs: handlingMs * answered,
    };
  });
  return { spans, betweenAnswersMs: null };
}

/** Writes it down where a controller that begins finds what was before it. */
export async function writePastHour(
  config: Config,
  redisUrl: string,
  tempo: number,
  chance: Chance,
): Promise<void> {
  const redis = new Redis(redisUrl);
  try {
    const key = hashKey(config.deployment.id, MEMORY);
    for (const [hotline, capacity] of Object.entries(capacityOf(config, tempo))) {
      const handlingMs = (TALK_MS + AROUND_MS) * tempo;
      const load = pastHour(usualRate(hotline, capacity), handlingMs, Date.now(), chance);
      await redis.hset(key, loadField(hotline), JSON.stringify(load));
    }
  } finally {
    redis.disconnect();
  }
}
