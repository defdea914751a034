import {
  Inviter,
  SessionState,
  URI,
  UserAgent,
  type Invitation,
  type Session,
  type UserAgentOptions,
} from 'sip.js';
import { anAddress } from './address.ts';
import type { Call } from './call.ts';
import { IncomingCall, OutgoingCall } from './call.ts';
import type { ToneName } from './hearing.ts';
import { SipMessage } from './sip-message.ts';
import { Sound } from './sound.ts';
import { Wire, WireTransport, type Address } from './wire.ts';

export interface TrunkOptions {
  /** Its own address; default: a fresh one on loopback. Asterisk knows the trunk by it. */
  readonly ip?: string;
  /** Where Asterisk takes SIP over UDP; only who rings needs it. */
  readonly asterisk?: Address;
  /** False: an old one that takes no UPDATE, so that Asterisk sends re-INVITEs. */
  readonly update?: boolean;
}

/** Who takes calls to a number. */
export interface Callee {
  readonly name: string;
  readonly tone: ToneName;
  /** Never answers anything, not even 100 Trying. */
  readonly silent: boolean;
  takes(call: IncomingCall): void;
}

/** A carrier's or a peer's side of a SIP trunk: any number of citizens and hotlines behind one address. */
export class Trunk {
  readonly wire: Wire;
  readonly calls: Call[] = [];
  asterisk: Address | undefined;
  #agent: UserAgent;
  #callees = new Map<string, Callee>();

  constructor(ip: string, options: Omit<TrunkOptions, 'ip'> & { agent?: UserAgentOptions } = {}) {
    this.asterisk = options.asterisk;
    this.wire = new Wire(ip);
    this.wire.takesUpdate = options.update ?? true;
    this.wire.catches = (request) => this.#catches(request);
    this.#agent = new UserAgent({
      uri: new URI('sip', 'trunk', ip),
      viaHost: ip,
      contactParams: { transport: 'udp' },
      transportConstructor: WireTransport as NonNullable<UserAgentOptions['transportConstructor']>,
      transportOptions: { wire: this.wire },
      sessionDescriptionHandlerFactory: (session: Session) =>
        new Sound((session.data as Call).voice),
      sendInitialProvisionalResponse: false,
      gracefulShutdown: false,
      logBuiltinEnabled: false,
      delegate: { onInvite: (invitation) => this.#onInvite(invitation) },
      ...options.agent,
    });
  }

  get ip(): string {
    return this.wire.ip;
  }

  /** For sip.js's own services, such as registering. */
  get agent(): UserAgent {
    return this.#agent;
  }

  async open(): Promise<void> {
    await this.#agent.start();
  }

  /** Calls to this number go there; '*': whoever else is called. */
  leadsTo(number: string, callee: Callee): void {
    this.#callees.set(number, callee);
  }

  /** Rings a number at Asterisk. */
  async rings(
    caller: { readonly name: string; readonly tone: ToneName },
    number: string,
    options: {
      readonly from: string;
      readonly headers?: readonly string[];
      readonly at?: Address;
    },
  ): Promise<OutgoingCall> {
    const asterisk = options.at ?? this.asterisk;
    if (!asterisk) throw new Error('This trunk was not told where Asterisk is');
    const to = uriOf(`sip:${number}@${asterisk.host}:${asterisk.port}`);
    const from = uriOf(options.from);
    this.#agent.contact.uri.user = from.user ?? 'anonymous';
    const inviter = new Inviter(this.#agent, to, {
      params: { fromUri: from, toUri: uriOf(`sip:${number}@${asterisk.host}`) },
      extraHeaders: [...(options.headers ?? [])],
      earlyMedia: true,
    });
    const call = new OutgoingCall(caller.name, caller.tone, this.wire, inviter);
    this.calls.push(call);
    await call.begin();
    return call;
  }

  /** From now on nobody is at this address. Asterisk goes on sending an unanswered INVITE for 32 s. */
  async goesAway(): Promise<void> {
    await this.wire.close();
  }

  async comesBack(): Promise<void> {
    await this.wire.open();
  }

  /** Ends all its calls and gives the address back. */
  async close(): Promise<void> {
    const alive = this.calls.filter(({ ending }) => !ending);
    const patience = new Promise((resolve) => setTimeout(resolve, 500).unref());
    if (this.wire.isOpen)
      await Promise.race([Promise.allSettled(alive.map((call) => call.hangsUp())), patience]);
    for (const call of this.calls) call.voice.close();
    await this.wire.close();
    await this.#agent.stop();
  }

  /** What sip.js must not see: requests to the silent, and UPDATE, which it does not know. */
  #catches(request: SipMessage): boolean {
    const callee = this.#calleeOf(request.user);
    if (callee?.silent) {
      const known = this.calls.some(({ invite }) => invite.callId === request.callId);
      if (request.method === 'INVITE' && !known) this.#take(callee, request, undefined);
      return true;
    }
    if (request.method === 'UPDATE' && this.wire.takesUpdate) {
      this.#answerUpdate(request);
      return true;
    }
    // sip.js takes requests to the user of its own Contact only; here everybody may be called.
    this.#agent.contact.uri.user = request.user;
    return false;
  }

  #onInvite(invitation: Invitation): void {
    const invite = new SipMessage(invitation.request.data);
    const callee = this.#calleeOf(invite.user);
    endsOnce(invitation);
    if (callee) this.#take(callee, invite, invitation);
    else void invitation.reject({ statusCode: 404 });
  }

  #take(callee: Callee, invite: SipMessage, session: Invitation | undefined): void {
    const call = new IncomingCall(callee.name, callee.tone, this.wire, invite, session);
    this.calls.push(call);
    callee.takes(call);
    this.wire.tell();
  }

  #calleeOf(number: string): Callee | undefined {
    return this.#callees.get(number) ?? this.#callees.get('*');
  }

  /** 200 with the same sound as before (RFC 3311); who it is that speaks may have changed. */
  #answerUpdate(update: SipMessage): void {
    const call = this.calls.find(({ invite }) => invite.callId === update.callId);
    const known = call && !call.ending;
    const answered = call?.messages.findLast(
      ({ status, body }) => status < 300 && body.startsWith(`v=0`) && body.includes(this.ip),
    );
    const body = known && update.body ? (answered?.body ?? '') : '';
    const lines = [
      known ? 'SIP/2.0 200 OK' : 'SIP/2.0 481 Call/Transaction Does Not Exist',
      ...update.headers('Via').map((via) => `Via: ${via}`),
      ...['From', 'To', 'Call-ID', 'CSeq'].map((name) => `${name}: ${update.header(name) ?? ''}`),
      `Contact: <sip:${update.user}@${this.ip}>`,
      ...(body ? ['Content-Type: application/sdp'] : []),
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    this.wire.send(`${lines.join('\r\n')}\r\n\r\n${body}`);
  }
}

export function uriOf(text: string): URI {
  const uri = UserAgent.makeURI(text);
  if (!uri) throw new Error(`No SIP address: ${text}`);
  return uri;
}

export async function aTrunk(options: TrunkOptions = {}): Promise<Trunk> {
  const trunk = new Trunk(options.ip ?? (await anAddress()), options);
  await trunk.open();
  return trunk;
}

/** sip.js throws where nobody can catch when no ACK came for an answer to a call that has ended meanwhile. */
function endsOnce(invitation: Invitation): void {
  const its = invitation as unknown as { onAckTimeout(): void };
  const onAckTimeout = its.onAckTimeout.bind(invitation);
  its.onAckTimeout = () => {
    if (invitation.state !== SessionState.Terminated) onAckTimeout();
  };
}
