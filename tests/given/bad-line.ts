import dgram from 'node:dgram';
import { once } from 'node:events';
import { SIP_PORT, type Address } from './wire.ts';

/** What a line does to each datagram of SIP; shares are 0 to 1. */
export interface Badness {
  readonly lost: number;
  readonly doubled: number;
  /** Each is late by something between nothing and this, so that they overtake one another. */
  readonly lateMs: number;
}

/**
 * A line for SIP over UDP between somebody and Asterisk that loses, doubles, delays and reorders. Asterisk sees only the
 * line, at `ip`; whoever rings sends to it. Sound goes straight.
 */
export class BadLine {
  readonly address: Address;
  #badness: Badness = { lost: 0, doubled: 0, lateMs: 0 };
  readonly #socket: dgram.Socket;
  readonly #chance: () => number;

  private constructor(socket: dgram.Socket, ip: string, chance: () => number) {
    this.#socket = socket;
    this.#chance = chance;
    this.address = { host: ip, port: SIP_PORT };
  }

  /** @param chance a number from 0 to 1, another one each time */
  static async between(
    ip: string,
    somebody: string,
    asterisk: Address,
    chance: () => number,
  ): Promise<BadLine> {
    const socket = dgram.createSocket('udp4').on('error', () => undefined);
    socket.bind(SIP_PORT, ip);
    await once(socket, 'listening');
    const line = new BadLine(socket, ip, chance);
    socket.on('message', (bytes, from) => {
      if (from.address === somebody) {
        // Asterisk answers to the line, and rings back by it.
        const text = bytes.toString().replace(`@${somebody}:${SIP_PORT}`, `@${ip}:${SIP_PORT}`);
        const contact = text.replace(/^(Contact: .*)$/m, (one) => one.replaceAll(somebody, ip));
        line.#passes(contact, asterisk);
      } else line.#passes(bytes.toString(), { host: somebody, port: SIP_PORT });
    });
    return line;
  }

  is(badness: Badness): void {
    this.#badness = badness;
  }

  close(): void {
    this.#socket.close();
  }

  #passes(text: string, { host, port }: Address): void {
    const { lost, doubled, lateMs } = this.#badness;
    const times = this.#chance() < doubled ? 2 : 1;
    for (let n = 0; n < times; n++) {
      if (this.#chance() < lost) continue;
      const send = () => this.#socket.send(text, port, host, () => undefined);
      if (lateMs === 0) send();
      else setTimeout(send, this.#chance() * lateMs);
    }
  }
}
