import dgram from 'node:dgram';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { SIP_PORT, type Address } from '../../tests/given/wire.ts';
import { now } from './clock.ts';

/** After so many ms what was not answered is said again. */
const AGAIN_MS = [500, 1000, 2000, 4000];

/** One call at a house: rung by us, or by the switch. Times are of `now()`, 0: not yet. */
export class SipCall {
  readonly id: string;
  /** The number of her who rings. */
  readonly caller: string;
  /** Whom she rings: a number, or the user of a phone. */
  readonly called: string;
  /** The INVITE left, or arrived. */
  readonly at: number;
  /** The 200 arrived, or its ACK. */
  answered = 0;
  /** The CANCEL arrived. */
  cancelled = 0;
  /** It is over, whoever ended it. */
  gone = 0;
  onAnswered: () => void = () => undefined;
  onCancelled: () => void = () => undefined;
  onGone: () => void = () => undefined;
  /** What the house must know to speak in it. */
  readonly dialog: Dialog;
  readonly #house: SipHouse;

  constructor(house: SipHouse, call: Pick<SipCall, 'id' | 'caller' | 'called' | 'at' | 'dialog'>) {
    this.#house = house;
    this.id = call.id;
    this.caller = call.caller;
    this.called = call.called;
    this.at = call.at;
    this.dialog = call.dialog;
  }

  rings(): void {
    this.#house.says(this, '180 Ringing');
  }

  answers(): void {
    this.#house.says(this, '200 OK');
  }

  /** A BYE, or a CANCEL while nobody has answered; returns the time just before it is handed to the socket. */
  hangsUp(): number {
    return this.#house.parts(this);
  }
}

interface Dialog {
  own: string;
  other: string;
  /** Where the other side wants its requests. */
  target: string;
  cseq: number;
  /** The INVITE that came or went. */
  invite: string;
  /** Our last answer to it. */
  last: string;
}

/** SIP by hand over UDP at one address: any number of parties in this process, without sound. */
export class SipHouse {
  readonly ip: string;
  readonly calls = new Map<string, SipCall>();
  /** Somebody here is rung. */
  onRung: (call: SipCall) => void = () => undefined;
  readonly #asterisk: Address;
  readonly #socket = dgram.createSocket('udp4');
  readonly #unanswered = new Map<string, NodeJS.Timeout>();
  #deaf: Worker | undefined;
  #sdp = '';
  #n = 0;

  private constructor(ip: string, asterisk: Address) {
    this.ip = ip;
    this.#asterisk = asterisk;
  }

  static async open(ip: string, asterisk: Address): Promise<SipHouse> {
    const house = new SipHouse(ip, asterisk);
    const [deaf, port] = await deafPort(ip);
    house.#deaf = deaf;
    house.#sdp = sdp(ip, port);
    const socket = house.#socket;
    socket.on('message', (bytes) => house.#hear(bytes.toString('latin1'), now()));
    socket.on('error', () => undefined);
    socket.bind(SIP_PORT, ip);
    await once(socket, 'listening');
    socket.connect(asterisk.port, asterisk.host);
    await once(socket, 'connect');
    return house;
  }

  async close(): Promise<void> {
    for (const timer of this.#unanswered.values()) clearTimeout(timer);
    await new Promise<void>((resolve) => this.#socket.close(resolve));
    await this.#deaf?.terminate();
  }

  /** Somebody here rings a number. */
  rings(caller: string, called: string): SipCall {
    const n = ++this.#n;
    const id = `${n}.${process.pid}@${this.ip}`;
    const own = `<sip:${caller}@${this.ip}>;tag=${n}`;
    const other = `<sip:${called}@${this.#asterisk.host}>`;
    const target = `sip:${called}@${this.#asterisk.host}:${this.#asterisk.port}`;
    const dialog: Dialog = { own, other, target, cseq: 1, invite: '', last: '' };
    const call = new SipCall(this, { id, caller, called, at: now(), dialog });
    this.calls.set(id, call);
    dialog.invite = this.#request('INVITE', call, this.#sdp);
    this.#insists(call, '1 INVITE', dialog.invite);
    return call;
  }

  says(call: SipCall, status: string): void {
    const { dialog } = call;
    const ok = status.startsWith('200');
    dialog.last = this.#reply(dialog.invite, status, ok ? this.#sdp : '', dialog.own);
    if (ok) this.#insists(call, 'ACK', dialog.last);
    else this.#send(dialog.last);
  }

  parts(call: SipCall): number {
    const { dialog } = call;
    const method = call.answered > 0 ? 'BYE' : 'CANCEL';
    if (method === 'BYE') dialog.cseq++;
    const request = this.#request(method, call);
    const at = now();
    this.#insists(call, `${dialog.cseq} ${method}`, request);
    return at;
  }

  #hear(raw: string, at: number): void {
    const id = header(raw, 'Call-ID');
    const [cseq = '', method = ''] = header(raw, 'CSeq').split(' ');
    const call = this.calls.get(id);
    if (raw.startsWith('SIP/2.0 ')) this.#hearAnswer(raw, call, `${id} ${cseq} ${method}`, at);
    else this.#hearRequest(raw, call, method, at);
  }

  #hearAnswer(raw: string, call: SipCall | undefined, to: string, at: number): void {
    const status = Number(raw.slice(8, 11));
    this.#settled(to);
    if (!call || status < 200) return;
    if (to.endsWith('BYE')) return this.#over(call, at);
    if (!to.endsWith('INVITE')) return;
    const { dialog } = call;
    dialog.other = header(raw, 'To');
    if (status < 300) dialog.target = /<([^>]+)>/.exec(header(raw, 'Contact'))?.[1] ?? '';
    this.#send(this.#request(status < 300 ? 'ACK' : 'ACK of a refusal', call));
    if (status >= 300) return this.#over(call, at);
    if (call.answered) return;
    call.answered = at;
    call.onAnswered();
  }

  #hearRequest(raw: string, call: SipCall | undefined, method: string, at: number): void {
    if (method === 'INVITE') return this.#hearInvite(raw, call, at);
    if (method === 'ACK') {
      if (!call) return;
      this.#settled(`${call.id} ACK`);
      if (call.cancelled) return this.#over(call, at);
      if (call.answered) return;
      call.answered = at;
      return call.onAnswered();
    }
    this.#send(this.#reply(raw, call ? '200 OK' : '481 Gone'));
    if (!call) return;
    if (method === 'CANCEL' && !call.cancelled && !call.answered) {
      call.cancelled = at;
      this.says(call, '487 Request Terminated');
      call.onCancelled();
    }
    if (method === 'BYE') this.#over(call, at);
  }

  #hearInvite(raw: string, known: SipCall | undefined, at: number): void {
    // Said again, because our answer was late or lost; or a re-INVITE, which changes nothing here.
    if (known && known.answered) return this.#send(this.#reply(raw, '200 OK', this.#sdp));
    if (known) return known.dialog.last ? this.#send(known.dialog.last) : undefined;
    const id = header(raw, 'Call-ID');
    const other = header(raw, 'From');
    const call = new SipCall(this, {
      id,
      caller: user(other),
      called: user(raw.slice(0, raw.indexOf('\r\n'))),
      at,
      dialog: {
        own: `${header(raw, 'To')};tag=${++this.#n}`,
        other,
        target: /<([^>]+)>/.exec(header(raw, 'Contact'))?.[1] ?? '',
        cseq: 0,
        invite: raw,
        last: '',
      },
    });
    this.calls.set(id, call);
    this.onRung(call);
  }

  #over(call: SipCall, at: number): void {
    if (!this.calls.delete(call.id)) return;
    this.#settled(`${call.id} ACK`);
    call.gone = at;
    call.onGone();
  }

  #request(kind: string, { id, dialog }: SipCall, body = ''): string {
    const { own, other, target } = dialog;
    const [method = '', more] = kind.split(' ');
    // These two belong to the INVITE's own transaction.
    const via =
      method === 'CANCEL' || more
        ? header(dialog.invite, 'Via')
        : `SIP/2.0/UDP ${this.ip}:${SIP_PORT};branch=z9hG4bK${++this.#n}.${process.pid}`;
    return message(
      [
        `${method} ${target} SIP/2.0`,
        `Via: ${via}`,
        `From: ${own}`,
        `To: ${other}`,
        `Call-ID: ${id}`,
        `CSeq: ${dialog.cseq} ${method}`,
        `Contact: <sip:${user(own)}@${this.ip}:${SIP_PORT}>`,
        'Max-Forwards: 70',
      ],
      body,
    );
  }

  #reply(request: string, status: string, body = '', to = header(request, 'To')): string {
    const copied = request.match(/^(?:Via|From|Call-ID|CSeq): [^\r\n]*/gm) ?? [];
    const contact = `Contact: <sip:${user(to)}@${this.ip}:${SIP_PORT}>`;
    return message([`SIP/2.0 ${status}`, ...copied, `To: ${to}`, contact], body);
  }

  /** Says it until it is `settled`; when nobody ever answers, the call is over. */
  #insists(call: SipCall, what: string, raw: string, time = 0): void {
    const key = `${call.id} ${what}`;
    this.#send(raw);
    const again = setTimeout(() => {
      this.#unanswered.delete(key);
      if (time < AGAIN_MS.length - 1) this.#insists(call, what, raw, time + 1);
      else this.#over(call, now());
    }, AGAIN_MS[time]);
    this.#unanswered.set(key, again);
  }

  #settled(key: string): void {
    clearTimeout(this.#unanswered.get(key));
    this.#unanswered.delete(key);
  }

  #send(raw: string): void {
    this.#socket.send(Buffer.from(raw, 'latin1'));
  }
}

const message = (lines: readonly string[], body: string): string =>
  [
    ...lines,
    ...(body ? ['Content-Type: application/sdp'] : []),
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');

/** Asterisk writes names in full, one header a line. */
function header(raw: string, name: string): string {
  const start = raw.indexOf(`\r\n${name}: `) + name.length + 4;
  return raw.slice(start, raw.indexOf('\r\n', start));
}

const user = (address: string): string => /sip:([^@;>]*)@/.exec(address)?.[1] ?? '';

const sdp = (ip: string, port: number): string =>
  [
    'v=0',
    `o=bench 1 1 IN IP4 ${ip}`,
    's=-',
    `c=IN IP4 ${ip}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 8`,
    'a=rtpmap:8 PCMA/8000',
    'a=ptime:20',
    '',
  ].join('\r\n');

/** A port for sound that nobody reads: the music of hundreds who wait would cost this process more than all SIP. */
async function deafPort(ip: string): Promise<[Worker, number]> {
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    const socket = require('node:dgram').createSocket('udp4');
    socket.bind(0, workerData, () => {
      parentPort.postMessage(socket.address().port);
      setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 20);
    });`;
  const worker = new Worker(code, { eval: true, workerData: ip });
  const [port] = (await once(worker, 'message')) as [number];
  return [worker, port];
}
