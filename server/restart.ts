import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../kernel/clock.ts';
import type { Dispatcher } from '../routing/dispatcher.ts';
import type { SeatWas } from '../routing/seats.ts';
import { AriDown, type AriEvent, type AriSession } from '../telephony/asterisk/ari/session.ts';
import type { AsteriskListener, Invited } from '../telephony/asterisk/listener.ts';
import type { SeatLegs } from '../telephony/asterisk/seat-legs.ts';
import { takeSnapshot, type Snapshot } from '../telephony/asterisk/snapshot.ts';
import type { AsteriskSwitch } from '../telephony/asterisk/switch.ts';
import { legsOf, type CallRecord, type Calls } from '../telephony/calls.ts';
import { numberShownTo } from '../telephony/identity.ts';
import type { CutOff, CutOffList } from '../telephony/redis/cut-off.ts';
import type { RedisCallStore } from '../telephony/redis/call-store.ts';
import type { SwitchMark } from '../telephony/redis/switch-mark.ts';
import { madeFor, reconcile } from '../telephony/restart/reconcile.ts';
import type { Nouns } from './nouns.ts';
import { seatsAgain, type Placed } from './seats-again.ts';

export interface RestartNeeds {
  readonly clock: Clock;
  readonly session: AriSession;
  readonly app: string;
  readonly nouns: Nouns;
  readonly host: string;
  readonly calls: Calls;
  readonly dispatcher: Dispatcher;
  readonly theSwitch: AsteriskSwitch;
  readonly listener: AsteriskListener;
  readonly seatLegs: SeatLegs;
  readonly places: readonly Placed[];
  readonly callStore: RedisCallStore;
  readonly seatStore: { read(): Promise<ReadonlyMap<string, SeatWas>> };
  readonly switchMark: SwitchMark;
  readonly cutOff: CutOffList;
  readonly seeksStill: (record: CallRecord) => void;
  readonly onInvited: (invited: Invited) => void;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** A connection that breaks during the look: it is looked again after so long. */
const againMs = 100;

/**
 * Restart is news (docs/decisions/0006-restart-is-news.md): a controller that starts, or hears of the switch again,
 * holds its calls against what the switch has; the differences are ordinary facts. Events wait meanwhile.
 */
export class Restart {
  private readonly needs: RestartNeeds;
  /** What is told while nobody may hear it yet; null: everything is heard at once. */
  private meanwhile: AriEvent[] | null = [];
  private falls = 0;
  /** One look after the other. */
  private looking: Promise<void> = Promise.resolve();

  constructor(needs: RestartNeeds) {
    this.needs = needs;
    const { session, listener } = needs;
    session.onEvent((event) =>
      this.meanwhile ? this.meanwhile.push(event) : listener.heard(event),
    );
  }

  /** A controller starts: calls and seats as they were written down. */
  begin(): Promise<void> {
    return this.inTurn(() => this.fromStores());
  }

  /** The connection is down: what comes with the next one is heard only after the look. */
  down(): void {
    this.falls += 1;
    this.meanwhile ??= [];
  }

  /** The connection is up again; calls are in memory. */
  up(): Promise<void> {
    return this.inTurn(() => this.fromMemory());
  }

  private inTurn(look: () => Promise<void>): Promise<void> {
    this.looking = this.looking.then(async () => {
      const { falls } = this;
      await look();
      if (falls === this.falls) this.hears();
    });
    return this.looking;
  }

  private async fromStores(): Promise<void> {
    const { callStore, seatStore, onTrouble } = this.needs;
    const unread = (what: string) => (error: unknown) =>
      onTrouble(`${what} cannot be read`, { error: String(error) });
    const stored = await callStore.read().catch(unread('Calls'));
    const seats = await seatStore.read().catch(unread('Seats'));
    const records = stored?.records ?? [];
    const snapshot = await this.look(records);
    this.linesAre(snapshot);
    for (const record of records) this.needs.calls.adopt(record);
    const ready = this.seatsAre(seats ?? new Map());
    for (const record of records) this.needs.seeksStill(record);
    await this.hold(snapshot);
    for (const call of stored?.unreadable ?? []) callStore.finished(call);
    for (const seat of ready) this.needs.dispatcher.happened(seat);
  }

  private async fromMemory(): Promise<void> {
    const snapshot = await this.look(this.needs.calls.all());
    this.linesAre(snapshot);
    await this.hold(snapshot);
  }

  private async look(records: readonly CallRecord[]): Promise<Snapshot> {
    const { session, app, nouns } = this.needs;
    for (;;) {
      try {
        return await takeSnapshot({ session, app, trunks: nouns.trunks }, records);
      } catch (error) {
        if (!(error instanceof AriDown)) throw error;
        await sleep(againMs);
      }
    }
  }

  private linesAre({ legs, bridges, browsers }: Snapshot): void {
    const { theSwitch, listener, seatLegs } = this.needs;
    theSwitch.found([...bridges.values()].flat());
    listener.found([...legs.values()].flatMap(({ id, state }) => (state === 'up' ? [id] : [])));
    seatLegs.onlyThese(new Set(legs.keys()));
    for (const { seat, leg } of browsers) void seatLegs.found(seat, leg.id, leg.state === 'up');
  }

  private seatsAre(stored: ReadonlyMap<string, SeatWas>) {
    const { calls, dispatcher, seatLegs, places } = this.needs;
    const { now, ready } = seatsAgain({
      seats: dispatcher.seats().map(({ id }) => id),
      places,
      stored,
      callOf: (seat) => calls.ofSeat(seat)?.call,
      lineUp: (seat) => seatLegs.of(seat) !== undefined,
      at: this.needs.clock.now(),
    });
    for (const seat of now) dispatcher.happened(seat);
    return ready;
  }

  /** First everything is made whole, then told what has happened: facts are answered on calls that stand as written. */
  private async hold(snapshot: Snapshot): Promise<void> {
    const { calls, clock, nouns, host, switchMark } = this.needs;
    const seen = { ...snapshot, anew: await switchMark.isAnew(snapshot.began) };
    const at = { ...nouns, host, now: clock.now() };
    // From here to the last order nothing is waited for: keys are pressed and timers run meanwhile.
    const records = calls.all();
    const outcomes = records.map((record) => reconcile(record, seen, at));
    for (const { record, orders } of outcomes) {
      calls.adopt(record);
      if (orders.length > 0 || record.call.stage === 'ended') {
        calls.carryOut(record.call.id, orders);
      }
    }
    if (seen.anew) await this.remember(records);
    await this.sweep(records, snapshot);
    for (const { record, facts } of outcomes) {
      for (const fact of facts) calls.fact(record.call.id, fact);
    }
    switchMark.isKnown(snapshot.began);
  }

  /** Citizens who were cut off by the fall of the switch are to be rung. */
  private async remember(records: readonly CallRecord[]): Promise<void> {
    const { cutOff, nouns, clock, onTrouble } = this.needs;
    const lost = records.flatMap(({ call }): CutOff[] => {
      if (!call.callerHere || ('callBack' in call && call.callBack)) return [];
      const number = numberShownTo(call, nouns.hotlines[call.hotline]);
      return [{ call: call.id, hotline: call.hotline, number, at: clock.now() }];
    });
    await cutOff
      .add(lost)
      .catch((error: unknown) => onTrouble('Who was cut off', { lost, error: String(error) }));
  }

  /** Nobody stays on the switch whom no call knows; a citizen is taken as if she rang now. */
  private async sweep(records: readonly CallRecord[], snapshot: Snapshot): Promise<void> {
    const { theSwitch, seatLegs, onInvited } = this.needs;
    const live = records.map(({ call }) => call);
    const known = new Set(live.flatMap((call) => [call.caller.leg, ...legsOf(call)]));
    const citizens = snapshot.citizens.filter(({ caller }) => !known.has(caller.leg));
    const taken = new Set(citizens.map(({ caller }) => caller.leg));
    const browsers = new Set(snapshot.browsers.map(({ leg }) => leg.id));
    const legs = [...snapshot.legs.keys()].filter(
      (leg) =>
        !known.has(leg) &&
        !taken.has(leg) &&
        !browsers.has(leg) &&
        !live.some((call) => madeFor(call, leg)),
    );
    const bridges = snapshot.ownBridges.filter((id) => !live.some((call) => call.id === id));
    const idle = snapshot.browsers.flatMap(({ seat, leg }) =>
      known.has(leg.id) || seatLegs.of(seat) !== leg.id ? [] : [leg.id],
    );
    await theSwitch.sweep({ legs, bridges, citizens: [...taken, ...idle] });
    for (const citizen of citizens) onInvited(citizen);
  }

  private hears(): void {
    const { listener } = this.needs;
    const waiting = this.meanwhile ?? [];
    this.meanwhile = null;
    for (const event of waiting) listener.heard(event);
  }
}
