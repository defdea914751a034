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

/** Live events: what has happened, resumable by id, and the seat's whole desk whenever it has changed. */
export class Live {
  private readonly readers = new Set<Reader>();
  private readonly wired: Wired;
  /** Ids are times: who comes for the first time begins here. */
  private lastId = `${Date.now()}-0`;
  private due = false;

  constructor(wired: Wired) {
    this.wired = wired;
    wired.onChange(() => this.soon());
    wired.news.read((news) => {
      this.lastId = news.id;
      for (const reader of this.readers) {
        if (reader.meanwhile) reader.meanwhile.push(news);
        else tell(reader, news);
      }
    });
  }

  async connect(req: Request, res: Response, seat: string): Promise<void> {
    const from = req.headers['last-event-id'];
    const session = await createSession(req, res, { retry: 500, keepAlive: 10_000 });
    const reader: Reader = {
      session,
      res,
      seat,
      lastDesk: '',
      lastId: typeof from === 'string' && isNewsId(from) ? from : this.lastId,
      meanwhile: [],
    };
    this.readers.add(reader);
    session.on('disconnected', () => this.readers.delete(reader));
    const missed = reader.lastId === from ? await this.wired.news.since(from) : [];
    for (const news of [...missed, ...(reader.meanwhile ?? [])]) {
      if (isAfter(news.id, reader.lastId)) tell(reader, news);
    }
    reader.meanwhile = null;
    this.show(reader);
    // It may have left before we listened for that.
    if (!session.isConnected) this.readers.delete(reader);
  }

  close(): void {
    for (const { res } of this.readers) res.end();
  }

  /** Many changes of one moment are shown once. */
  private soon(): void {
    if (this.due) return;
    this.due = true;
    setImmediate(() => {
      this.due = false;
      for (const reader of this.readers) this.show(reader);
    });
  }

  private show(reader: Reader): void {
    if (reader.meanwhile || !reader.session.isConnected) return;
    const desk = deskOf(this.wired, reader.seat);
    const text = JSON.stringify(desk);
    if (text === reader.lastDesk) return;
    reader.lastDesk = text;
    reader.session.push(desk, 'desk', reader.lastId);
  }
}

function tell(reader: Reader, news: News): void {
  reader.lastId = news.id;
  if (reader.session.isConnected) reader.session.push(news, 'told', news.id);
}
