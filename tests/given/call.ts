import type { Invitation, Inviter } from 'sip.js';
import { SessionState, type Session } from 'sip.js';
import type { Ear, Levels, ToneName } from './hearing.ts';
import { SipMessage } from './sip-message.ts';
import { Voice } from './voice.ts';
import type { Wire } from './wire.ts';

/** How a call ended. */
export interface Ending {
  readonly by: 'us' | 'them';
  /** The answer that refused it; 487 when it was cancelled; undefined after a BYE. */
  readonly status: number | undefined;
  /** "Busy Here". */
  readonly phrase: string | undefined;
  /** The Reason header, as in `Q.850;cause=16`. */
  readonly reason: string | undefined;
}

/** One SIP call of a party, and its voice. */
export abstract class Call implements Ear {
  readonly name: string;
  readonly tone: ToneName;
  readonly voice: Voice;
  readonly wire: Wire;
  /** The INVITE that began it, as it stood on the wire. */
  abstract readonly invite: SipMessage;
  ending: Ending | undefined;
  answered = false;

  constructor(name: string, tone: ToneName, wire: Wire) {
    this.name = name;
    this.tone = tone;
    this.wire = wire;
    this.voice = new Voice(wire.ip, tone);
  }

  heard(ms: number): Promise<Levels> {
    return this.voice.heard(ms);
  }

  /** All messages of this call so far. */
  get messages(): SipMessage[] {
    return this.wire.seen
      .map(({ message }) => message)
      .filter(({ callId }) => callId === this.invite.callId);
  }

  /** Requests and answers of one kind that came for this call, such as re-INVITEs after the first. */
  received(method: string): SipMessage[] {
    return this.wire.seen
      .filter(({ direction, message }) => direction === '<-' && message.method === method)
      .map(({ message }) => message)
      .filter(({ callId }) => callId === this.invite.callId);
  }

  async isAnswered(within?: number): Promise<this> {
    return this.wire.until(
      `${this.name} is answered`,
      () => {
        if (this.answered) return this;
        this.#throwIfEnded();
        return undefined;
      },
      within,
    );
  }

  /** Waits until it is over, whoever ended it. */
  async isHungUp(within?: number): Promise<Ending> {
    return this.wire.until(`${this.name} is hung up`, () => this.ending, within);
  }

  /** Ends the call in whatever state it is, and waits until that is done. */
  abstract hangsUp(): Promise<void>;

  protected ends(ending: Partial<Ending> & Pick<Ending, 'by'>): void {
    this.ending ??= { status: undefined, phrase: undefined, reason: undefined, ...ending };
    this.voice.close();
    this.wire.tell();
  }

  /** Follows what sip.js knows of it. */
  protected follow(session: Session): void {
    session.data = this;
    session.delegate = {
      onBye: (bye) => {
        this.ends({ by: 'them', reason: this.#reasonOf('BYE') });
        void bye.accept();
      },
      onCancel: () => {
        const reason = this.#reasonOf('CANCEL');
        this.ends({ by: 'them', status: 487, phrase: 'Request Terminated', reason });
      },
      onNotify: (notification) => void notification.accept(),
      onInfo: (info) => void info.accept(),
    };
    session.stateChange.addListener((state) => {
      if (state === SessionState.Established) this.answered = true;
      if (state === SessionState.Terminated) this.ends(this.#refusal() ?? { by: 'us' });
      this.wire.tell();
    });
  }

  /** The answer that refused our INVITE; a challenge is none. */
  #refusal(): Ending | undefined {
    const answer = this.received('INVITE').findLast(({ status }) => status >= 300);
    if (!answer) return undefined;
    const { status, reasonPhrase: phrase } = answer;
    return { by: 'them', status, phrase, reason: answer.header('Reason') };
  }

  #reasonOf(method: string): string | undefined {
    return this.received(method).at(-1)?.header('Reason');
  }

  #throwIfEnded(): void {
    if (this.ending) throw new Error(`It has ended: ${JSON.stringify(this.ending)}`);
  }

  /** Our request (a BYE), or the INVITE that we cancelled, got its last answer. */
  protected async isAgreed(method: string): Promise<void> {
    if (!this.wire.isOpen) return;
    await this.wire.until(
      `${this.name}'s own hang-up is answered`,
      () => this.received(method).some(({ status }) => status >= 200) || undefined,
    );
  }
}

/** A call that we make. */
export class OutgoingCall extends Call {
  readonly session: Inviter;
  /** 180 or 183 came: the last of them. */
  ringing: number | undefined;
  #invite: SipMessage;

  constructor(name: string, tone: ToneName, wire: Wire, session: Inviter) {
    super(name, tone, wire);
    this.session = session;
    this.#invite = new SipMessage(session.request.toString());
    this.follow(session);
  }

  get invite(): SipMessage {
    return this.#invite;
  }

  async begin(): Promise<void> {
    await this.voice.open();
    await this.session.invite({
      requestDelegate: {
        onProgress: ({ message }) => {
          this.ringing = message.statusCode;
          this.wire.tell();
        },
      },
    });
    this.#invite =
      this.wire.seen.find(
        ({ direction, message }) =>
          direction === '->' &&
          message.method === 'INVITE' &&
          !message.status &&
          message.callId === this.#invite.callId,
      )?.message ?? this.#invite;
  }

  /** A key of a phone that tells it by SIP INFO (`Voice.presses` tells it as RFC 4733 has it). */
  async pressesByInfo(digit: string): Promise<void> {
    const content = `Signal=${digit}\r\nDuration=160\r\n`;
    const contentType = 'application/dtmf-relay';
    const body = { contentDisposition: 'render', contentType, content };
    await this.session.info({ requestOptions: { body } });
  }

  /** The other side rings: 180 or 183. */
  async isRinging(within?: number): Promise<number> {
    return this.wire.until(
      `${this.name} hears that it rings there`,
      () => this.ringing || undefined,
      within,
    );
  }

  override async hangsUp(): Promise<void> {
    if (this.ending) return;
    const { state } = this.session;
    this.ends({ by: 'us' });
    if (state === SessionState.Established) {
      await this.session.bye();
      await this.isAgreed('BYE');
    } else {
      await this.session.cancel();
      await this.isAgreed('INVITE');
    }
  }
}

/** A call that comes to us. */
export class IncomingCall extends Call {
  readonly invite: SipMessage;
  /** undefined: we are silent and never answer. */
  readonly #session: Invitation | undefined;

  constructor(
    name: string,
    tone: ToneName,
    wire: Wire,
    invite: SipMessage,
    session: Invitation | undefined,
  ) {
    super(name, tone, wire);
    this.invite = invite;
    this.#session = session;
    if (session) this.follow(session);
  }

  /** The number that was dialled. */
  get number(): string {
    return this.invite.user;
  }

  get raw(): string {
    return this.invite.raw;
  }

  header(name: string): string | undefined {
    return this.invite.header(name);
  }

  headers(name: string): string[] {
    return this.invite.headers(name);
  }

  /** 180 Ringing. */
  async rings(): Promise<this> {
    await this.#living().progress({ statusCode: 180 });
    return this;
  }

  /** 183 Session Progress: its voice is heard before it answers. */
  async speaksBeforeAnswering(): Promise<this> {
    await this.#living().progress({ statusCode: 183 });
    return this;
  }

  async answers(): Promise<this> {
    await this.#living().accept();
    return this.isAnswered();
  }

  /** 486 Busy Here, 403 Forbidden, 603 Decline, … */
  async refuses(status: number, phrase?: string, headers: string[] = []): Promise<void> {
    const session = this.#living();
    this.ends({ by: 'us', status });
    await session.reject({
      statusCode: status,
      extraHeaders: headers,
      ...(phrase ? { reasonPhrase: phrase } : {}),
    });
  }

  override async hangsUp(): Promise<void> {
    if (this.ending || !this.#session) return;
    if (!this.answered) return this.refuses(480);
    this.ends({ by: 'us' });
    await this.#session.bye();
    await this.isAgreed('BYE');
  }

  /** A CANCEL came before we answered. */
  async isCancelled(within?: number): Promise<Ending> {
    return this.wire.until(
      `the call to ${this.name} is cancelled`,
      () => {
        if (this.answered) throw new Error('It has been answered.');
        return this.#cancelled();
      },
      within,
    );
  }

  #cancelled(): Ending | undefined {
    const { ending } = this;
    if (ending) return ending.by === 'them' ? ending : undefined;
    // A silent one has no session that could tell.
    const cancel = this.#session ? undefined : this.received('CANCEL')[0];
    if (cancel) this.ends({ by: 'them', status: 487, reason: cancel.header('Reason') });
    return this.ending;
  }

  #living(): Invitation {
    if (!this.#session) throw new Error(`${this.name} is silent: it cannot answer`);
    if (this.ending) throw new Error(`The call has ended: ${JSON.stringify(this.ending)}`);
    return this.#session;
  }
}
