import { setTimeout as sleep } from 'node:timers/promises';
import type { Call, LegId } from '../call.ts';
import type { Switch, SwitchOrder } from '../calls.ts';
import { AriDown, type AriAddress, type Lost } from './ari/session.ts';
import { SwitchNode, type NodeNeeds } from './node.ts';
import type { LegQuality } from './quality.ts';
import type { TrunkWatchNeeds } from './trunk-watch.ts';

/** `frozen`: it does not answer. `down`: it is away, or dead. */
export type NodeHealth = 'up' | 'down' | 'frozen';

export interface NodesNeeds extends Omit<NodeNeeds, 'address' | 'onLine'> {
  /** At least one. */
  readonly addresses: readonly AriAddress[];
  /** A seat's line is up, or no more: a browser's lasting leg, a phone that is registered. */
  readonly onLine: (seat: string, up: boolean) => void;
  /** It answers (again): it must be looked at, and then `isBack`. */
  readonly onUp: (node: SwitchNode) => void;
  /** It has died, and every call on it. Taken out already. */
  readonly onDead: (node: SwitchNode) => void;
  /** No seat is to be rung there for now; or again. */
  readonly onService: (node: SwitchNode, inService: boolean) => void;
  /** Its health is another. */
  readonly onHealth: (name: string, health: NodeHealth) => void;
}

/** Where nobody has listened for so long, nobody lives any more: calls on it are over, seats are free. */
const DEAD_AFTER_MS = 600;
/** Of one that is merely not reached, calls go on; but after so long nobody new is rung there. */
const OUT_AFTER_MS = 3_000;
/** Browsers come to one that is new or back within this time, or are not waited for. */
const SETTLE_MS = 10_000;
/** One that says that it ends has its connection ended by then. */
const ENDS_WITHIN_MS = 5_000;
/** Others are not kept waiting at the start for one that does not answer. */
const OPEN_MS = 3_000;
const OPEN_AGAIN_MS = 2_000;

interface Slot {
  readonly address: AriAddress;
  node: SwitchNode | null;
  health: NodeHealth;
  /** Seats may be rung there. */
  inService: boolean;
  /** Back, and browsers are coming to it. */
  settling: boolean;
  refusedSince: number | null;
  dead: boolean;
  cancel: () => void;
}

/** `gone`: one was registered, and is no more; `absent`: none was seen. */
type Phone = 'there' | 'gone' | 'absent';

/**
 * Every Asterisk that takes calls (docs/decisions/0009-nodes.md). A call stays on the one to which it came. A browser
 * seat has its lasting leg on each; its line is up when it is there on every one in service. A phone's is down once it was
 * registered, and is so at none in service any more.
 */
export class Nodes implements Switch {
  private readonly needs: NodesNeeds;
  private readonly slots: readonly Slot[];
  /** What was told of each seat's line. */
  private readonly lines = new Map<string, boolean>();
  private readonly phones = new Map<string, Map<SwitchNode, Phone>>();
  private readonly reached = new Map<string, Set<SwitchNode>>();
  /** What is watched on each node, also on those that come later. */
  private readonly watching: ((node: SwitchNode) => Promise<void>)[] = [];
  private closed = false;

  private constructor(needs: NodesNeeds) {
    this.needs = needs;
    this.slots = needs.addresses.map((address) => ({
      address,
      node: null,
      health: 'down',
      inService: false,
      settling: false,
      refusedSince: null,
      dead: false,
      cancel: () => undefined,
    }));
  }

  /**
   * Opens a session with each. Rejects as `openAriSession` does when there is but one, or none answers; who of several
   * does not answer is tried again in the background.
   */
  static async open(needs: NodesNeeds): Promise<Nodes> {
    const nodes = new Nodes(needs);
    const { slots } = nodes;
    const patience = slots.length > 1 ? { openTimeoutMs: OPEN_MS } : {};
    const opened = await Promise.allSettled(slots.map((slot) => nodes.opens(slot, patience)));
    const wrong = opened.find(
      (one) => one.status === 'rejected' && !(one.reason instanceof AriDown),
    );
    const failed = wrong ?? opened.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected' && (wrong || nodes.all().length === 0)) {
      await nodes.close();
      throw failed.reason;
    }
    for (const slot of slots) {
      if (slot.node) slot.inService = true;
      else void nodes.opensLater(slot);
    }
    return nodes;
  }

  /** Those that have answered once. */
  all(): SwitchNode[] {
    return this.slots.flatMap(({ node }) => (node ? [node] : []));
  }

  /** Every node has answered once, so that we know its name. */
  get complete(): boolean {
    return this.slots.every(({ node }) => node !== null);
  }

  /** The one with this name; of one alone the name does not matter. */
  named(name: string): SwitchNode | undefined {
    const all = this.all();
    return this.slots.length === 1 ? all[0] : all.find((node) => node.name === name);
  }

  states(): { readonly id: string; readonly state: NodeHealth }[] {
    return this.slots.map((slot) => ({ id: labelOf(slot), state: slot.health }));
  }

  isInService(name: string): boolean {
    const node = this.named(name);
    return this.slots.some((slot) => slot.node !== null && slot.node === node && slot.inService);
  }

  /**
   * Where a seat is rung for this call: where it is, or, if nobody is on a line for it and that node is out of service,
   * anywhere. Null: nowhere for now.
   */
  whereToRing(call: Call): string | null {
    if (this.isInService(call.node)) return call.node;
    if (call.callerHere || call.stage !== 'waiting') return null;
    return this.slots.find(({ inService }) => inService)?.node?.name ?? null;
  }

  async carryOut(call: Call, orders: readonly SwitchOrder[]): Promise<void> {
    const node = this.named(call.node);
    if (node) return node.carryOut(call, orders);
    this.needs.onTrouble('No Asterisk of this name', { call: call.id, node: call.node });
  }

  /** The lasting leg of a browser seat on one node, while it is up. */
  legOf(seat: string, name: string): LegId | undefined {
    return this.named(name)?.seatLegs.of(seat);
  }

  lineUp(seat: string): boolean {
    const inService = this.slots.filter((slot) => slot.inService);
    const phone = this.phoneUp(seat);
    if (phone !== null) return phone;
    const has = ({ node }: Slot) => node?.seatLegs.of(seat) !== undefined;
    return inService.length > 0 ? inService.every(has) : this.slots.some(has);
  }

  /** Whether a phone is there for this seat, somewhere in service; null: nobody has looked. */
  phoneUp(seat: string): boolean | null {
    const phones = this.phones.get(seat);
    if (!phones) return null;
    const inService = this.slots.filter((slot) => slot.inService);
    const asked = inService.length > 0 ? inService : this.slots;
    return asked.some(({ node }) => node !== null && phones.get(node) === 'there');
  }

  /** Hangs up the lasting legs of a seat that signs out. */
  async endLegs(seat: string): Promise<void> {
    await Promise.all(this.all().map((node) => node.seatLegs.end(seat)));
  }

  /** It was looked at after it had been lost from sight. */
  isBack(node: SwitchNode): void {
    const slot = this.slotOf(node);
    if (!slot || !node.up) return;
    slot.cancel();
    Object.assign(slot, { refusedSince: null, dead: false });
    this.isHealthy(slot, 'up');
    if (slot.inService) return;
    slot.settling = true;
    slot.cancel = this.needs.clock.after(SETTLE_MS, () => this.comesIn(slot));
    this.settles(slot);
  }

  /** Of all nodes together; see `SwitchNode.admission`. */
  get admission(): SwitchNode['admission'] {
    const each = this.all().map(({ admission }) => admission);
    const sum = (count: (one: SwitchNode['admission']) => number) =>
      each.reduce((all, one) => all + count(one), 0);
    return {
      counts: {
        offered: sum(({ counts }) => counts.offered),
        claimed: sum(({ counts }) => counts.claimed),
        kept: sum(({ counts }) => counts.kept),
        sentOn: sum(({ counts }) => counts.sentOn),
      },
      kept: sum(({ kept }) => kept),
      sheds: each.some(({ sheds }) => sheds),
    };
  }

  /** How the sound of this leg of this call travels; null: it cannot be told. */
  async qualityOf(leg: LegId, call: Call | undefined): Promise<LegQuality | null> {
    return (call && this.named(call.node)?.qualityOf(leg)) ?? null;
  }

  /** Whether one node reaches this trunk; null: none can tell. */
  async isReached(trunk: string): Promise<boolean | null> {
    const each = await Promise.all(this.all().map((node) => node.isReached(trunk)));
    return each.includes(true) ? true : each.includes(false) ? false : null;
  }

  /** Of these trunks: whether one node reaches them. */
  async watches(trunks: readonly string[], onReached: TrunkWatchNeeds['onReached']): Promise<void> {
    await this.onEach((node) =>
      node.watches(trunks, (trunk, up, roundTripMs) => {
        const reached = this.reached.get(trunk) ?? new Set();
        this.reached.set(trunk, reached);
        if (up) reached.add(node);
        else reached.delete(node);
        onReached(trunk, reached.size > 0, roundTripMs);
      }),
    );
  }

  /**
   * Of these seats: whether their phones are there. Of one that was never registered nothing is told: whether it is there
   * shows when it is rung. Never rejects.
   */
  async watchesPhones(seats: readonly string[]): Promise<void> {
    await this.onEach((node) =>
      node
        .watchesPhones(seats, (seat, there) => this.phoneIs(node, seat, there))
        .catch((error: unknown) =>
          this.needs.onTrouble('Phones are not watched', { node: node.name, error: String(error) }),
        ),
    );
  }

  leaves(): void {
    for (const node of this.all()) node.leaves();
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const slot of this.slots) slot.cancel();
    await Promise.all(this.all().map((node) => node.close()));
  }

  private async opens(slot: Slot, options: { readonly openTimeoutMs?: number }): Promise<void> {
    const { addresses: _all, ...needs } = this.needs;
    const { address } = slot;
    const onLine = (seat: string) => this.lineMayBeOther(seat);
    const node = await SwitchNode.open({ ...needs, address, onLine }, options);
    if (this.all().some(({ name }) => name === node.name)) {
      await node.close();
      const called = node.name === '' ? 'has no name' : `is called ${node.name} like another one`;
      throw new Error(`Asterisk at ${address.url} ${called}: each needs a systemname of its own`);
    }
    if (this.closed) return node.close();
    slot.node = node;
    slot.health = 'up';
    node.onEnds(() => this.ends(slot, node));
    node.session.onState((state) => (state === 'up' ? this.needs.onUp(node) : this.falls(slot)));
    node.session.onLost((how) => this.isLost(slot, node, how));
  }

  private async opensLater(slot: Slot): Promise<void> {
    while (!this.closed && !slot.node) {
      await sleep(OPEN_AGAIN_MS, undefined, { ref: false });
      await this.opens(slot, { openTimeoutMs: OPEN_MS }).catch((error: unknown) => {
        if (!(error instanceof AriDown)) {
          this.needs.onTrouble('An Asterisk cannot be used', { error: String(error) });
        }
      });
    }
    if (!slot.node) return;
    this.needs.onUp(slot.node);
    for (const watches of this.watching) await watches(slot.node).catch(() => undefined);
  }

  private falls(slot: Slot): void {
    slot.cancel();
    slot.cancel = this.needs.clock.after(OUT_AFTER_MS, () => this.goesOut(slot));
    this.isHealthy(slot, 'down');
  }

  private isLost(slot: Slot, node: SwitchNode, how: Lost): void {
    if (slot.dead) return;
    this.isHealthy(slot, how === 'silent' ? 'frozen' : 'down');
    if (how === 'silent') this.goesOut(slot);
    if (how !== 'refused') return void (slot.refusedSince = null);
    const now = this.needs.clock.now();
    slot.refusedSince ??= now;
    if (now - slot.refusedSince >= DEAD_AFTER_MS) this.dies(slot, node);
  }

  /** It hangs everybody up and goes. */
  private ends(slot: Slot, node: SwitchNode): void {
    this.dies(slot, node);
    // If it stays after all it is looked at.
    slot.cancel = this.needs.clock.after(ENDS_WITHIN_MS, () => {
      if (node.up) this.needs.onUp(node);
    });
  }

  private dies(slot: Slot, node: SwitchNode): void {
    slot.dead = true;
    slot.cancel();
    this.isHealthy(slot, 'down');
    this.goesOut(slot);
    node.ended();
    this.needs.onDead(node);
  }

  private goesOut(slot: Slot): void {
    slot.settling = false;
    if (!slot.inService || !slot.node) return;
    slot.inService = false;
    this.needs.onService(slot.node, false);
    this.linesMayBeOther();
  }

  private comesIn(slot: Slot): void {
    slot.cancel();
    slot.settling = false;
    if (slot.inService || !slot.node) return;
    slot.inService = true;
    this.linesMayBeOther();
    this.needs.onService(slot.node, true);
  }

  /** Whoever has a line elsewhere is to have it here too, or all seats would fall while their browsers come. */
  private settles(slot: Slot): void {
    const others = this.slots.filter((one) => one.inService && one.node);
    const missing = others.some(({ node }) =>
      node?.seatLegs.seats().some((seat) => slot.node?.seatLegs.of(seat) === undefined),
    );
    if (!missing) this.comesIn(slot);
  }

  private async onEach(watches: (node: SwitchNode) => Promise<void>): Promise<void> {
    this.watching.push(watches);
    await Promise.all(this.all().map(watches));
  }

  private phoneIs(node: SwitchNode, seat: string, there: boolean): void {
    const phones = this.phones.get(seat) ?? new Map<SwitchNode, Phone>();
    this.phones.set(seat, phones);
    const was = phones.get(node) ?? 'absent';
    const is = there ? 'there' : was === 'absent' ? 'absent' : 'gone';
    phones.set(node, is);
    if (is !== was) this.tellsLine(seat);
  }

  private lineMayBeOther(seat: string): void {
    for (const slot of this.slots) if (slot.settling) this.settles(slot);
    this.tellsLine(seat);
  }

  private tellsLine(seat: string): void {
    const up = this.lineUp(seat);
    this.lines.set(seat, up);
    this.needs.onLine(seat, up);
  }

  private linesMayBeOther(): void {
    const seats = new Set(this.all().flatMap((node) => node.seatLegs.seats()));
    for (const seat of new Set([...this.lines.keys(), ...seats])) {
      if (this.lines.get(seat) !== this.lineUp(seat)) this.tellsLine(seat);
    }
  }

  private isHealthy(slot: Slot, health: NodeHealth): void {
    if (slot.health === health) return;
    slot.health = health;
    this.needs.onHealth(labelOf(slot), health);
  }

  private slotOf(node: SwitchNode): Slot | undefined {
    return this.slots.find((slot) => slot.node === node);
  }
}

/** As people call it. */
const labelOf = ({ node, address }: Slot): string =>
  node === null ? new URL(address.url).host : node.name === '' ? 'asterisk' : node.name;
