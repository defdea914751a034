import { needsAfter, wishOf, type Queue } from '../queue.ts';
import type { Want } from '../seats.ts';
import type { WaitingNeed } from './happenings.ts';

/**
 * What those who wait need at `now` (epoch milliseconds), added up by queue, skill and level. Who needs several skills
 * counts for each of them; who needs none counts for the queue alone.
 */
export function waitingNeeds(
  queues: readonly Queue[],
  wants: readonly Want[],
  now: number,
): WaitingNeed[] {
  const needs = new Map<string, WaitingNeed>();
  const count = (hotline: string, skill: string | null, level: number) => {
    const key = JSON.stringify([hotline, skill, level]);
    const calls = (needs.get(key)?.calls ?? 0) + 1;
    needs.set(key, { hotline, skill, level, calls });
  };
  for (const { hotline, needs: hers, since, why } of wants) {
    const queue = queues.find((one) => one.hotline === hotline);
    if (!queue) continue;
    // Who was handed over or given back is asked for in full again, for how long is not known here.
    const asked = needsAfter(queue, wishOf(queue, hers), why === 'arrival' ? now - since : 0);
    for (const { skill, level } of asked) count(hotline, skill, level);
    if (asked.length === 0) count(hotline, null, 0);
  }
  return [...needs.values()];
}
