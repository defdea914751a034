import { createSession, type Session } from 'better-sse';
import type { Request, Response } from 'express';
import { isAfter, isNewsId, type News } from '../../telephony/redis/news.ts';
import { deskOf } from '../desk.ts';
import type { Wired } from '../wire.ts';

interface Reader {
  readonly session: Session;
  readonly res: Response;
  readonly seat: string;
  lastDesk: string;
  /** The newest that this reader has been told; it resumes after it. */
  lastId: string;
  /** What happens while it is still being told what it has missed; null: it has caught up. */
  meanwhile: News[] | null;
}

/** So long things are gathered before they are shown: the orders of a step go out first. */
const gatherMs = 10;
/** The number of those waiting changes with every call; all screens need not follow each change. */
const queuesMs = 250;
/** So many screens are made at a stretch; calls are attended to in between. */
const stretch = 8;

/** Live events: what has happened, resumable by id, and the seat's whole desk whenever it has changed. */
export class Live {
  private readonly readers = new Set<Reader>();
  private readonly wired: Wired;
  /** Ids are times: who comes for the first time begins here. */
  private lastId = `${Date.now()}-0`;
  private gathered: News[] = [];
  private readonly changed = new Set<string>();
  private gathering: NodeJS.Timeout | undefined;
  private queuesDue: NodeJS.Timeout | undefined;

  constructor(wired: Wired) {
    this.wired = wired;
    wired.onChange(({ seats, all }) => {
      for (const seat of seats) this.changed.add(seat);
      if (all === 'everything') this.allHaveChanged();
      if (all === 'queues') this.queuesDue ??= setTimeout(() => this.allHaveChanged(), queuesMs);
      this.soon();
    });
    wired.news.read((news) => {
      this.lastId = news.id;
      this.gathered.push(news);
      this.soon();
    });
  }

  async connect(req: Request, res: Response, seat: string): Promise<void> {
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
      seat,
      lastDesk: '',
      lastId: typeof from === 'string' && isNewsId(from) ? from : this.lastId,
      meanwhile: [],
    };
    // What is gathered was before: it is among the missed, or before this reader's time.
    this.tellGathered();
    this.readers.add(reader);
    session.on('disconnected', () => this.readers.delete(reader));
    const missed = reader.lastId === from ? await this.wired.news.since(from) : [];
    for (const news of [...missed, ...(reader.meanwhile ?? [])]) {
      if (isAfter(news.id, reader.lastId)) tell(reader, news, JSON.stringify(news));
    }
    reader.meanwhile = null;
    this.show(reader);
    // It may have left before we listened for that.
    if (!session.isConnected) this.readers.delete(reader);
  }

  close(): void {
    clearTimeout(this.gathering);
    clearTimeout(this.queuesDue);
    for (const { res } of this.readers) res.end();
  }

  private allHaveChanged(): void {
    this.queuesDue = undefined;
    for (const { seat } of this.readers) this.changed.add(seat);
    this.soon();
  }

  private soon(): void {
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      this.tellGathered();
      const seats = new Set(this.changed);
      this.changed.clear();
      this.showAll([...this.readers].filter(({ seat }) => seats.has(seat)));
    }, gatherMs);
  }

  private tellGathered(): void {
    const news = this.gathered;
    this.gathered = [];
    for (const one of news) {
      const text = JSON.stringify(one);
      for (const reader of this.readers) {
        if (reader.meanwhile) reader.meanwhile.push(one);
        else tell(reader, one, text);
      }
    }
  }

  private showAll(readers: readonly Reader[]): void {
    for (const reader of readers.slice(0, stretch)) this.show(reader);
    if (readers.length > stretch) setImmediate(() => this.showAll(readers.slice(stretch)));
  }

  private show(reader: Reader): void {
    if (reader.meanwhile || !reader.session.isConnected) return;
    const text = JSON.stringify(deskOf(this.wired, reader.seat));
    if (text === reader.lastDesk) return;
    reader.lastDesk = text;
    reader.session.push(text, 'desk', reader.lastId);
  }
}

function tell(reader: Reader, news: News, text: string): void {
  reader.lastId = news.id;
  if (reader.session.isConnected) reader.session.push(text, 'told', news.id);
}
