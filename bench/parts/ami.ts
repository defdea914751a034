import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { conf } from '../../telephony/asterisk/base-files.ts';

const USER = 'bench';
const SECRET = 'bench';

/** A message of Asterisk's manager interface: header -> value. */
export type AmiMessage = Readonly<Record<string, string>>;

/** Asterisk's manager interface: its own blind transfer, and when who entered which bridge. */
export class Ami {
  readonly #socket: Socket;
  #text = '';
  /** BridgeEnter events since the last `forget`. */
  readonly entered: AmiMessage[] = [];
  readonly #listeners = new Set<(message: AmiMessage) => void>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#read(text));
  }

  /** What Asterisk must have in its files for it; events carry its own time in microseconds. */
  static files(port: number): Record<string, string> {
    return {
      'manager.conf': conf(
        '[general]',
        'enabled=yes',
        'bindaddr=127.0.0.1',
        `port=${port}`,
        'timestampevents=yes',
        `[${USER}]`,
        `secret=${SECRET}`,
        'read=call',
        'write=call',
        'eventfilter=Event: BridgeEnter',
      ),
    };
  }

  static async connect(port: number): Promise<Ami> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const ami = new Ami(socket);
    const reply = await ami.ask({ Action: 'Login', Username: USER, Secret: SECRET });
    if (reply.Response !== 'Success') throw new Error(`AMI: ${JSON.stringify(reply)}`);
    return ami;
  }

  /** Returns as soon as the action is handed to the socket. */
  send(action: AmiMessage): void {
    const lines = Object.entries(action).map(([name, value]) => `${name}: ${value}\r\n`);
    this.#socket.write(`${lines.join('')}\r\n`);
  }

  ask(action: AmiMessage): Promise<AmiMessage> {
    const reply = this.until(({ Response }) => Response !== undefined);
    this.send(action);
    return reply;
  }

  /** The next message that `is` accepts. */
  until(is: (message: AmiMessage) => boolean, withinMs = 5000): Promise<AmiMessage> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#listeners.delete(listener);
        reject(new Error('AMI: what was waited for did not come'));
      }, withinMs);
      const listener = (message: AmiMessage) => {
        if (!is(message)) return;
        clearTimeout(timer);
        this.#listeners.delete(listener);
        resolve(message);
      };
      this.#listeners.add(listener);
    });
  }

  forget(): void {
    this.entered.length = 0;
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#text += text;
    for (;;) {
      const end = this.#text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const block = this.#text.slice(0, end);
      this.#text = this.#text.slice(end + 4);
      const pairs = [...block.matchAll(/^([^:\r\n]+): ?(.*?)\r?$/gm)];
      const message = Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value]));
      if (message.Event === 'BridgeEnter') this.entered.push(message);
      for (const listener of [...this.#listeners]) listener(message);
    }
  }
}

/** Epoch milliseconds at which Asterisk stamped the event. */
export const stampOf = (message: AmiMessage): number => Number(message.Timestamp) * 1000;
