import dgram from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fromAlaw, toAlaw } from './g711.ts';
import { levelsIn, SAMPLE_RATE, SPEAKING, tones, type Levels, type ToneName } from './hearing.ts';

const FRAME_MS = 20;
const FRAME = (SAMPLE_RATE * FRAME_MS) / 1000;
const PCMA = 8;
const RTP_HEADER = 12;
/** Payload type of keys, RFC 4733. */
export const KEYS = 101;
/** So many packets say that a key is down, so many that it is up again. */
const [DOWN, UP] = [5, 3];

/** The frame with which a key went down; all its packets carry it. */
interface Pressing {
  since?: number;
}

/** What is on its way when a window begins is thrown away for so long. */
const SETTLING_MS = 40;

/** One party's mouth and ear: RTP over UDP, G.711 A-law in frames of 20 ms. */
export class Voice {
  readonly ip: string;
  tone: ToneName | null;
  port = 0;
  /** Packets of sound that arrived, ever. */
  packets = 0;
  #socket: dgram.Socket | undefined;
  #opened: Promise<void> | undefined;
  #to: { ip: string; port: number } | undefined;
  #speaking: NodeJS.Timeout | undefined;
  #spoken = 0;
  #phase = 0;
  /** Packets of keys that are still to be sent. */
  #pressed: { readonly event: Buffer; readonly first: boolean; readonly key: Pressing }[] = [];
  #listeners = new Set<number[]>();
  #ssrc = Math.floor(Math.random() * 0xffffffff);

  /** `tone` null: says nothing, sends nothing. */
  constructor(ip: string, tone: ToneName | null) {
    this.ip = ip;
    this.tone = tone;
  }

  /** Takes a port; may be called more than once. */
  open(): Promise<void> {
    this.#opened ??= this.#bind();
    return this.#opened;
  }

  async #bind(): Promise<void> {
    const socket = dgram.createSocket('udp4');
    this.#socket = socket;
    socket.on('message', (packet) => this.#hear(packet));
    socket.on('error', () => undefined);
    socket.bind(0, this.ip);
    await once(socket, 'listening');
    this.port = socket.address().port;
  }

  /** Speaks to there from now on. */
  speakTo(ip: string, port: number): void {
    this.#to = { ip, port };
    if (this.#speaking) return;
    const began = Date.now();
    this.#spoken = 0;
    this.#speaking = setInterval(() => {
      // By the clock, so that a late timer does not slow the voice; but never a burst.
      const due = Math.floor((Date.now() - began) / FRAME_MS) + 1;
      this.#spoken = Math.max(this.#spoken, due - 5);
      while (this.#spoken < due) this.#speak();
    }, FRAME_MS / 2);
  }

  /** Goes on listening. */
  fallSilent(): void {
    clearInterval(this.#speaking);
    this.#speaking = undefined;
  }

  /** Presses a key of the phone: 0-9, * or #; while it is down the voice is not sent. */
  presses(digit: string): void {
    const code = '0123456789*#'.indexOf(digit);
    const key: Pressing = {};
    for (let n = 0; n < DOWN + UP; n++) {
      const event = Buffer.from([code, n < DOWN ? 0x0a : 0x8a, 0, 0]);
      event.writeUInt16BE(Math.min(n + 1, DOWN) * FRAME, 2);
      this.#pressed.push({ event, first: n === 0, key });
    }
  }

  async heard(ms: number): Promise<Levels> {
    await sleep(SETTLING_MS);
    const samples: number[] = [];
    this.#listeners.add(samples);
    await sleep(ms);
    this.#listeners.delete(samples);
    return levelsIn(samples, ms - FRAME_MS);
  }

  close(): void {
    this.fallSilent();
    this.#socket?.close();
    this.#socket = undefined;
  }

  #speak(): void {
    const frame = this.#spoken++;
    if (!this.#to || !this.tone || !this.#socket) return;
    const pressed = this.#pressed.shift();
    if (pressed) {
      const since = (pressed.key.since ??= frame);
      const header = this.#header(frame, since, KEYS | (pressed.first ? 0x80 : 0));
      this.#socket.send(Buffer.concat([header, pressed.event]), this.#to.port, this.#to.ip);
      return;
    }
    const packet = Buffer.concat([this.#header(frame, frame, PCMA), Buffer.alloc(FRAME)]);
    for (let i = 0; i < FRAME; i++) {
      packet[RTP_HEADER + i] = toAlaw(Math.round(SPEAKING * Math.sin(this.#phase)));
      this.#phase += (2 * Math.PI * tones[this.tone]) / SAMPLE_RATE;
    }
    this.#phase %= 2 * Math.PI;
    this.#socket.send(packet, this.#to.port, this.#to.ip);
  }

  #header(frame: number, since: number, type: number): Buffer {
    const header = Buffer.alloc(RTP_HEADER);
    header[0] = 0x80;
    header[1] = type;
    header.writeUInt16BE(frame & 0xffff, 2);
    header.writeUInt32BE((since * FRAME) >>> 0, 4);
    header.writeUInt32BE(this.#ssrc, 8);
    return header;
  }

  #hear(packet: Buffer): void {
    if (((packet[1] ?? 0) & 0x7f) !== PCMA) return;
    this.packets++;
    if (this.#listeners.size === 0) return;
    const sound = packet.subarray(RTP_HEADER);
    for (const samples of this.#listeners) for (const byte of sound) samples.push(fromAlaw(byte));
  }
}

/** Sound as Asterisk plays it from a file.sln: 16-bit samples at 8000 Hz; an endless tone when repeated. */
export function toneFile(tone: ToneName, seconds = 2): Buffer {
  const samples = Int16Array.from({ length: SAMPLE_RATE * seconds }, (_, i) =>
    Math.round(SPEAKING * Math.sin((2 * Math.PI * tones[tone] * i) / SAMPLE_RATE)),
  );
  return Buffer.from(samples.buffer);
}
