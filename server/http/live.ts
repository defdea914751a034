import { createEventBuffer, createSession, type EventBuffer, type Session } from 'better-sse';
import type { Request, Response } from 'express';
import { isAfter, isNewsId, type News } from '../../telephony/redis/news.ts';
import { deskOf, seatView } from '../desk.ts';
import { floorOf } from '../floor-view.ts';
import { leaseOf } from '../plan-view.ts';
import type { Wired } from '../wire.ts';
import type { Who } from './sessions.ts';

interface Reader {
  readonly session: Session;
  readonly res: Response;
  readonly who: Who;
  /** A seat of a site is told of these calls only; null: of all. */
  readonly itsCalls: Set<string> | null;
  lastView: string;
  /** The newest that this reader has been told; it resumes after it. */
  lastId: string;
  /** What happens while it is still being told what it has missed; null: it has caught up. */
  meanwhile: News[] | null;
}

/** So long things are gathered before they are shown: the orders of a step go out first. */
const gatherMs = 10;
/** Lines of history are told together: with a hundred readers each writing is dear. */
const newsMs = 100;
/** The number of those waiting changes with every call; all screens need not follow each change. */
const queuesMs = 250;
/** What only time changes on the floor is shown after so long. */
const floorMs = 2_000;
/** Making the floor takes no more than this share of the time, however many seats it has. */
const floorShare = 1 / 20;
/** So many screens are made at a stretch; calls are attended to in between. */
const stretch = 8;

/**
 * Live events. Seats: what has happened, resumable by id, and the whole desk whenever it has changed. Managers and
 * emergency staff: the whole floor. Sites: their lease.
 */
export class Live {
  private readonly readers = new Set<Reader>();
  private readonly wired: Wired;
  /** Ids are times: who comes for the first time begins here. */
  private lastId = `${Date.now()}-0`;
  private gathered: News[] = [];
  private readonly changed = new Set<string>();
  private gathering: NodeJS.Timeout | undefined;
  private newsDue: NodeJS.Timeout | undefined;
  private queuesDue: NodeJS.Timeout | undefined;
  private floorDue: NodeJS.Timeout | undefined;
  private floorPause = queuesMs;
  private readonly looking: NodeJS.Timeout;

  constructor(wired: Wired) {
    this.wired = wired;
    this.looking = setInterval(() => this.floorSoon(), floorMs);
    wired.onChange(({ seats, all }) => {
      this.floorSoon();
      for (const seat of seats) this.changed.add(seat);
      if (all === 'everything') this.allHaveChanged();
      if (all === 'queues') this.queuesDue ??= setTimeout(() => this.allHaveChanged(), queuesMs);
      this.soon();
    });
    wired.news.read((news) => {
      this.lastId = news.id;
      this.gathered.push(news);
      this.newsDue ??= setTimeout(() => this.tellGathered(), newsMs);
    });
  }

  async connect(req: Request, res: Response, who: Who): Promise<void> {
    const from = req.headers['last-event-id'];
    const session = await createSession(req, res, {
      retry: 500,
      keepAlive: 10_000,
      // Everything is made into text once, not once for every reader.
      serializer: String,
    });
    const reader: Reader = {
      session,
      res,
      who,
      itsCalls: who.kind === 'seat' && seatView(this.wired, who.id).site ? new Set() : null,
      lastView: '',
      lastId: typeof from === 'string' && isNewsId(from) ? from : this.lastId,
      meanwhile: [],
    };
    // What is gathered was before: it is among the missed, or before this reader's time.
    this.tellGathered();
    this.readers.add(reader);
    session.on('disconnected', () => this.readers.delete(reader));
    const missed = reader.lastId === from ? await this.wired.news.since(from) : [];
    const news = [...missed, ...(reader.meanwhile ?? [])];
    this.tell(
      reader,
      news.filter(({ id }) => isAfter(id, reader.lastId)),
    );
    reader.meanwhile = null;
    this.show(reader);
    // It may have left before we listened for that.
    if (!session.isConnected) this.readers.delete(reader);
  }

  close(): void {
    clearTimeout(this.gathering);
    clearTimeout(this.newsDue);
    clearTimeout(this.queuesDue);
    clearTimeout(this.floorDue);
    clearInterval(this.looking);
    for (const { res } of this.readers) res.end();
  }

  private allHaveChanged(): void {
    this.queuesDue = undefined;
    for (const { who } of this.readers) if (who.kind === 'seat') this.changed.add(who.id);
    this.soon();
  }

  private soon(): void {
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      const seats = new Set(this.changed);
      this.changed.clear();
      this.showAll([...this.readers].filter(({ who }) => who.kind === 'seat' && seats.has(who.id)));
    }, gatherMs);
  }

  private tellGathered(): void {
    clearTimeout(this.newsDue);
    this.newsDue = undefined;
    const news = this.gathered;
    this.gathered = [];
    const all = asEvents(news);
    for (const reader of this.readers) {
      if (reader.meanwhile) reader.meanwhile.push(...news);
      else if (reader.itsCalls) this.tell(reader, news);
      else this.tell(reader, news, all);
    }
  }

  private showAll(readers: readonly Reader[]): void {
    for (const reader of readers.slice(0, stretch)) this.show(reader);
    if (readers.length > stretch) setImmediate(() => this.showAll(readers.slice(stretch)));
  }

  private floorSoon(): void {
    if (![...this.readers].some(({ who }) => who.kind !== 'seat')) return;
    this.floorDue ??= setTimeout(() => {
      this.floorDue = undefined;
      const began = performance.now();
      const readers = [...this.readers];
      // All people see the same.
      let floor: string | undefined;
      for (const reader of readers) {
        if (reader.who.kind === 'person') this.show(reader, (floor ??= this.viewFor(reader.who)));
        if (reader.who.kind === 'site') this.show(reader);
      }
      this.floorPause = Math.max(queuesMs, (performance.now() - began) / floorShare);
    }, this.floorPause);
  }

  private show(reader: Reader, view?: string): void {
    if (reader.meanwhile || !reader.session.isConnected) return;
    const text = view ?? this.viewFor(reader.who);
    if (text === reader.lastView) return;
    reader.lastView = text;
    reader.session.push(text, events[reader.who.kind], reader.lastId);
  }

  private viewFor({ kind, id }: Who): string {
    return JSON.stringify(views[kind](this.wired, id));
  }

  /** `events`: the news made ready for a reader who is told of all calls. */
  private tell(reader: Reader, news: readonly News[], events?: EventBuffer): void {
    const its = events ? news : news.filter(({ call }) => this.mayKnow(reader, call));
    const last = its.at(-1);
    if (!last || reader.who.kind !== 'seat') return;
    reader.lastId = last.id;
    if (reader.session.isConnected) void reader.session.batch(events ?? asEvents(its));
  }

  private mayKnow({ who, itsCalls }: Reader, call: string): boolean {
    if (who.kind !== 'seat') return false;
    if (itsCalls && this.wired.calls.ofSeat(who.id)?.call.id === call) itsCalls.add(call);
    return itsCalls?.has(call) ?? true;
  }
}

function asEvents(news: readonly News[]): EventBuffer {
  const events = createEventBuffer({ serializer: String });
  for (const one of news) events.push(JSON.stringify(one), 'told', one.id);
  return events;
}

/** What each kind of reader is shown, and as which event. */
const events = { seat: 'desk', person: 'floor', site: 'lease' } as const;
const views: Readonly<Record<Who['kind'], (wired: Wired, id: string) => object>> = {
  seat: deskOf,
  person: floorOf,
  site: leaseOf,
};
