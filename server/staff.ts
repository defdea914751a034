import type { Clock } from '../kernel/clock.ts';
import type { Dispatcher } from '../routing/dispatcher.ts';
import { BY_RULE, type News, type Order } from '../routing/staffing/happenings.ts';
import { Keeper, type StaffingStore } from '../routing/staffing/keeper.ts';
import type { Rules } from '../routing/staffing/nouns.ts';
import { siteOfSeat } from '../routing/staffing/sites.ts';
import { own } from '../routing/staffing/state.ts';
import type { Centre } from '../telephony/call.ts';
import { centreOf } from './centres.ts';

export interface StaffNeeds {
  readonly clock: Clock;
  readonly rules: Rules;
  readonly centres: Readonly<Record<string, Centre>>;
  readonly store: StaffingStore;
  readonly onNews: (news: News) => void;
  readonly onOrder: (order: Order) => void;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

export interface LineSample {
  readonly roundTripMs: number;
  readonly jitterMs: number;
  readonly loss: number;
}

/** A site of which nothing tells that it is back is tried again after so long. */
const tryAgainMs = 60_000;

/** The staffing joined with the dispatcher: what changes is told to it, and what seats do is told here. */
export class Staff {
  readonly keeper: Keeper;
  private readonly needs: StaffNeeds;
  private readonly told: Told;
  private readonly tries = new Map<string, () => void>();

  private constructor(needs: StaffNeeds, keeper: Keeper, told: Told) {
    this.needs = needs;
    this.keeper = keeper;
    this.told = told;
  }

  static async start(needs: StaffNeeds): Promise<Staff> {
    const told: Told = { dispatcher: null };
    const keeper = await Keeper.start({
      ...needs,
      toDispatcher: (happening) => {
        told.dispatcher?.happened(happening);
        if (happening.type === 'seatAdded') works(needs, told, happening.seat.id);
      },
    });
    return new Staff(needs, keeper, told);
  }

  /** The dispatcher that has been made with the keeper's staffing is told of changes from now on. */
  joins(dispatcher: Dispatcher): void {
    this.told.dispatcher = dispatcher;
  }

  /** Calls and seats are as they were before: centres are at work from now on. */
  begins(): void {
    for (const { id } of this.keeper.staffing.seats) works(this.needs, this.told, id);
    const { lines } = this.keeper.state;
    for (const site of Object.keys(this.needs.centres)) {
      if (own(lines, site)?.reached === false) this.siteNotReached(site);
    }
  }

  seatsChanged(seats: readonly string[]): void {
    for (const id of seats) {
      const state = this.told.dispatcher?.seat(id)?.state ?? 'signed-out';
      if (siteOfSeat(this.needs.rules, id) !== null) {
        void this.keeper.happened({ type: 'seat', seat: id, state });
      }
    }
  }

  /** Nothing was heard of a site: no calls for it until it is heard of, or until it is tried again. */
  siteNotReached(site: string): void {
    this.reached(site, false);
    this.tries.get(site)?.();
    this.tries.set(
      site,
      this.needs.clock.after(tryAgainMs, () => this.siteReached(site)),
    );
  }

  /** A trunk was asked whether it is there; centres behind it are as good as it is. */
  trunkReached(trunk: string, up: boolean, roundTripMs: number | null): void {
    for (const { id: site, route } of Object.values(this.needs.centres)) {
      if (route.trunk !== trunk) continue;
      if (up) this.siteReached(site);
      else this.reached(site, up);
      if (roundTripMs !== null) this.measured(site, { roundTripMs, jitterMs: 0, loss: 0 });
    }
  }

  /** A sample of a site's line; loss from 0 to 1. */
  measured(site: string, sample: LineSample): void {
    void this.keeper.happened({ type: 'quality', site, ...sample, at: this.needs.clock.now() });
  }

  /** A seat was signed out because nobody is logged in at it any more. */
  logInOver(seat: string): void {
    const why = '登录已到期 The log-in has ended';
    const asked = {
      type: 'forced',
      seat,
      state: 'signed-out',
      later: false,
      by: BY_RULE,
      why,
    } as const;
    void this.keeper.happened(asked);
  }

  siteReached(site: string): void {
    this.tries.get(site)?.();
    this.tries.delete(site);
    this.reached(site, true);
  }

  async close(): Promise<void> {
    for (const cancel of this.tries.values()) cancel();
    this.told.dispatcher = null;
    await this.keeper.close();
  }

  /** Its seats at once: until the keeper has written it down, they would be offered the very call that was not taken. */
  private reached(site: string, up: boolean): void {
    const { dispatcher } = this.told;
    for (const { id: seat } of dispatcher?.seats() ?? []) {
      if (centreOf(this.needs.centres, seat)?.id !== site) continue;
      dispatcher?.happened({ type: 'line', seat, up });
    }
    void this.keeper.happened({ type: 'siteReached', site, up });
  }
}

/** Who is told; null: the parts are still being put together. */
interface Told {
  dispatcher: Dispatcher | null;
}

/** Nobody signs in at a seat of a centre by trunk: it is at work as long as it is there. */
function works({ centres }: StaffNeeds, { dispatcher }: Told, seat: string): void {
  if (!centreOf(centres, seat)) return;
  dispatcher?.happened({ type: 'signedIn', seat });
  dispatcher?.happened({ type: 'line', seat, up: true });
  dispatcher?.happened({ type: 'ready', seat });
}
