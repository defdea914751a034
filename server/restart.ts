import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../kernel/clock.ts';
import { within } from '../kernel/within.ts';
import type { Dispatcher } from '../routing/dispatcher.ts';
import type { SeatWas } from '../routing/seats.ts';
import { AriDown } from '../telephony/asterisk/ari/session.ts';
import type { Invited } from '../telephony/asterisk/listener.ts';
import type { SwitchNode } from '../telephony/asterisk/node.ts';
import type { Nodes } from '../telephony/asterisk/nodes.ts';
import type { Snapshot } from '../telephony/asterisk/snapshot.ts';
import type { Call } from '../telephony/call.ts';
import { legsOf, seatsIn, type CallRecord, type Calls } from '../telephony/calls.ts';
import { numberShownTo } from '../telephony/identity.ts';
import type { CutOff, CutOffList } from '../telephony/redis/cut-off.ts';
import type { RedisCallStore } from '../telephony/redis/call-store.ts';
import type { SwitchMark } from '../telephony/redis/switch-mark.ts';
import { callOf, reconcile, type Seen } from '../telephony/restart/reconcile.ts';
import { takesPart } from '../telephony/table/step.ts';
import type { Nouns } from './nouns.ts';
import { seatsAgain, type Placed } from './seats-again.ts';

export interface RestartNeeds {
  readonly clock: Clock;
  readonly nodes: Nodes;
  readonly nouns: Nouns;
  readonly host: string;
  readonly calls: Calls;
  readonly dispatcher: Dispatcher;
  readonly places: readonly Placed[];
  readonly callStore: RedisCallStore;
  readonly seatStore: { read(): Promise<ReadonlyMap<string, SeatWas>> };
  /** Which run of this node calls were on last. */
  readonly switchMark: (node: SwitchNode) => SwitchMark;
  readonly cutOff: CutOffList;
  readonly seeksStill: (record: CallRecord) => void;
  readonly onInvited: (node: SwitchNode, invited: Invited) => void;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** A connection that breaks during the look: it is looked again after so long. */
const againMs = 100;
/** So long the list of those who were cut off may take before their seats are free all the same. */
const listMs = 500;

/** A switch that has died. */
const nothing: Seen = {
  at: Infinity,
  legs: new Map(),
  bridges: new Map(),
  sounding: new Set(),
  anew: true,
};

/**
 * Restart is news (docs/decisions/0006-restart-is-news.md): a controller that starts, or hears of a switch again, holds
 * its calls against what the switch has; the differences are ordinary facts. Events wait meanwhile. The same for a
 * switch that has died: it has nothing (docs/decisions/0009-nodes.md).
 */
export class Restart {
  private readonly needs: RestartNeeds;
  /** One look after the other at each node. */
  private readonly looking = new Map<SwitchNode, Promise<void>>();
  private begun: Promise<void> = Promise.resolve();

  constructor(needs: RestartNeeds) {
    this.needs = needs;
  }

  /** A controller starts: calls and seats as they were written down. */
  begin(): Promise<void> {
    this.begun = this.fromStores();
    return this.begun;
  }

  /** The connection is up again; calls are in memory. */
  up(node: SwitchNode): Promise<void> {
    return this.inTurn(node, async () => {
      const heard = node.waits();
      const snapshot = await this.look(node, this.on(node, this.needs.calls.all()));
      if (!snapshot) return;
      node.found(snapshot);
      await this.hold(node, snapshot);
      this.needs.nodes.isBack(node);
      heard();
    });
  }

  /** Somebody else has taken the bridge away under its people: this call is made whole again. */
  bridgeLost(node: SwitchNode, callId: string): Promise<void> {
    const underWay = () =>
      this.needs.calls.all().filter(({ call }) => call.id === callId && call.stage !== 'ended');
    return this.inTurn(node, async () => {
      // A connection that is down is looked through when it is up again.
      if (underWay().length === 0 || !node.up) return;
      const heard = node.waits();
      const snapshot = await this.look(node, underWay());
      if (snapshot) this.makesWhole(underWay(), { ...snapshot, anew: false })();
      heard();
    });
  }

  /** It has died, and its calls with it. */
  dead(node: SwitchNode): Promise<void> {
    return this.inTurn(node, () => this.isOver(node));
  }

  private inTurn(node: SwitchNode, look: () => Promise<void>): Promise<void> {
    const turn = (this.looking.get(node) ?? this.begun).then(look);
    this.looking.set(node, turn);
    return turn;
  }

  private async fromStores(): Promise<void> {
    const { callStore, seatStore, nodes, onTrouble } = this.needs;
    const unread = (what: string) => (error: unknown) =>
      onTrouble(`${what} cannot be read`, { error: String(error) });
    const stored = await callStore.read().catch(unread('Calls'));
    const seats = await seatStore.read().catch(unread('Seats'));
    const records = stored?.records ?? [];
    const seen = await this.lookAtAll(records);
    for (const { node, snapshot } of seen) node.found(snapshot);
    for (const record of records) this.needs.calls.adopt(record);
    const ready = this.seatsAre(seats ?? new Map());
    for (const record of records) this.needs.seeksStill(record);
    for (const { node, snapshot } of seen) await this.hold(node, snapshot);
    if (nodes.complete) this.homeless(records);
    for (const call of stored?.unreadable ?? []) callStore.finished(call);
    for (const seat of ready) this.needs.dispatcher.happened(seat);
    for (const { heard } of seen) heard();
  }

  /** Those that are there; of one that is not, `up` will be told. */
  private async lookAtAll(records: readonly CallRecord[]) {
    for (;;) {
      const looks = this.needs.nodes.all().map(async (node) => {
        const heard = node.waits();
        const snapshot = await this.look(node, this.on(node, records));
        return snapshot ? [{ node, snapshot, heard }] : [];
      });
      const seen = (await Promise.all(looks)).flat();
      if (seen.length > 0) return seen;
      await sleep(againMs);
    }
  }

  /** Null: it is away again. */
  private async look(node: SwitchNode, records: readonly CallRecord[]): Promise<Snapshot | null> {
    while (node.up) {
      try {
        return await node.look(records);
      } catch (error) {
        if (!(error instanceof AriDown)) throw error;
        await sleep(againMs);
      }
    }
    return null;
  }

  private on(node: SwitchNode, records: readonly CallRecord[]): CallRecord[] {
    return records.filter(({ call }) => this.needs.nodes.named(call.node) === node);
  }

  private seatsAre(stored: ReadonlyMap<string, SeatWas>) {
    const { calls, dispatcher, nodes, places } = this.needs;
    const { now, ready } = seatsAgain({
      seats: dispatcher.seats().map(({ id }) => id),
      places,
      stored,
      callOf: (seat) => {
        const call = calls.ofSeat(seat)?.call;
        return call && takesPart(call, seat) ? call : undefined;
      },
      lineUp: (seat) => nodes.lineUp(seat),
      phoneUp: (seat) => nodes.phoneUp(seat),
      at: this.needs.clock.now(),
    });
    for (const seat of now) dispatcher.happened(seat);
    return ready;
  }

  /** First everything is made whole, then told what has happened: facts are answered on calls that stand as written. */
  private async hold(node: SwitchNode, snapshot: Snapshot): Promise<void> {
    const { calls } = this.needs;
    const switchMark = this.needs.switchMark(node);
    const seen = { ...snapshot, anew: await switchMark.isAnew(snapshot.began) };
    const records = this.on(node, calls.all());
    const tell = this.makesWhole(records, seen);
    if (seen.anew) await this.remember(records);
    await this.sweep(node, records, snapshot);
    // Who has a new leg by now has not lost its call.
    for (const { call } of this.on(node, calls.all())) {
      for (const seat of seatsIn(call)) {
        const leg = node.seatLegs.of(seat);
        if (leg !== undefined) calls.fact(call.id, { type: 'seatBack', seat, leg });
      }
    }
    tell();
    switchMark.isKnown(snapshot.began);
  }

  private async isOver(node: SwitchNode): Promise<void> {
    const records = this.on(node, this.needs.calls.all());
    const tell = this.makesWhole(records, nothing);
    await this.remember(records);
    tell();
  }

  /** Calls of a switch that is none of ours any more. */
  private homeless(records: readonly CallRecord[]): void {
    const { calls, nodes } = this.needs;
    for (const { call } of records) {
      if (!nodes.named(call.node)) calls.fact(call.id, { type: 'switchLost' });
    }
  }

  /** From here to the last order nothing is waited for: keys are pressed and timers run meanwhile. What is returned tells the facts. */
  private makesWhole(records: readonly CallRecord[], seen: Seen): () => void {
    const { calls, clock, nouns, host } = this.needs;
    const at = { ...nouns, host, now: clock.now() };
    const outcomes = records.map((record) => reconcile(record, seen, at));
    for (const { record, orders } of outcomes) {
      calls.adopt(record);
      if (orders.length > 0 || record.call.stage === 'ended') {
        calls.carryOut(record.call.id, orders);
      }
    }
    return () => {
      for (const { record, facts } of outcomes) {
        for (const fact of facts) calls.fact(record.call.id, fact);
      }
    };
  }

  /** Citizens who were cut off by the fall of the switch are to be rung. */
  private async remember(records: readonly CallRecord[]): Promise<void> {
    const { cutOff, nouns, clock, onTrouble } = this.needs;
    const lost = records.flatMap(({ call }): CutOff[] => {
      if (!call.callerHere || ('callBack' in call && call.callBack)) return [];
      if (call.stage === 'rating') return [];
      const number = numberShownTo(call, nouns.hotlines[call.hotline]);
      return [{ call: call.id, hotline: call.hotline, number, at: clock.now() }];
    });
    await within(listMs, cutOff.add(lost)).catch((error: unknown) =>
      onTrouble('Who was cut off', { lost, error: String(error) }),
    );
  }

  /** Nobody stays on the switch whom no call knows; a citizen is taken as if she rang now. */
  private async sweep(
    node: SwitchNode,
    records: readonly CallRecord[],
    snapshot: Snapshot,
  ): Promise<void> {
    const live = records.map(({ call }) => call);
    const known = new Set(
      live.flatMap((call) => [
        ...(call.stage === 'ended' && call.how === 'switch-lost' ? [] : [call.caller.leg]),
        ...legsOf(call),
      ]),
    );
    const citizens = snapshot.citizens.filter(({ caller }) => !known.has(caller.leg));
    const taken = new Set(citizens.map(({ caller }) => caller.leg));
    const browsers = new Set(snapshot.browsers.map(({ leg }) => leg.id));
    const ids = new Set(live.map(({ id }) => id));
    const rung = new Set(snapshot.calledBack.filter((leg) => !ids.has(callOf(leg))));
    node.ringsUnknown([...rung]);
    const legs = [...snapshot.legs.keys()].filter(
      (leg) =>
        !known.has(leg) &&
        !taken.has(leg) &&
        !browsers.has(leg) &&
        !rung.has(leg) &&
        !ids.has(callOf(leg)),
    );
    const bridges = snapshot.ownBridges.filter((id) => !ids.has(id) && !ids.has(callOf(id)));
    const idle = snapshot.browsers.flatMap(({ seat, leg }) =>
      known.has(leg.id) || node.seatLegs.of(seat) !== leg.id ? [] : [leg.id],
    );
    await node.sweep({ legs, bridges, citizens: [...taken, ...idle] });
    for (const citizen of citizens) this.needs.onInvited(node, citizen);
    await this.wereNotCutOff(live, taken);
  }

  private async wereNotCutOff(live: readonly Call[], taken: ReadonlySet<string>): Promise<void> {
    const back = live.flatMap(({ id, caller }) => (taken.has(caller.leg) ? [id] : []));
    if (back.length > 0)
      await within(listMs, this.needs.cutOff.remove(back)).catch(() => undefined);
  }
}
