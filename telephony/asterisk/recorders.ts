import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { Clock } from '../../kernel/clock.ts';
import type { LegId } from '../call.ts';
import { recorderOf, type TrackName } from '../recording/recording.ts';
import {
  AriDown,
  type AriAddress,
  type AriEvent,
  type AriOptions,
  type AriReply,
  type AriRequest,
  type AriSession,
} from './ari/session.ts';

export interface RecordersNeeds {
  readonly clock: Clock;
  /** Where this switch is, with an application of recorders' own; undefined: there is none of that name. */
  readonly addressOf: (node: string) => AriAddress | undefined;
  /** Makes the sessions, as `openAriSession` does. */
  readonly open: (address: AriAddress, options: AriOptions) => Promise<AriSession>;
  readonly onBegan: (name: string) => void;
  /** Its file is closed; or it never came about. */
  readonly onEnded: (name: string) => void;
  /** These run on that switch, since when; what was ordered after `at` is not in it. */
  readonly onLooked: (node: string, running: ReadonlyMap<string, number>, at: number) => void;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

const recorderEvents = [
  'StasisStart',
  'StasisEnd',
  'ChannelDestroyed',
  'RecordingStarted',
  'RecordingFinished',
  'RecordingFailed',
] as const;

/** Which way of her channel a track is. */
const spies = { citizen: 'in', others: 'out', both: 'both' } as const;

const OPEN_MS = 3_000;
const LOOK_MS = 5_000;
const FILE_MS = 60_000;

interface Named {
  readonly id?: string;
  readonly name?: string;
}

/**
 * Recorders on Asterisk: a snoop channel on her leg, whose sound is written as raw A-law, so that whatever was written
 * stands whenever Asterisk ends. All goes over a session of its own, with an application of its own: Asterisk serves
 * each session in a thread of its own, so a disk that hangs keeps no order of a call waiting, and what looks after
 * calls does not see these channels. Nothing here throws but `fetches`.
 */
export class Recorders {
  readonly #needs: RecordersNeeds;
  readonly #sessions = new Map<string, Promise<AriSession>>();

  constructor(needs: RecordersNeeds) {
    this.#needs = needs;
  }

  /** A recorder of this name begins at her leg. */
  async begins(node: string, name: string, leg: LegId, track: TrackName): Promise<void> {
    const app = this.#needs.addressOf(node)?.app ?? '';
    const reply = await this.#ask(node, {
      method: 'POST',
      uri: `channels/${leg}/snoop`,
      query: { app, snoopId: name, spy: spies[track], whisper: 'none' },
    });
    if (reply && reply.status < 300) return;
    // She may have gone; of that the call says more.
    if (reply && reply.status !== 404) this.#refused(name, reply);
    this.#needs.onEnded(name);
  }

  /** It ends; `onEnded` follows. */
  async ends(node: string, name: string): Promise<void> {
    const reply = await this.#hangsUp(node, name);
    if (reply?.status === 404) this.#needs.onEnded(name);
  }

  /** Which recorders run there; told by `onLooked`, now and whenever the session has been away. */
  async look(node: string): Promise<void> {
    const { clock, onLooked } = this.#needs;
    const at = clock.now();
    const all = await this.#ask(node, { method: 'GET', uri: 'channels', withinMs: LOOK_MS });
    if (!all || all.status >= 300) return;
    const ours = (all.body as { id: string; creationtime: string }[]).filter(
      ({ id }) => recorderOf(id) !== undefined,
    );
    const running = new Map<string, number>();
    for (const { id, creationtime } of ours) {
      const live = await this.#ask(node, { method: 'GET', uri: `recordings/live/${id}` });
      if (!live) return;
      if (live.status < 300) running.set(id, Date.parse(creationtime));
      // Whoever made it did not come so far as to let it write.
      else await this.#hangsUp(node, id);
    }
    onLooked(node, running, at);
  }

  /**
   * Brings a recorder's file here.
   * @returns how many bytes; null: the switch has none of that name
   * @throws when the switch does not answer, or the file cannot be written
   */
  async fetches(node: string, name: string, path: string): Promise<number | null> {
    const address = this.#addressOf(node);
    const reply = await fetch(`${address.url}/ari/recordings/stored/${name}/file`, {
      headers: { authorization: basic(address) },
      signal: AbortSignal.timeout(FILE_MS),
    });
    if (reply.status === 404) return null;
    if (!reply.ok || !reply.body) throw new Error(`GET recordings/stored/${name}: ${reply.status}`);
    const file = createWriteStream(path);
    await pipeline(Readable.fromWeb(reply.body as ReadableStream), file);
    return file.bytesWritten;
  }

  /** The switch need not keep its file any more. */
  async forgets(node: string, name: string): Promise<void> {
    await this.#ask(node, { method: 'DELETE', uri: `recordings/stored/${name}` });
  }

  /** Recorders go on. */
  async close(): Promise<void> {
    const sessions = await Promise.allSettled(this.#sessions.values());
    this.#sessions.clear();
    await Promise.all(
      sessions.flatMap((one) => (one.status === 'fulfilled' ? [one.value.close()] : [])),
    );
  }

  #addressOf(node: string): AriAddress {
    const address = this.#needs.addressOf(node);
    if (!address) throw new AriDown(`no Asterisk is called "${node}"`);
    return address;
  }

  #session(node: string): Promise<AriSession> {
    const known = this.#sessions.get(node);
    if (known) return known;
    const opening = this.#opens(node);
    this.#sessions.set(node, opening);
    // Whoever needs it next tries again.
    opening.catch(() => this.#sessions.delete(node));
    return opening;
  }

  async #opens(node: string): Promise<AriSession> {
    const options = { events: recorderEvents, openTimeoutMs: OPEN_MS };
    const session = await this.#needs.open(this.#addressOf(node), options);
    session.onEvent((event) => this.#heard(node, event));
    session.onState((state) => {
      if (state === 'up') void this.look(node);
    });
    return session;
  }

  #heard(node: string, event: AriEvent): void {
    const name = nameIn(event);
    if (name === undefined || !recorderOf(name)) return;
    switch (event.type) {
      case 'StasisStart':
        return void this.#writes(node, name);
      case 'RecordingStarted':
        return this.#needs.onBegan(name);
      case 'RecordingFailed':
      case 'RecordingFinished':
        void this.#hangsUp(node, name);
        return this.#needs.onEnded(name);
      case 'StasisEnd':
      case 'ChannelDestroyed':
        return this.#needs.onEnded(name);
    }
  }

  /** Its channel is there: now it writes. */
  async #writes(node: string, name: string): Promise<void> {
    const reply = await this.#ask(node, {
      method: 'POST',
      uri: `channels/${name}/record`,
      query: { name, format: 'alaw', ifExists: 'fail', beep: false, terminateOn: 'none' },
    });
    if (reply && reply.status < 300) return;
    if (reply && reply.status !== 404) this.#refused(name, reply);
    await this.#hangsUp(node, name);
    this.#needs.onEnded(name);
  }

  #hangsUp(node: string, name: string): Promise<AriReply | null> {
    return this.#ask(node, { method: 'DELETE', uri: `channels/${name}` });
  }

  #refused(name: string, { status, body }: AriReply): void {
    this.#needs.onTrouble('Asterisk does not record', { name, status, body });
  }

  /** Null: nothing was answered. */
  async #ask(node: string, request: AriRequest): Promise<AriReply | null> {
    try {
      return await (await this.#session(node)).request(request);
    } catch (error) {
      const { method, uri } = request;
      this.#needs.onTrouble('A recorder was not reached', { method, uri, error: String(error) });
      return null;
    }
  }
}

function nameIn({ channel, recording }: AriEvent): string | undefined {
  return (recording as Named | undefined)?.name ?? (channel as Named | undefined)?.id;
}

const basic = ({ user, password }: AriAddress): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
