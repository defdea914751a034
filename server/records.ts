import { dirname, resolve } from 'node:path';
import type { Config } from '../config/load.ts';
import type { Clock } from '../kernel/clock.ts';
import { within } from '../kernel/within.ts';
import type { RedisHash } from '../routing/redis/hash.ts';
import type { Nodes } from '../telephony/asterisk/nodes.ts';
import { screensOf, type Calls } from '../telephony/calls.ts';
import type { Call } from '../telephony/call.ts';
import type { Beside } from './beside.ts';
import { listsFolder, type Environment } from './environment.ts';
import type { Control } from './lease/control.ts';
import { InTickets } from './recordings/in-tickets.ts';
import { Recordings } from './recordings/recordings.ts';
import { Shelf } from './recordings/shelf.ts';
import { seatsToTell } from './tickets/screens.ts';
import { Tickets, type TicketsNeeds } from './tickets/tickets.ts';

export interface RecordsNeeds {
  readonly config: Config;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly beside: Beside;
  readonly hashOf: (name: string) => RedisHash;
  readonly opensSession: Control['opensSession'];
  readonly calls: () => Calls;
  readonly nodes: () => Nodes;
  readonly onClock: (news: Parameters<TicketsNeeds['onNews']>[0]) => void;
  /** By seat the ids of the tickets that it is to look at again. */
  readonly onTickets: (told: ReadonlyMap<string, readonly string[]>) => void;
  /** What these seats show of a call's recording is no longer true. */
  readonly onRecording: (seats: readonly string[]) => void;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** What is under way when a controller ends has so long. */
const END_MS = 2_000;

/** Tickets and recordings of this deployment: what is kept of calls, and what no call waits for. */
export class Records {
  readonly tickets: Tickets;
  /** Null: nothing is recorded. */
  readonly recordings: Recordings | null;
  /** Where recordings are kept. */
  readonly shelf: Shelf | null;
  private readonly needs: RecordsNeeds;
  private readonly inTickets: InTickets | null;
  private readonly isRecorded: ReadonlySet<string>;
  private ends: Promise<unknown> = Promise.resolve();

  constructor(needs: RecordsNeeds) {
    const { config, environment, clock, beside, hashOf, onTrouble } = needs;
    const { recording, hotlines } = config;
    const folder = listsFolder(environment);
    this.needs = needs;
    this.tickets = new Tickets({
      config,
      readsLists: () => (folder === null ? Promise.resolve(null) : beside.lists(folder)),
      databaseUrl: environment.databaseUrl,
      redisUrl: environment.redisUrl,
      clock,
      owed: hashOf('owed-tickets'),
      onNews: needs.onClock,
      onChanged: (changes) => this.haveChanged(changes),
      onTrouble,
    });
    this.isRecorded = new Set(hotlines.filter((one) => one.recorded).map(({ id }) => id));
    const shelf =
      recording && new Shelf(resolve(dirname(environment.configFile), recording.folder));
    this.shelf = shelf;
    this.inTickets =
      recording &&
      shelf &&
      new InTickets({ ...recording, tickets: this.tickets, shelf, clock, onTrouble });
    this.recordings =
      recording &&
      shelf &&
      new Recordings({
        clock,
        rules: { stereo: recording.stereo, pauseMs: recording.pauseSeconds * 1_000 },
        shelf,
        hash: hashOf('recordings'),
        switches: {
          open: needs.opensSession,
          names: () =>
            needs
              .nodes()
              .all()
              .map(({ name }) => name),
          addressOf: (node) => {
            const address = needs.nodes().named(node)?.address;
            return address && { ...address, app: `${address.app}-recorders` };
          },
        },
        callOf: (id) => needs.calls().get(id)?.call,
        onChange: (id) => {
          const call = needs.calls().get(id)?.call;
          if (call) needs.onRecording(screensOf(call));
        },
        onKept: (kept) => this.inTickets?.kept(kept),
        onTrouble,
      });
  }

  /** What outlives this controller in Redis. */
  get kept(): readonly (Tickets | Recordings)[] {
    return this.recordings ? [this.tickets, this.recordings] : [this.tickets];
  }

  callChanged(call: Call, before: Call | undefined): void {
    this.tickets.callChanged(call, before);
    if (this.isRecorded.has(call.hotline)) this.recordings?.callChanged(call);
  }

  begins(): void {
    const underWay = this.needs.calls().all();
    this.tickets.begins(underWay.map(({ call }) => call));
    this.recordings?.begins();
    this.inTickets?.begins();
  }

  /** Begins to end; whoever takes over does not wait for the database or a peer. */
  leaves(): void {
    this.ends = Promise.all([this.recordings?.close(), this.inTickets?.close()]).then(() =>
      this.tickets.close(),
    );
    this.ends.catch(() => undefined);
  }

  async close(): Promise<void> {
    await within(END_MS, this.ends).catch((error: unknown) =>
      this.needs.onTrouble('what was under way with tickets or recordings is left', {
        error: String(error),
      }),
    );
  }

  private haveChanged(changes: Parameters<TicketsNeeds['onChanged']>[0]): void {
    const { seats, deployment } = this.needs.config;
    const inCall = (key: string) =>
      this.needs
        .calls()
        .all()
        .flatMap(({ call }) => (call.key === key ? screensOf(call) : []));
    const told = seatsToTell(changes, { us: deployment.id, seats, inCall });
    if (told.size > 0) this.needs.onTickets(told);
  }
}
