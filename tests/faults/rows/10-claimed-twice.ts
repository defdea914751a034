import { WebSocket } from 'ws';
import { startSipp } from '../../given/sipp.ts';
import type { Hall } from '../hall.ts';
import type { FaultRow } from '../row.ts';

const CALLS = 500;
const RATE = 12;
const STRANGERS = 4;

export const rows: readonly FaultRow[] = [
  {
    n: 10,
    injected: `each of ${CALLS} calls is claimed (StasisBroadcast) by the controller and by ${STRANGERS} other sessions at once`,
    expected: 'one claim is taken, all others are refused; each call arrives once',
    async run(hall) {
      const since = await hall.lastNews();
      const claims = await Claims.of(hall);
      const flood = await startSipp({
        scenario: 'flood',
        ip: hall.flood,
        asterisk: hall.deployment.sip,
        number: '12329',
        calls: CALLS,
        rate: RATE,
        stayMs: 1_000,
        seconds: CALLS / RATE + 30,
      });
      const { counts } = await flood.report;
      const { taken, refused, more } = await claims.ends();
      const told = (await hall.reader.told(since)).filter(({ code }) => code === 'arrived');
      const arrivals = new Set(told.map(({ call }) => call)).size;
      const wrong: string[] = [];
      if (counts.failed > 0) wrong.push(`${counts.failed} calls failed`);
      if (told.length !== CALLS || arrivals !== CALLS)
        wrong.push(`${told.length} arrivals of ${arrivals} calls were told`);
      if (more > 0) wrong.push(`${more} calls were given to two of the others`);
      if (taken === 0) wrong.push('the others never won: nothing was contended');
      return {
        words: `n ${CALLS}; ${taken} claims of the others were taken, ${refused} refused (404, 409); ${told.length} arrivals told`,
        wrong,
      };
    },
  },
];

/** Claims every new channel for our application as soon as it is heard of, until it is too late for that. */
class Claims {
  readonly #sockets: readonly WebSocket[];
  readonly #claimed = new Map<string, number>();
  readonly #under = new Set<Promise<void>>();
  #refused = 0;

  private constructor(watch: WebSocket, sockets: readonly WebSocket[]) {
    this.#sockets = [watch, ...sockets];
    watch.on('message', (text: Buffer) => {
      const event = JSON.parse(text.toString()) as { type: string; channel?: { id: string } };
      const id = event.type === 'ChannelCreated' ? event.channel?.id : undefined;
      if (id === undefined) return;
      sockets.forEach((socket, n) => {
        const claim = this.#claims(socket, id, n).finally(() => this.#under.delete(claim));
        this.#under.add(claim);
      });
    });
  }

  static async of(hall: Hall): Promise<Claims> {
    const { ariUrl, user, password } = hall.deployment.asterisk;
    const opens = async (app: string, query = '') => {
      const url = `${ariUrl.replace('http', 'ws')}/events?app=${app}${query}&api_key=${user}:${password}`;
      const socket = new WebSocket(url).setMaxListeners(0);
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
      return socket;
    };
    const others = await Promise.all(
      Array.from({ length: STRANGERS }, (_, n) => opens(`stranger-${n}`)),
    );
    return new Claims(await opens('watcher', '&subscribeAll=true'), others);
  }

  /** How many claims were taken and refused, and how many calls were given more than once. */
  async ends(): Promise<{ taken: number; refused: number; more: number }> {
    await Promise.all(this.#under);
    for (const socket of this.#sockets) socket.terminate();
    const counts = [...this.#claimed.values()];
    return {
      taken: counts.reduce((sum, count) => sum + count, 0),
      refused: this.#refused,
      more: counts.filter((count) => count > 1).length,
    };
  }

  /** Before it is offered nobody may claim it, which is refused with 404 too: it is tried for a moment. */
  async #claims(socket: WebSocket, channel: string, n: number): Promise<void> {
    for (let tries = 0; tries < 12; tries++) {
      const status = await asks(socket, `${channel}-${n}-${tries}`, channel);
      if (status < 300) {
        this.#claimed.set(channel, (this.#claimed.get(channel) ?? 0) + 1);
        return;
      }
      this.#refused += 1;
      if (status === 409) return;
    }
  }
}

/** A claim as the controller makes it, by REST over the WebSocket; its status. */
function asks(socket: WebSocket, id: string, channel: string): Promise<number> {
  return new Promise((resolve) => {
    const hears = (text: Buffer) => {
      const reply = JSON.parse(text.toString()) as { request_id?: string; status_code?: number };
      if (reply.request_id !== id) return;
      socket.off('message', hears);
      resolve(reply.status_code ?? 0);
    };
    socket.on('message', hears);
    socket.send(
      JSON.stringify({
        type: 'RESTRequest',
        request_id: id,
        method: 'POST',
        uri: `events/claim?channelId=${encodeURIComponent(channel)}&application=liandong-city`,
      }),
    );
  });
}
