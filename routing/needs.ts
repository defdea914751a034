import { before, Heap, Place, type Item } from './heap.ts';
import { preferenceOf, type Preference } from './queue.ts';
import type { Post, Waiter } from './posts.ts';

export type Levels = readonly { readonly skill: number; readonly level: number }[];

/** All seats with the same groups and skills. */
export class SeatKind {
  readonly key: string;
  readonly groups: readonly string[];
  readonly known: Levels;
  /** Level by number of the skill. */
  readonly levels: Uint8Array;
  /** The needs that these seats serve, and their numbers in the same order. */
  readonly served: Need[] = [];
  readonly numbers: number[] = [];
  /** Those that can be offered a call, the longest idle first. */
  readonly idle = new Heap<Post>();
  /** The same, the least occupied first; kept only while a queue asks for it. */
  readonly occupied = new Heap<Item<Post>>();
  /** Needs whose heap of kinds has dropped this one because nobody in it was idle. */
  readonly droppedBy: Need[] = [];
  /** No need's heap knows this kind by a place after this one. */
  latestKey = -Infinity;
  latestTie: number | string = '';
  seats = 0;
  /** Of these, signed in with their line up. */
  present = 0;

  constructor(key: string, groups: readonly string[], known: Levels, skills: number) {
    this.key = key;
    this.groups = groups;
    this.known = known;
    this.levels = new Uint8Array(skills);
    for (const { skill, level } of known) this.levels[skill] = level;
  }

  level(skill: number): number {
    return this.levels[skill] ?? 0;
  }
}

/** All callers who need the same now: groups that are open to them, levels of skills. */
export class Need {
  readonly number: number;
  readonly key: string;
  readonly open: ReadonlyMap<string, Preference>;
  readonly levels: Levels;
  /** The seats that serve it. */
  readonly kinds = new Map<SeatKind, KindPlace>();
  /** The same by preference, what is asked first stands first. */
  readonly tiers: readonly Tier[];
  readonly waiting = new Heap<Waiter>();
  present = 0;
  /** Transfers that at their most modest need this. */
  readonly transfers = new Set<Waiter>();
  /** How many asks lead to it. */
  asks = 0;

  constructor(number: number, key: string, open: ReadonlyMap<string, Preference>, levels: Levels) {
    this.number = number;
    this.key = key;
    this.open = open;
    this.levels = levels;
    const preferences = [...new Set(open.values())].sort();
    this.tiers = preferences.map((preference) => new Tier(this, preference));
  }
}

/** The seats that a need asks for with the same preference. */
export class Tier {
  readonly need: Need;
  readonly preference: Preference;
  readonly kinds = new Set<SeatKind>();
  /**
   * Kinds by their longest idle seat. A kind may stand here too early, or though nobody in it is idle any more; that
   * is mended when it comes to the top. So a seat that comes or goes costs nothing in needs that nobody has.
   */
  readonly idle = new Heap<KindPlace>();

  constructor(need: Need, preference: Preference) {
    this.need = need;
    this.preference = preference;
  }
}

/** Where a kind of seats stands in a need: its place is in `tier.idle`. */
export class KindPlace extends Place {
  readonly kind: SeatKind;
  readonly tier: Tier;

  constructor(kind: SeatKind, tier: Tier) {
    super('');
    this.kind = kind;
    this.tier = tier;
  }
}

/** The longest idle seat of a tier. */
export function longestIdle({ need, idle }: Tier): Post | undefined {
  for (;;) {
    const top = idle.first;
    if (!top) return undefined;
    const { kind } = top;
    const first = kind.idle.first;
    if (first?.tie === top.tie && kind.idle.firstKey === idle.firstKey) return first;
    idle.remove(top);
    if (first) standsAt(top, first);
    else kind.droppedBy.push(need);
  }
}

/** Somebody in the kind is idle longer than all others in it: needs that would not see that hear of it. */
export function newFirst(kind: SeatKind, first: Post): void {
  const { droppedBy } = kind;
  for (const need of droppedBy) {
    const place = need.kinds.get(kind);
    if (place && place.at < 0) standsAt(place, first);
  }
  droppedBy.length = 0;
  const key = kind.idle.firstKey;
  if (!before(key, first.tie, kind.latestKey, kind.latestTie)) return;
  for (const need of kind.served) {
    const place = need.kinds.get(kind);
    if (!place) continue;
    const { idle } = place.tier;
    if (!before(key, first.tie, idle.keyOf(place), place.tie)) continue;
    idle.remove(place);
    standsAt(place, first);
  }
}

/** The kind stands in the tier by the first of those in it who are idle. */
function standsAt(place: KindPlace, { tie }: Post): void {
  const { kind, tier } = place;
  const key = kind.idle.firstKey;
  place.tie = tie;
  tier.idle.add(place, key);
  if (!before(kind.latestKey, kind.latestTie, key, tie)) return;
  kind.latestKey = key;
  kind.latestTie = tie;
}

/** Notes that these seats serve the need, if they do. */
export function link(kind: SeatKind, need: Need): void {
  for (const { skill, level } of need.levels) if (kind.level(skill) < level) return;
  const preference = preferenceOf(kind.groups, need.open);
  const tier = need.tiers.find((one) => one.preference === preference);
  if (!tier) return;
  const place = new KindPlace(kind, tier);
  kind.served.push(need);
  kind.numbers.push(need.number);
  need.kinds.set(kind, place);
  tier.kinds.add(kind);
  need.present += kind.present;
  if (kind.idle.first) standsAt(place, kind.idle.first);
  else kind.droppedBy.push(need);
}

/** Nobody is of this kind any more. */
export function forgetKind(kind: SeatKind): void {
  for (const need of kind.served) {
    const place = need.kinds.get(kind);
    if (!place) continue;
    place.tier.idle.remove(place);
    place.tier.kinds.delete(kind);
    need.kinds.delete(kind);
  }
}

/** Nobody has this need any more. */
export function forgetNeed(need: Need): void {
  for (const { served, numbers } of need.kinds.keys()) {
    const at = served.indexOf(need);
    const last = served.pop();
    const number = numbers.pop();
    if (!last || number === undefined || last === need) continue;
    served[at] = last;
    numbers[at] = number;
  }
  need.kinds.clear();
}
