import { randomInt } from 'node:crypto';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { fromAlaw, toAlaw } from '../../tests/given/g711.ts';
import { SPEAKING, tones, type ToneName } from '../../tests/given/hearing.ts';
import { now } from './clock.ts';

const HEADER = 12;
const FRAME = 160;
const RATE = 8000;
const PCMA = 8;
/** As for the browser: half of what a spoken tone has. */
const AUDIBLE = SPEAKING / 2;

/** A citizen's RTP: speaks a tone to whoever sends to it, and notes when another tone begins to arrive. */
export class RtpLine {
  readonly #socket = dgram.createSocket('udp4');
  readonly #tone: ToneName;
  #to: { readonly port: number; readonly address: string } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #frame = 0;
  /** At random, as RFC 3550 wants it: Asterisk hands the citizen's time stamps on to the browser. */
  readonly #firstStamp = randomInt(2 ** 32);
  readonly #source = randomInt(2 ** 32);
  #awaited: { readonly tone: ToneName; readonly found: (at: number) => void } | undefined;

  constructor(tone: ToneName) {
    this.#tone = tone;
  }

  async open(ip: string): Promise<number> {
    this.#socket.on('message', (packet, from) => this.#hear(packet, from));
    this.#socket.bind(0, ip);
    await once(this.#socket, 'listening');
    return this.#socket.address().port;
  }

  /** When the first packet of this tone arrives. */
  heard(tone: ToneName, withinMs: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(`${tone} is not heard within ${withinMs} ms`));
      const timer = setTimeout(late, withinMs);
      const found = (at: number) => {
        clearTimeout(timer);
        this.#awaited = undefined;
        resolve(at);
      };
      this.#awaited = { tone, found };
    });
  }

  close(): void {
    clearInterval(this.#timer);
    this.#socket.close();
  }

  #hear(packet: Buffer, from: dgram.RemoteInfo): void {
    const at = now();
    if (((packet[1] ?? 0) & 0x7f) !== PCMA) return;
    if (this.#to?.port !== from.port) this.#speakTo(from);
    const { tone, found } = this.#awaited ?? {};
    if (tone && found && level(packet.subarray(HEADER), tones[tone]) > AUDIBLE) found(at);
  }

  #speakTo(to: dgram.RemoteInfo): void {
    this.#to = to;
    if (this.#timer) return;
    const began = now();
    this.#timer = setInterval(() => {
      const due = Math.floor((now() - began) / 20) + 1;
      while (this.#frame < due) this.#speak();
    }, 10);
  }

  #speak(): void {
    const packet = Buffer.alloc(HEADER + FRAME);
    packet[0] = 0x80;
    packet[1] = PCMA;
    packet.writeUInt16BE(this.#frame & 0xffff, 2);
    packet.writeUInt32BE((this.#firstStamp + this.#frame * FRAME) >>> 0, 4);
    packet.writeUInt32BE(this.#source, 8);
    const turn = (2 * Math.PI * tones[this.#tone]) / RATE;
    for (let i = 0; i < FRAME; i++) {
      packet[HEADER + i] = toAlaw(Math.round(SPEAKING * Math.sin(turn * i)));
    }
    this.#frame++;
    if (this.#to) this.#socket.send(packet, this.#to.port, this.#to.address);
  }
}

/** Amplitude of one frequency in a packet of A-law; 20 ms keep tones at multiples of 50 Hz apart. */
function level(sound: Buffer, hertz: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * hertz) / RATE);
  let last = 0;
  let before = 0;
  for (const byte of sound) {
    const value = fromAlaw(byte) + turn * last - before;
    before = last;
    last = value;
  }
  const power = last * last + before * before - turn * last * before;
  return (2 * Math.sqrt(Math.max(0, power))) / sound.length;
}
