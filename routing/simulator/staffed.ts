import { forecast, recentOf, staysWell, type Assumed } from '../forecast.ts';
import type { Queue } from '../queue.ts';
import { busy, present, type Seat } from '../seats.ts';
import { differences } from '../staffing/differences.ts';
import type { Happening, Order } from '../staffing/happenings.ts';
import type { Rules } from '../staffing/nouns.ts';
import { StaffingRefusal } from '../staffing/refusals.ts';
import { staffingOf, type Staffing as Told } from '../staffing/staffing-of.ts';
import { emptyState, type State } from '../staffing/state.ts';
import { nextAt, step } from '../staffing/step.ts';
import type { Chance, Duration } from './chance.ts';
import type { Play } from './play.ts';
import { Chronicle, type Story } from './story.ts';

/** Plans and steps as they are configured, and what people do about them. */
export interface Staffing {
  readonly rules: Rules;
  /** A person opens a plan at a time (milliseconds since midnight); null: nobody does. */
  readonly opened: { readonly plan: string; readonly by: string; readonly atMs: number } | null;
  /** From being asked in until somebody has signed in. */
  readonly arriving: Duration;
  /** From then on until ready for calls. */
  readonly settling: Duration;
  /** The share of callers who should be answered within the target. */
  readonly share: number;
  readonly assumed: Assumed;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Forecasts are made when another span has been counted. */
const FORECAST_MS = 5 * MINUTE;

/**
 * What the keeper and the people do in the real system, in virtual time: each fact goes through the one step of the
 * staffing, what follows goes to the floor, who is asked in comes, and goes home when the plan drains or closes.
 */
export class Staffed {
  readonly #play: Play;
  readonly #staffing: Staffing;
  readonly #chance: Chance;
  readonly #chronicle = new Chronicle();
  /** Seats of sites that the staffing believes to be on a call. */
  readonly #toldBusy = new Set<string>();
  readonly #siteSeats: ReadonlyMap<string, readonly string[]>;
  #state: State = emptyState;
  #told: Told;
  #alarmAt: number | null = null;

  constructor(play: Play, queues: readonly Queue[], staffing: Staffing, chance: Chance) {
    this.#play = play;
    this.#staffing = staffing;
    this.#chance = chance;
    this.#told = { queues, seats: [] };
    const { rules, opened } = staffing;
    this.#siteSeats = new Map(
      rules.sites.map(({ id }) => [
        id,
        rules.seats.filter(({ site }) => site === id).map((seat) => seat.id),
      ]),
    );
    this.#tells();
    for (let at = 0; at < DAY; at += MINUTE) play.at(at, () => this.#looks(at));
    if (opened) {
      const { plan, by, atMs } = opened;
      play.at(atMs, () => this.#steps({ type: 'open', plan, by, why: '演示 / simulated' }));
    }
  }

  story(): Story {
    return this.#chronicle.story();
  }

  /** A seat's talk is over. */
  ended(seat: string): void {
    const state = this.#play.seat(seat)?.state ?? 'signed-out';
    const gone = state === 'signed-out' && this.#state.seen.here[seat] !== undefined;
    if (!this.#toldBusy.delete(seat) && !gone) return;
    this.#steps({ type: 'seat', seat, state });
  }

  #looks(at: number): void {
    for (const { queue, steps } of this.#staffing.rules.queues) {
      const { hotline } = queue;
      if (steps.some(({ whenWaiting }) => whenWaiting !== null)) {
        const { waiting } = this.#play.waiting(hotline);
        this.#steps({ type: 'waiting', hotline, waiting });
      }
      const well = this.#isWell(queue);
      const wasWell = this.#state.seen.wellSince[hotline] !== undefined;
      if (well !== wasWell) this.#steps({ type: 'well', hotline, well });
    }
    if (at % FORECAST_MS === 0) this.#foresees();
    const { openings } = this.#state;
    if (Object.keys(openings).length > 0) this.#chronicle.counts(at, this.#count());
  }

  #foresees(): void {
    for (const plan of this.#staffing.rules.plans) {
      if (plan.onForecast === 'nothing' || this.#state.openings[plan.id]) continue;
      const missed = plan.queues
        .map((hotline) => this.#forecast(hotline))
        .filter((one) => one?.missed)
        .sort((a, b) => (a?.outlooks.at(-1)?.inTime ?? 1) - (b?.outlooks.at(-1)?.inTime ?? 1));
      const seats = missed.reduce((sum, one) => sum + (one?.seatsMore ?? 0), 0);
      const [without, mended] = [missed[0]?.outlooks.at(-1), missed[0]?.mended.at(-1)];
      if (!without || !mended) continue;
      const expected = { without, with: mended };
      this.#steps({ type: 'forecast', plan: plan.id, seats, expected });
    }
  }

  #forecast(hotline: string) {
    const queue = this.#told.queues.find((one) => one.hotline === hotline);
    if (!queue) return undefined;
    const groups = queue.reach.filter(({ afterMs }) => afterMs === 0).map(({ group }) => group);
    const recent = this.#recent(queue, groups);
    return recent && forecast(recent, { targetMs: queue.targetMs, share: this.#staffing.share });
  }

  #isWell(queue: Queue): boolean {
    const { hotline, targetMs } = queue;
    const { longestSince } = this.#play.waiting(hotline);
    const lately = this.#play.load(hotline)?.spans.slice(-2) ?? [];
    const sum = (of: (span: (typeof lately)[number]) => number) =>
      lately.reduce((all, span) => all + of(span), 0);
    const own = this.#recent(queue, [hotline]);
    if (!own) return true;
    return staysWell(
      own,
      { targetMs, share: this.#staffing.share },
      {
        over: sum(({ answered, abandoned }) => answered + abandoned),
        inTime: sum(({ inTime }) => inTime),
        longestMs: this.#play.now - (longestSince ?? this.#play.now),
      },
    );
  }

  /** How busy a queue has been, and how the seats of these groups stand. */
  #recent({ hotline }: Queue, groups: readonly string[]) {
    const load = this.#play.load(hotline);
    if (!load) return undefined;
    let [seats, taken] = [0, 0];
    for (const seat of this.#play.seats()) {
      if (!present(seat) || !seat.groups.some((group) => groups.includes(group))) continue;
      seats += 1;
      if (busy(seat)) taken += 1;
    }
    const { waiting } = this.#play.waiting(hotline);
    const standing = { seats, busy: taken, waiting };
    return recentOf(load, this.#play.now, standing, this.#staffing.assumed);
  }

  /** Seats of sites: signed in, and of those the ones at work. */
  #count(): { readonly signedIn: number; readonly ready: number } {
    let [signedIn, ready] = [0, 0];
    for (const ids of this.#siteSeats.values()) {
      for (const seat of ids.map((id) => this.#play.seat(id))) {
        if (!seat || !present(seat)) continue;
        signedIn += 1;
        if (isAtWork(seat)) ready += 1;
      }
    }
    return { signedIn, ready };
  }

  #steps(happening: Happening): void {
    const { rules } = this.#staffing;
    const { now } = this.#play;
    const before = this.#state;
    const stepped = step(rules, before, happening, now);
    if (stepped instanceof StaffingRefusal) throw stepped;
    this.#state = stepped.state;
    this.#watchesTime();
    if (stepped.state.version !== before.version) this.#tells();
    for (const news of stepped.news) this.#chronicle.news(news);
    for (const order of stepped.orders) this.#obeys(order);
    if (stepped.news.length > 0) this.#chronicle.counts(now, this.#count());
  }

  #tells(): void {
    const staffing = staffingOf(this.#staffing.rules, this.#state, this.#play.now);
    const changes = differences(this.#told, staffing);
    this.#told = staffing;
    for (const change of changes) this.#play.happens(change);
  }

  /** Just before time changes something the staffing learns who talks: a plan that drains waits for them. */
  #watchesTime(): void {
    const at = nextAt(this.#staffing.rules, this.#state);
    if (at === this.#alarmAt) return;
    this.#alarmAt = at;
    if (at === null) return;
    this.#play.at(at - 1, () => {
      if (this.#alarmAt === at) this.#tellsBusy();
    });
    this.#play.at(at, () => {
      if (this.#alarmAt === at) this.#steps({ type: 'time' });
    });
  }

  #tellsBusy(): void {
    for (const seat of [...this.#siteSeats.values()].flat()) {
      const state = this.#play.seat(seat)?.state;
      if (state !== 'talking' || this.#toldBusy.has(seat)) continue;
      this.#toldBusy.add(seat);
      this.#steps({ type: 'seat', seat, state });
    }
  }

  #obeys(order: Order): void {
    if (order.type === 'askIn') {
      this.#chronicle.askedIn(order.sites.reduce((sum, { seats }) => sum + seats, 0));
      for (const { site, seats } of order.sites) this.#asksIn(order.plan, site, seats);
    } else if (order.event !== 'diverting') {
      for (const site of order.sites) this.#sendsHome(site);
    }
  }

  #asksIn(plan: string, site: string, seats: number): void {
    const { arriving, settling } = this.#staffing;
    const opening = this.#state.openings[plan]?.id;
    const away = (this.#siteSeats.get(site) ?? []).filter((id) => !this.#isHere(id));
    for (const seat of away.slice(0, seats)) {
      const [arrives, settles] = [arriving(this.#chance), settling(this.#chance)];
      const stillWanted = () => {
        const now = this.#state.openings[plan];
        return now?.id === opening && now?.stage === 'open';
      };
      this.#play.at(this.#play.now + arrives, () => {
        if (!stillWanted() || this.#isHere(seat)) return;
        this.#play.signsIn(seat);
        this.#steps({ type: 'seat', seat, state: 'not-ready' });
      });
      this.#play.at(this.#play.now + arrives + settles, () => {
        if (stillWanted()) this.#play.happens({ type: 'ready', seat });
      });
    }
  }

  #sendsHome(site: string): void {
    for (const seat of this.#siteSeats.get(site) ?? []) {
      if (!this.#isHere(seat)) continue;
      this.#play.goes(seat);
      if (!this.#isHere(seat)) this.#steps({ type: 'seat', seat, state: 'signed-out' });
    }
  }

  #isHere(seat: string): boolean {
    return (this.#play.seat(seat)?.state ?? 'signed-out') !== 'signed-out';
  }
}

const isAtWork = (seat: Seat): boolean => seat.state === 'ready' || busy(seat);
