import { before, type Heap, type Place } from './heap.ts';
import { longestIdle, type SeatKind, type Tier } from './needs.ts';
import type { Post, Waiter } from './posts.ts';
import { present } from './seats.ts';

/**
 * Which of the seats that can be offered a call gets this caller: of those with the lowest preference number the one
 * that her queue's strategy says. She waits for no seat in particular.
 */
export function seatFor(waiter: Waiter): Post | undefined {
  for (const tier of waiter.need.tiers) {
    const seat = seatOf(tier, waiter);
    if (seat) return seat;
  }
  return undefined;
}

function seatOf(tier: Tier, waiter: Waiter): Post | undefined {
  const { not } = waiter;
  const { strategy } = waiter.line.queue;
  const longest = longestIdle(tier);
  if (!longest) return undefined;
  if (strategy === 'longest-idle' && !not.includes(longest.seat.id)) return longest;
  const may = not.length > 0 ? (post: Post) => !not.includes(post.seat.id) : undefined;
  if (strategy === 'most-skilled') return mostSkilled(tier, waiter, may);
  if (strategy === 'longest-idle') return firstOf(tier, ({ idle }) => idle, asItIs, may);
  return firstOf(
    tier,
    ({ occupied }) => occupied,
    ({ item }) => item,
    may,
  );
}

const asItIs = (post: Post): Post => post;

/** The longest idle of those with the highest sum of levels in what was asked for at first. */
function mostSkilled(tier: Tier, { ask }: Waiter, may?: (post: Post) => boolean): Post | undefined {
  let best: Post | undefined;
  let bestLevels = -1;
  for (const kind of tier.kinds) {
    if (kind.idle.size === 0) continue;
    let levels = 0;
    for (const skill of ask.wish) levels += kind.level(skill);
    if (levels < bestLevels) continue;
    const post = may ? kind.idle.firstThat(may) : kind.idle.first;
    if (!post || (best && levels === bestLevels && !longer(post, best))) continue;
    best = post;
    bestLevels = levels;
  }
  return best;
}

/** Whether a seat has been idle longer than another. */
const longer = (a: Post, b: Post): boolean =>
  before(a.seat.idleSince, a.tie, b.seat.idleSince, b.tie);

/** The first of all kinds in one of their heaps. */
function firstOf<P extends Place>(
  tier: Tier,
  heapOf: (kind: SeatKind) => Heap<P>,
  postOf: (place: P) => Post,
  may?: (post: Post) => boolean,
): Post | undefined {
  let best: P | undefined;
  let bestKey = Infinity;
  for (const kind of tier.kinds) {
    const heap = heapOf(kind);
    if (!heap.first || (best && before(bestKey, best.tie, heap.firstKey, heap.first.tie))) continue;
    const place = may ? heap.firstThat((one) => may(postOf(one))) : heap.first;
    if (!place || (best && !before(heap.keyOf(place), place.tie, bestKey, best.tie))) continue;
    best = place;
    bestKey = heap.keyOf(place);
  }
  return best && postOf(best);
}

/** Nobody who is signed in could take her, not even when her needs have relaxed. */
export function isHopeless(waiter: Waiter, postOf: (id: string) => Post | undefined): boolean {
  const need = waiter.ask.mostModest;
  const excluded = waiter.not.filter((id) => {
    const post = postOf(id);
    return post !== undefined && present(post.seat) && need.kinds.has(post.kind);
  });
  return need.present <= excluded.length;
}
