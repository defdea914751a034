import dgram from 'node:dgram';
import { once } from 'node:events';
import { EmitterImpl, TransportState, type Transport } from 'sip.js';
import { SipMessage } from './sip-message.ts';

/** A place that speaks SIP over UDP. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** sip.js knows a Via without a port only, so every wire has an address of its own on this one. */
export const SIP_PORT = 5060;

/** How long a test waits for something, if it does not say. */
export const PATIENCE_MS = 10_000;

interface Seen {
  readonly at: number;
  readonly direction: '<-' | '->';
  readonly message: SipMessage;
}

/** One UDP port for SIP: writes down what passes, and lets tests wait for what it brings. */
export class Wire {
  readonly ip: string;
  readonly seen: Seen[] = [];
  /** Looks at each request first; true: dealt with, sip.js shall not see it. */
  catches: (request: SipMessage) => boolean = () => false;
  onMessage: ((raw: string) => void) | undefined;
  /** What the network loses on its way here or from here; it is not seen. */
  loses: (direction: '<-' | '->', message: SipMessage) => boolean = () => false;
  /** Whether we say that we take UPDATE (RFC 3311); sip.js does not, the trunk answers it. */
  takesUpdate = true;
  #socket: dgram.Socket | undefined;
  #waiting = new Set<() => void>();
  #leaving = new Set<Promise<void>>();
  #senders = new Map<string, Address>();
  #began = Date.now();

  constructor(ip: string) {
    this.ip = ip;
  }

  get isOpen(): boolean {
    return this.#socket !== undefined;
  }

  async open(): Promise<void> {
    if (this.#socket) return;
    const socket = dgram.createSocket('udp4');
    socket.on('message', (bytes, from) =>
      this.#receive(bytes.toString(), { host: from.address, port: from.port }),
    );
    socket.bind(SIP_PORT, this.ip);
    await once(socket, 'listening');
    // An ICMP "port unreachable" of somebody who is away is no error of ours.
    socket.on('error', () => undefined);
    this.#socket = socket;
  }

  /** From now on nobody is here: what is sent here meets a closed port. */
  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    socket.removeAllListeners('message');
    // What was said last still leaves the house.
    await Promise.all(this.#leaving);
    await new Promise<void>((resolve) => socket.close(resolve));
  }

  send(raw: string): void {
    const message = new SipMessage(raw);
    const to = this.#destination(message);
    if (!to || !this.#socket || this.loses('->', message)) return;
    this.#note('->', message);
    const socket = this.#socket;
    const sent = new Promise<void>((resolve) => {
      socket.send(raw, to.port, to.host, () => resolve());
    });
    this.#leaving.add(sent);
    void sent.then(() => this.#leaving.delete(sent));
  }

  /** Something has changed: those who wait look again. */
  tell(): void {
    for (const look of [...this.#waiting]) look();
  }

  /** Waits until `look` finds something; it may throw when it can never come. */
  async until<T>(
    what: string,
    look: () => T | undefined,
    within: number = PATIENCE_MS,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(again);
        settle();
      };
      const fail = (why: string) =>
        end(() => reject(new Error(`Waited for: ${what}. ${why}\n${this.story()}`)));
      const timer = setTimeout(() => fail(`It did not come within ${within} ms.`), within);
      const again = () => {
        try {
          const found = look();
          if (found !== undefined) end(() => resolve(found));
        } catch (error) {
          fail(error instanceof Error ? error.message : String(error));
        }
      };
      this.#waiting.add(again);
      again();
    });
  }

  /** All messages in short, and the last ones in full. */
  story(): string {
    const line = ({ at, direction, message }: Seen) =>
      `  ${String(at - this.#began).padStart(6)} ms ${direction} ${message.startLine}` +
      (message.status ? ` (${message.header('CSeq') ?? ''})` : '') +
      `  ${message.callId.slice(0, 12)}`;
    const full = this.seen
      .slice(-4)
      .map(({ direction, message }) =>
        message.raw.replace(/\r/g, '').trimEnd().replace(/^/gm, `  ${direction} `),
      );
    if (this.seen.length === 0) return `No SIP message has passed ${this.ip}.`;
    return [
      `SIP at ${this.ip}, ${this.seen.length} messages:`,
      ...this.seen.slice(-60).map(line),
      'The last in full:',
      ...full,
    ].join('\n');
  }

  #receive(raw: string, from: Address): void {
    if (!raw.trim()) return;
    const message = new SipMessage(raw);
    if (this.loses('<-', message)) return;
    this.#note('<-', message);
    if (!message.status) this.#senders.set(message.branch, from);
    if (!message.status && this.catches(message)) this.tell();
    else this.onMessage?.(raw);
    this.tell();
  }

  #note(direction: Seen['direction'], message: SipMessage): void {
    this.seen.push({ at: Date.now(), direction, message });
  }

  /** An answer goes back where the request came from, a request to its first Route or its URI. */
  #destination(message: SipMessage): Address | undefined {
    if (message.status) return this.#senders.get(message.branch);
    const uri = message.header('Route') ?? message.uri;
    const found = /sips?:(?:[^@>]*@)?([^:;>?]+)(?::(\d+))?/i.exec(uri);
    return found?.[1] ? { host: found[1], port: Number(found[2] ?? SIP_PORT) } : undefined;
  }
}

/** sip.js's view of a wire. */
export class WireTransport implements Transport {
  readonly protocol = 'UDP';
  readonly stateChange = new EmitterImpl<TransportState>();
  state = TransportState.Disconnected;
  onConnect: (() => void) | undefined;
  onDisconnect: ((error?: Error) => void) | undefined;
  onMessage: ((message: string) => void) | undefined;
  readonly #wire: Wire;

  constructor(_logger: unknown, options: { wire: Wire }) {
    this.#wire = options.wire;
  }

  async connect(): Promise<void> {
    await this.#wire.open();
    this.#wire.onMessage = (raw) => this.onMessage?.(raw);
    this.state = TransportState.Connected;
    this.stateChange.emit(this.state);
    this.onConnect?.();
  }

  async disconnect(): Promise<void> {
    await this.#wire.close();
    this.state = TransportState.Disconnected;
  }

  async dispose(): Promise<void> {
    await this.disconnect();
  }

  isConnected(): boolean {
    return this.state === TransportState.Connected;
  }

  async send(message: string): Promise<void> {
    const { takesUpdate } = this.#wire;
    this.#wire.send(takesUpdate ? message.replace(/^Allow: /m, 'Allow: UPDATE,') : message);
  }
}
