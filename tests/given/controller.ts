import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { GivenAsterisk } from './asterisk.ts';

/** As far as tests look at it. */
interface Event {
  readonly type: string;
  readonly args?: string[];
  readonly digit?: string;
  readonly channel?: {
    readonly id: string;
    readonly state: string;
    readonly caller: { number: string };
  };
}

/** What arrived at the application. */
interface Taken {
  readonly args: string[];
  readonly number: string;
  /** The arguments in base64, read. */
  readonly headers: string[];
}

/** An application that takes calls and orders them by hand, without our own code. */
export interface Controller {
  /** Waits for the next call, notes it and hangs up. */
  takes(within?: number): Promise<Taken>;
  until(fits: (event: Event) => boolean, within?: number): Promise<Event>;
  /** Makes and dials a leg in one request, as the switch does; what Asterisk says to it. */
  originates(endpoint: string): Promise<{ readonly status: number; readonly channel: string }>;
  dials(endpoint: string): Promise<string>;
  hangsUp(channel: string): Promise<void>;
  goes(): Promise<void>;
}

/** Begins to be the application; Asterisk hands its calls over from now on. */
export async function theController(asterisk: GivenAsterisk, app: string): Promise<Controller> {
  const key = `api_key=${asterisk.user}:${asterisk.password}`;
  const socket = new WebSocket(`${asterisk.ariUrl.replace('http', 'ws')}/events?app=${app}&${key}`);
  const events: Event[] = [];
  const ari = (method: string, path: string) =>
    fetch(`${asterisk.ariUrl}/${path}${path.includes('?') ? '&' : '?'}${key}`, { method });
  let look: () => void = () => undefined;
  socket.on('message', (data) => {
    const event = JSON.parse(String(data)) as Event;
    if (event.type === 'CallBroadcast')
      void ari('POST', `events/claim?channelId=${event.channel?.id}&application=${app}`);
    events.push(event);
    look();
  });
  await once(socket, 'open');
  await ari('POST', `asterisk/variable?variable=LD_BEAT&value=${randomBytes(4).toString('hex')}`);
  const until = (fits: (event: Event) => boolean, within = 8_000): Promise<Event> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`It did not come: ${events.map(({ type }) => type).join(', ')}`)),
        within,
      );
      look = () => {
        const index = events.findIndex(fits);
        if (index < 0) return;
        clearTimeout(timer);
        resolve(events.splice(index, 1)[0] as Event);
      };
      look();
    });
  const hangsUp = async (channel: string): Promise<void> => {
    await ari('DELETE', `channels/${channel}`);
  };
  return {
    until,
    hangsUp,
    async takes(within) {
      const { args = [], channel } = await until(({ type }) => type === 'StasisStart', within);
      if (channel) await hangsUp(channel.id);
      const headers = args.slice(4).map((text) => Buffer.from(text, 'base64').toString());
      return { args, number: channel?.caller.number ?? '', headers };
    },
    async originates(endpoint) {
      const channel = aChannel();
      const query = `endpoint=${endpoint}&app=${app}&channelId=${channel}`;
      const { status } = await ari('POST', `channels?${query}`);
      return { status, channel };
    },
    async dials(endpoint) {
      const channel = aChannel();
      await ari('POST', `channels/create?endpoint=${endpoint}&app=${app}&channelId=${channel}`);
      await until(({ type }) => type === 'StasisStart');
      await ari('POST', `channels/${channel}/dial`);
      return channel;
    },
    async goes() {
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.close();
      await once(socket, 'close');
      // Asterisk forgets the application a moment later.
      for (let i = 0; i < 100 && (await ari('GET', `applications/${app}`)).ok; i++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

const aChannel = (): string => `test-${randomBytes(4).toString('hex')}`;
