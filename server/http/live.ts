import { createEventBuffer, createSession, type EventBuffer, type Session } from 'better-sse';
import type { Request, Response } from 'express';
import { systemClock } from '../../kernel/clock.ts';
import { isAfter, isNewsId, type News } from '../../telephony/redis/news.ts';
import { deskOf, seatView } from '../desk.ts';
import { targetsOf } from '../targets.ts';
import { leaseOf } from '../plan-view.ts';
import type { Wired } from '../wire.ts';
import { buildOf } from './build.ts';
import { isHidden } from '../managers.ts';
import { FloorFeed } from './floor-feed.ts';
import { seatOf, type Who } from './sessions.ts';
import type { BeatView } from './views.ts';

interface Reader {
  readonly session: Session;
  readonly res: Response;
  readonly who: Who;
  /** When its log-in ends, in epoch milliseconds. */
  readonly endsAt: number;
  /** A seat of a site is told of these calls only; null: of all. */
  readonly itsCalls: Set<string> | null;
  lastView: string;
  lastTargets: string;
  /** A manager's own desk, beside the floor. */
  lastDesk: string;
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
/** So are seats that are free elsewhere. */
const targetsMs = 500;
/** A reader who hears nothing for longer has lost us, whatever its connection believes. */
const beatMs = 2_000;
/** Several things that happen to a ticket together are told as one. */
const ticketsMs = 150;
/** Sites are shown what time changes after so long. */
const sitesMs = 2_000;
/** So many screens are made at a stretch; calls are attended to in between. */
const stretch = 8;

/**
 * Live events. Seats: what has happened, resumable by id, and the whole desk whenever it has changed. Managers and
 * emergency staff: the whole floor, then what changes of it. Sites: their lease.
 */
export class Live {
  private readonly readers = new Set<Reader>();
  private readonly wired: Wired;
  /** Ids are times: who comes for the first time begins here. */
  private lastId = `${systemClock.now()}-0`;
  private gathered: News[] = [];
  private readonly changed = new Set<string>();
  private gathering: NodeJS.Timeout | undefined;
  private newsDue: NodeJS.Timeout | undefined;
  private queuesDue: NodeJS.Timeout | undefined;
  private targetsDue: NodeJS.Timeout | undefined;
  private sitesDue: NodeJS.Timeout | undefined;
  private ticketsDue: NodeJS.Timeout | undefined;
  /** Tickets to be looked at again, by seat. */
  private readonly tickets = new Map<string, Set<string>>();
  private readonly floor: FloorFeed;
  private readonly looking: NodeJS.Timeout;
  private readonly beating: NodeJS.Timeout;
  private build: string | undefined;

  constructor(wired: Wired) {
    this.wired = wired;
    this.looking = setInterval(() => this.sitesSoon(), sitesMs);
    this.beating = setInterval(() => {
      this.endsSessions();
      this.beats([...this.readers]);
    }, beatMs);
    this.floor = new FloorFeed({
      wired,
      watched: () => this.people().length > 0,
      tell: (change) => {
        for (const { session, lastId } of this.people()) {
          if (session.isConnected) session.push(change, 'floor-change', lastId);
        }
      },
    });
    wired.onChange((change) => {
      const { seats, all } = change;
      this.sitesSoon();
      this.targetsSoon();
      this.floor.changed(change);
      for (const seat of seats) this.changed.add(seat);
      if (all === 'everything') this.allHaveChanged();
      if (all === 'queues') this.queuesDue ??= setTimeout(() => this.allHaveChanged(), queuesMs);
      this.soon();
    });
    wired.onTickets((told) => {
      for (const [seat, ids] of told) {
        this.tickets.set(seat, new Set([...(this.tickets.get(seat) ?? []), ...ids]));
      }
      this.ticketsDue ??= setTimeout(() => this.tellTickets(), ticketsMs);
    });
    wired.news.read((news) => {
      this.lastId = news.id;
      if (isHidden(wired, news.code)) return;
      this.gathered.push(news);
      this.newsDue ??= setTimeout(() => this.tellGathered(), newsMs);
    });
  }

  async connect(req: Request, res: Response, who: Who, endsAt: number): Promise<void> {
    // A browser tells it of itself only to the controller that it was connected to.
    const from = req.headers['last-event-id'] ?? req.query.after;
    const session = await createSession(req, res, {
      retry: 500,
      keepAlive: null,
      // Everything is made into text once, not once for every reader.
      serializer: String,
    });
    const reader: Reader = {
      session,
      res,
      who,
      endsAt,
      itsCalls: who.kind === 'seat' && seatView(this.wired, who.id).site ? new Set() : null,
      lastView: '',
      lastTargets: '',
      lastDesk: '',
      lastId: typeof from === 'string' && isNewsId(from) ? from : this.lastId,
      meanwhile: [],
    };
    // What is gathered was before: it is among the missed, or before this reader's time.
    this.tellGathered();
    this.readers.add(reader);
    const seat = seatOf(who);
    if (seat !== null) this.wired.shifts.isThere(seat, endsAt);
    if (who.kind === 'seat') this.wired.witness.deskOpened(who.id);
    session.on('disconnected', () => this.leaves(reader));
    const missed = reader.lastId === from ? await this.wired.news.since(from) : [];
    const news = [...missed, ...(reader.meanwhile ?? [])].filter(
      ({ code }) => !isHidden(this.wired, code),
    );
    this.beats([reader]);
    this.tell(
      reader,
      news.filter(({ id }) => isAfter(id, reader.lastId)),
    );
    reader.meanwhile = null;
    this.show(reader);
    this.showTargets([reader]);
    this.showOwnDesk(reader);
    // It may have left before we listened for that.
    if (!session.isConnected) this.leaves(reader);
  }

  /** Nothing is told to it any more. */
  private leaves(reader: Reader): void {
    const { kind, id } = reader.who;
    if (this.readers.delete(reader) && kind === 'seat') this.wired.witness.deskClosed(id);
  }

  close(): void {
    clearTimeout(this.gathering);
    clearTimeout(this.newsDue);
    clearTimeout(this.queuesDue);
    clearTimeout(this.targetsDue);
    clearTimeout(this.sitesDue);
    clearTimeout(this.ticketsDue);
    this.floor.close();
    clearInterval(this.looking);
    clearInterval(this.beating);
    for (const { res } of this.readers) res.end();
  }

  private allHaveChanged(): void {
    this.queuesDue = undefined;
    for (const { who } of this.readers) {
      const seat = seatOf(who);
      if (seat !== null) this.changed.add(seat);
    }
    this.soon();
  }

  private soon(): void {
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      const seats = new Set(this.changed);
      this.changed.clear();
      const theirs = [...this.readers].filter(({ who }) => seats.has(seatOf(who) ?? ''));
      this.showAll(theirs.filter(({ who }) => who.kind === 'seat'));
      for (const reader of theirs) this.showOwnDesk(reader);
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

  /** Those who have been shown the whole floor. */
  private people(): Reader[] {
    return [...this.readers].filter(
      ({ who, lastView }) => who.kind === 'person' && lastView !== '',
    );
  }

  private sitesSoon(): void {
    if (![...this.readers].some(({ who }) => who.kind === 'site')) return;
    this.sitesDue ??= setTimeout(() => {
      this.sitesDue = undefined;
      for (const reader of this.readers) if (reader.who.kind === 'site') this.show(reader);
    }, queuesMs);
  }

  private targetsSoon(): void {
    this.targetsDue ??= setTimeout(() => {
      this.targetsDue = undefined;
      this.showTargets([...this.readers]);
    }, targetsMs);
  }

  /** Ids alone: what a ticket says is asked for by whoever may see it. */
  private tellTickets(): void {
    this.ticketsDue = undefined;
    const told = new Map(this.tickets);
    this.tickets.clear();
    for (const { who, session, lastId } of this.readers) {
      const ids = who.kind === 'seat' ? told.get(who.id) : undefined;
      if (!ids || !session.isConnected) continue;
      session.push(JSON.stringify({ tickets: [...ids] }), 'tickets', lastId);
    }
  }

  /** All desks are shown the same. */
  private showTargets(readers: readonly Reader[]): void {
    const seats = readers.filter(({ who, meanwhile }) => who.kind === 'seat' && !meanwhile);
    if (seats.length === 0) return;
    const text = JSON.stringify(targetsOf(this.wired));
    for (const reader of seats) {
      if (text === reader.lastTargets || !reader.session.isConnected) continue;
      reader.lastTargets = text;
      reader.session.push(text, 'targets', reader.lastId);
    }
  }

  /** Whose log-in has ended is to log in again; who is in a call, after it. */
  private endsSessions(): void {
    const now = Date.now();
    for (const reader of [...this.readers]) {
      const { endsAt, who, res, meanwhile } = reader;
      if (endsAt > now || meanwhile || this.wired.calls.ofSeat(seatOf(who) ?? '')) continue;
      this.leaves(reader);
      res.end();
    }
  }

  /** That we live, what time it is with us, and which pages are served now. */
  private beats(readers: readonly Reader[]): void {
    this.build ??= buildOf(this.wired.environment.pages);
    const beat: BeatView = { build: this.build, at: systemClock.now() };
    const text = JSON.stringify(beat);
    for (const { session, lastId } of readers) {
      if (session.isConnected) session.push(text, 'beat', lastId);
    }
  }

  private show(reader: Reader): void {
    if (reader.meanwhile || !reader.session.isConnected) return;
    const text = JSON.stringify(this.viewFor(reader.who));
    if (text === reader.lastView) return;
    reader.lastView = text;
    reader.session.push(text, events[reader.who.kind], reader.lastId);
  }

  /** A manager at a place of his own is shown it as any seat is, beside the floor. */
  private showOwnDesk(reader: Reader): void {
    const { place } = reader.who;
    if (place === null || reader.meanwhile || !reader.session.isConnected) return;
    const text = JSON.stringify(deskOf(this.wired, place));
    if (text === reader.lastDesk) return;
    reader.lastDesk = text;
    reader.session.push(text, 'desk', reader.lastId);
  }

  private viewFor({ kind, id }: Who): object {
    if (kind === 'person') return this.floor.whole();
    return kind === 'seat' ? deskOf(this.wired, id) : leaseOf(this.wired, id);
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

/** As which event each kind of reader is shown what it sees. */
const events = { seat: 'desk', person: 'floor', site: 'lease' } as const;
