import type { Clock } from '../kernel/clock.ts';
import type { Words } from '../kernel/errors.ts';
import { offerable } from '../routing/seats.ts';
import type { TargetView } from './http/views.ts';
import type { Wired } from './wire.ts';

export interface TrunkStatesNeeds {
  readonly clock: Clock;
  /** Trunks that Asterisk asks whether they are there. */
  readonly trunks: readonly string[];
  /** Null: it cannot be told. */
  readonly isReached: (trunk: string) => Promise<boolean | null>;
  readonly onChange: () => void;
}

const EVERY_MS = 5_000;

/** Whether the trunks behind which peers are can be reached, as Asterisk has found. */
export class TrunkStates {
  private readonly needs: TrunkStatesNeeds;
  private readonly states = new Map<string, boolean | null>();
  private cancel: () => void = () => undefined;
  private closed = false;

  constructor(needs: TrunkStatesNeeds) {
    this.needs = needs;
    if (needs.trunks.length > 0) void this.look();
  }

  /** Undefined: nobody asks. */
  of(trunk: string): boolean | null | undefined {
    return this.states.get(trunk);
  }

  close(): void {
    this.closed = true;
    this.cancel();
  }

  private async look(): Promise<void> {
    const { clock, trunks, isReached, onChange } = this.needs;
    for (const trunk of trunks) {
      const now = await isReached(trunk);
      if (this.states.get(trunk) === now) continue;
      this.states.set(trunk, now);
      onChange();
    }
    if (!this.closed) this.cancel = clock.after(EVERY_MS, () => void this.look());
  }
}

/** The trunks of peers that are asked. */
export function peerTrunks({ peers, trunks }: Wired['nouns']): string[] {
  const used = Object.values(peers).flatMap(({ routes }) => routes.map(({ trunk }) => trunk));
  return [...new Set(used)].filter((name) => (trunks[name]?.qualifySeconds ?? 0) > 0);
}

/** To whom calls can be handed, and how each is now; the same for all desks. */
export function targetsOf(wired: Wired): TargetView[] {
  const seats = wired.dispatcher.seats().filter(offerable);
  const hotlines = wired.config.hotlines.map(({ id, name, numbers }): TargetView => {
    const free = seats.filter(({ groups }) => groups.includes(id)).length;
    const { waiting } = wired.dispatcher.waiting(id);
    const state = free > 0 ? 'well' : 'busy';
    return { id, name, numbers: [...numbers], state, words: freeWords(free, waiting) };
  });
  const peers = wired.config.peers.map(({ id, name, routes }): TargetView => {
    const state = peerState(wired, routes);
    const numbers = routes.map(({ number }) => number);
    return { id, name, numbers, state, words: peerWords[state] };
  });
  return [...hotlines, ...peers];
}

function freeWords(free: number, waiting: number): Words {
  const queue = waiting > 0 ? { zh: `，排队 ${waiting}`, en: `, ${waiting} waiting` } : null;
  const zh = free > 0 ? `空闲 ${free} 席` : '无空闲座席';
  const en = free > 0 ? `${free} ${free === 1 ? 'seat' : 'seats'} free` : 'No seat free';
  return { zh: zh + (queue?.zh ?? ''), en: en + (queue?.en ?? '') };
}

const peerWords = {
  well: { zh: '线路正常', en: 'Line well' },
  away: { zh: '线路不通', en: 'Line down' },
  unknown: { zh: '线路未探测', en: 'Line not probed' },
} as const;

/** One route that is there is enough. */
function peerState(
  { trunkStates }: Wired,
  routes: readonly { readonly trunk: string }[],
): keyof typeof peerWords {
  const states = routes.map(({ trunk }) => trunkStates.of(trunk));
  if (states.includes(true)) return 'well';
  return states.every((state) => state === false) ? 'away' : 'unknown';
}
