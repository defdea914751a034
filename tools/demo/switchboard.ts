import { PLAYED_SEATS, PLAYED_VOICES } from '../../telephony/asterisk/plan.ts';

/** All channels of the play begin so. */
const MARK = 'demo-';

/** Asterisk as the citizens' and the played seats' voice: what the play asks of ARI. */
export class Switchboard {
  readonly #url: string;
  readonly #authorization: string;
  #made = 0;

  /** @param address http://user:password@host:port */
  constructor(address: string) {
    const { origin, username, password } = new URL(address);
    this.#url = `${origin}/ari/channels`;
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    this.#authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  }

  /** A citizen rings by SIP, over Asterisk's own trunk to itself. Returns her channel. */
  async rings(number: string, from: string, trunk: string, voice: string): Promise<string> {
    return this.#makes(`PJSIP/${number}@${trunk}`, voice, {
      // From is made of the connected line; see identity() in telephony/asterisk/switch.ts.
      'CONNECTEDLINE(num,i)': from,
      'CONNECTEDLINE(num-pres,i)': 'allowed',
    });
  }

  /** A seat's lasting leg, as a browser would open it. Returns the channel of the person at it. */
  async sitsDown(seat: string, voice: string): Promise<string> {
    return this.#makes(`Local/${seat}@${PLAYED_SEATS}/n`, voice, {});
  }

  async hangsUp(channel: string): Promise<void> {
    await this.#ask('DELETE', `/${channel}`);
  }

  /** The channels of the play that are there. */
  async channels(): Promise<readonly string[]> {
    const reply = await this.#ask('GET', '');
    const all = (await reply.json()) as readonly { readonly id: string }[];
    return all.map(({ id }) => id).filter((id) => id.startsWith(MARK));
  }

  async #makes(
    endpoint: string,
    voice: string,
    variables: Readonly<Record<string, string>>,
  ): Promise<string> {
    const channelId = `${MARK}${process.pid}-${(this.#made += 1)}`;
    const query = new URLSearchParams({
      endpoint,
      channelId,
      context: PLAYED_VOICES,
      extension: voice,
      priority: '1',
      timeout: '120',
    });
    const reply = await this.#ask('POST', `?${query}`, { variables });
    if (!reply.ok) throw new Error(`Asterisk does not make ${endpoint}: ${await reply.text()}`);
    return channelId;
  }

  #ask(method: string, path: string, body?: object): Promise<Response> {
    return fetch(`${this.#url}${path}`, {
      method,
      headers: { authorization: this.#authorization, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(5_000),
    });
  }
}
