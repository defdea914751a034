import { Registerer, RegistererState, URI } from 'sip.js';
import { anAddress } from './address.ts';
import type { IncomingCall } from './call.ts';
import { type Ending, type OutgoingCall } from './call.ts';
import type { Ear, Levels, ToneName } from './hearing.ts';
import { aTrunk, Trunk, uriOf, type Callee, type TrunkOptions } from './trunk.ts';
import type { Address } from './wire.ts';

export { anAddress } from './address.ts';
export { aTrunk, type Trunk } from './trunk.ts';

interface WithTone {
  readonly name?: string;
  readonly tone?: ToneName;
}

/** On a trunk that several share, or on one of its own. */
interface OnTrunk extends TrunkOptions {
  readonly trunk?: Trunk;
}

/** Somebody who has at most one call that matters: the last one. */
abstract class Party implements Ear {
  readonly name: string;
  readonly tone: ToneName;
  readonly trunk: Trunk;
  readonly #ownsTrunk: boolean;

  constructor(name: string, tone: ToneName, trunk: Trunk, ownsTrunk: boolean) {
    this.name = name;
    this.tone = tone;
    this.trunk = trunk;
    this.#ownsTrunk = ownsTrunk;
  }

  abstract get call(): OutgoingCall | IncomingCall;

  heard(ms: number): Promise<Levels> {
    return this.call.heard(ms);
  }

  isAnswered(within?: number): Promise<unknown> {
    return this.call.isAnswered(within);
  }

  isHungUp(within?: number): Promise<Ending> {
    return this.call.isHungUp(within);
  }

  /** A key of the phone: 0-9, * or #. */
  presses(digit: string): void {
    this.call.voice.presses(digit);
  }

  hangsUp(): Promise<void> {
    return this.call.hangsUp();
  }

  /** Every SIP message it has seen, for people. */
  story(): string {
    return this.trunk.wire.story();
  }

  /** Goes home; a trunk it shares stays. */
  async leaves(): Promise<void> {
    if (this.#ownsTrunk) await this.trunk.close();
  }
}

export interface RingOptions {
  /** Further header lines, such as 'P-Asserted-Identity: <sip:13800138000@carrier>'. */
  readonly headers?: readonly string[];
  /** What stands in From; default: her number. 'anonymous': she withholds it. */
  readonly from?: string;
  /** Another Asterisk than the trunk's own. */
  readonly at?: Address;
}

export class Citizen extends Party {
  readonly number: string;
  #call: OutgoingCall | undefined;

  constructor(number: string, name: string, tone: ToneName, trunk: Trunk, ownsTrunk: boolean) {
    super(name, tone, trunk, ownsTrunk);
    this.number = number;
  }

  get call(): OutgoingCall {
    if (!this.#call) throw new Error(`${this.name} has not rung anybody yet`);
    return this.#call;
  }

  /** Returns when the INVITE is sent; each time it is a new call. */
  async rings(number: string, { headers = [], from, at }: RingOptions = {}): Promise<OutgoingCall> {
    const own = `sip:${this.number}@${this.trunk.ip}`;
    const shown = from === 'anonymous' ? 'sip:anonymous@anonymous.invalid' : (from ?? own);
    this.#call = await this.trunk.rings(this, number, {
      from: shown,
      headers,
      ...(at ? { at } : {}),
    });
    return this.#call;
  }

  isRinging(within?: number): Promise<number> {
    return this.call.isRinging(within);
  }
}

/** A hotline at the other end of a trunk: it may have several calls; its own words mean the last one. */
export class Peer extends Party implements Callee {
  readonly number: string;
  silent: boolean;
  readonly calls: IncomingCall[] = [];
  #seen = 0;

  constructor(
    number: string,
    options: { name: string; tone: ToneName; silent: boolean },
    trunk: Trunk,
    ownsTrunk: boolean,
  ) {
    super(options.name, options.tone, trunk, ownsTrunk);
    this.number = number;
    this.silent = options.silent;
    trunk.leadsTo(number, this);
  }

  takes(call: IncomingCall): void {
    this.calls.push(call);
  }

  get call(): IncomingCall {
    const call = this.calls.at(-1);
    if (!call) throw new Error(`Nobody has rung ${this.name} yet`);
    return call;
  }

  /** Waits for the next INVITE that has not been looked at yet. */
  async isRung(within?: number): Promise<IncomingCall> {
    const call = await this.trunk.wire.until(
      `${this.name} is rung`,
      () => this.calls[this.#seen],
      within,
    );
    this.#seen++;
    return call;
  }

  rings(): Promise<IncomingCall> {
    return this.call.rings();
  }

  answers(): Promise<IncomingCall> {
    return this.call.answers();
  }

  refuses(status: number, phrase?: string, headers?: string[]): Promise<void> {
    return this.call.refuses(status, phrase, headers);
  }

  isCancelled(within?: number): Promise<Ending> {
    return this.call.isCancelled(within);
  }
}

/** An ordinary SIP phone: a seat without a browser. */
export class Phone extends Peer {
  readonly id: string;
  /** One for each Asterisk. */
  readonly #registerers: readonly Registerer[];

  constructor(
    id: string,
    tone: ToneName,
    name: string,
    trunk: Trunk,
    registerers: readonly Registerer[],
  ) {
    super('*', { name, tone, silent: false }, trunk, true);
    this.id = id;
    this.#registerers = registerers;
  }

  async registers(within?: number): Promise<void> {
    await Promise.all(this.#registerers.map((one) => one.register()));
    await this.#is(RegistererState.Registered, within);
  }

  async unregisters(within?: number): Promise<void> {
    await Promise.all(this.#registerers.map((one) => one.unregister()));
    await this.#is(RegistererState.Unregistered, within);
  }

  override async leaves(): Promise<void> {
    const registered = this.#registerers.some(({ state }) => state === RegistererState.Registered);
    if (registered && this.trunk.wire.isOpen) await this.unregisters(500).catch(() => undefined);
    await super.leaves();
  }

  async #is(state: RegistererState, within?: number): Promise<void> {
    const { wire } = this.trunk;
    const again = () => wire.tell();
    for (const { stateChange } of this.#registerers) stateChange.addListener(again);
    await wire.until(
      `${this.name} is ${state}`,
      () => this.#registerers.every((one) => one.state === state) || undefined,
      within,
    );
    for (const { stateChange } of this.#registerers) stateChange.removeListener(again);
  }
}

async function trunkOf(options: OnTrunk): Promise<{ trunk: Trunk; owns: boolean }> {
  if (options.trunk) return { trunk: options.trunk, owns: false };
  return { trunk: await aTrunk(options), owns: true };
}

export async function aCitizen(options: { number: string } & OnTrunk & WithTone): Promise<Citizen> {
  const { number, name = `citizen ${number}`, tone = 'citizen' } = options;
  const { trunk, owns } = await trunkOf(options);
  return new Citizen(number, name, tone, trunk, owns);
}

const peerTones: Record<string, ToneName> = {
  '110': 'police',
  '119': 'fire',
  '120': 'ambulance',
  '12345': 'operator',
};

/** `silent`: takes the INVITE and never says a word. For one that is not there at all: `trunk.goesAway()`. */
export async function aPeer(
  options: { number: string; silent?: boolean } & OnTrunk & WithTone,
): Promise<Peer> {
  const { number, silent = false, name = `peer ${number}` } = options;
  const { tone = peerTones[number] ?? 'fire' } = options;
  const { trunk, owns } = await trunkOf(options);
  return new Peer(number, { name, tone, silent }, trunk, owns);
}

/** Registers with each Asterisk by digest before it returns; `register: false`: call `registers()` later. */
export async function aPhone(
  options: {
    id: string;
    secret: string;
    asterisk: Address;
    /** Others with which it registers as well. */
    others?: readonly Address[];
    ip?: string;
    register?: boolean;
  } & WithTone,
): Promise<Phone> {
  const { id, secret, asterisk, name = `phone ${id}`, tone = 'operator' } = options;
  const ip = options.ip ?? (await anAddress());
  const trunk = new Trunk(ip, {
    asterisk,
    agent: {
      uri: uriOf(`sip:${id}@${asterisk.host}`),
      contactName: id,
      authorizationUsername: id,
      authorizationPassword: secret,
    },
  });
  await trunk.open();
  const registerers = [asterisk, ...(options.others ?? [])].map(
    ({ host, port }) => new Registerer(trunk.agent, { registrar: new URI('sip', '', host, port) }),
  );
  const phone = new Phone(id, tone, name, trunk, registerers);
  if (options.register !== false) await phone.registers();
  return phone;
}
