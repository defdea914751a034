import type { FloorChange, FloorView, LeaseView } from '../../server/http/floor-views.ts';
import type { DeskView } from '../../server/http/views.ts';
import type { News } from '../../telephony/redis/news.ts';
import { Client } from '../../tools/parts/client.ts';

interface Event {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
}

let open: Events[] = [];

/** Breaks all streams that are still open: for `afterEach`. */
export function breakEvents(): void {
  for (const events of open) events.breaks();
  open = [];
}

function changed(
  floor: FloorView,
  { seats = [], gone = [], calls = [], ended = [], ...parts }: FloorChange,
): FloorView {
  const left = new Map(floor.seats.map((seat) => [seat.id, seat]));
  for (const id of gone) left.delete(id);
  for (const seat of seats) left.set(seat.id, seat);
  const talks = new Map(floor.calls.map((call) => [call.id, call]));
  for (const id of ended) talks.delete(id);
  for (const call of calls) talks.set(call.id, call);
  return { ...floor, ...parts, seats: [...left.values()], calls: [...talks.values()] };
}

/** A reader of server-sent events, by the standard's words: id, event, data, empty line. */
export class Events {
  readonly seen: Event[] = [];
  private readonly ending = new AbortController();

  private constructor() {
    open.push(this);
  }

  /** Of a seat, which logs in for it. */
  static async of(url: string, seat: string, lastId?: string): Promise<Events> {
    const client = new Client(url);
    await client.logsInAs({ seat }, seat);
    return Events.for(client, lastId);
  }

  /** Of whoever is logged in already. */
  static async for({ url, headers }: Client, lastId?: string): Promise<Events> {
    const events = new Events();
    const response = await fetch(`${url}/api/events`, {
      headers: { ...headers, ...(lastId === undefined ? {} : { 'last-event-id': lastId }) },
      signal: events.ending.signal,
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    void events.read(response.body as ReadableStream<Uint8Array>).catch(() => undefined);
    return events;
  }

  breaks(): void {
    this.ending.abort();
  }

  get told(): News[] {
    return this.of<News>('told');
  }

  get codes(): string[] {
    return this.told.map(({ code }) => code);
  }

  get desks(): DeskView[] {
    return this.of<DeskView>('desk');
  }

  /** The floor as it was after each event: told whole, then by what has changed. */
  get floors(): FloorView[] {
    const floors: FloorView[] = [];
    for (const { type, data } of this.seen) {
      const last = floors.at(-1);
      if (type === 'floor') floors.push(data as FloorView);
      if (type === 'floor-change' && last) floors.push(changed(last, data as FloorChange));
    }
    return floors;
  }

  get leases(): LeaseView[] {
    return this.of<LeaseView>('lease');
  }

  get lastId(): string {
    return this.seen.at(-1)?.id ?? '';
  }

  async until(what: string, is: () => boolean): Promise<void> {
    const deadline = Date.now() + 10_000;
    while (!is()) {
      if (Date.now() > deadline) {
        const seen = this.seen.map(({ id, type }) => `${id} ${type}`).join('\n');
        throw new Error(`waited for ${what}; told ${this.codes.join(' ')}\n${seen}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  private of<T>(wanted: string): T[] {
    return this.seen.filter(({ type }) => type === wanted).map(({ data }) => data as T);
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const part of body) {
      text += decoder.decode(part, { stream: true });
      const blocks = text.split(/\n\n/);
      text = blocks.pop() ?? '';
      for (const block of blocks) this.take(block);
    }
  }

  private take(block: string): void {
    const field = (name: string) =>
      block
        .split('\n')
        .filter((line) => line.startsWith(`${name}:`))
        .map((line) => line.slice(name.length + 1).trim())
        .join('\n');
    // That the server lives is no news.
    if (!field('data') || field('event') === 'beat') return;
    const data: unknown = JSON.parse(field('data'));
    this.seen.push({ id: field('id'), type: field('event'), data });
  }
}
