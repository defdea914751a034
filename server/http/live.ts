import { createSession, type Session } from 'better-sse';
import type { Request, Response } from 'express';
import { isNewsId } from '../../telephony/redis/news.ts';
import { deskOf } from '../desk.ts';
import type { Wired } from '../wire.ts';

interface Reader {
  readonly session: Session;
  readonly seat: string;
  lastDesk: string;
}

/** Live events: what has happened, resumable by id, and the seat's whole desk whenever it has changed. */
export class Live {
  private readonly readers = new Set<Reader>();
  private readonly wired: Wired;
  private lastId = '0-0';
  private due = false;

  constructor(wired: Wired) {
    this.wired = wired;
    wired.onChange(() => this.soon());
    wired.news.read((news) => {
      this.lastId = news.id;
      for (const { session } of this.readers) session.push(news, 'told', news.id);
    });
  }

  async connect(req: Request, res: Response, seat: string): Promise<void> {
    const from = req.headers['last-event-id'];
    const session = await createSession(req, res, { retry: 500, keepAlive: 10_000 });
    const reader: Reader = { session, seat, lastDesk: '' };
    if (typeof from === 'string' && isNewsId(from)) {
      for (const news of await this.wired.news.since(from)) session.push(news, 'told', news.id);
    }
    this.readers.add(reader);
    session.on('disconnected', () => this.readers.delete(reader));
    this.show(reader);
  }

  close(): void {
    for (const { session } of this.readers) session.getResponse().end();
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
    const desk = deskOf(this.wired, reader.seat);
    const text = JSON.stringify(desk);
    if (text === reader.lastDesk) return;
    reader.lastDesk = text;
    reader.session.push(desk, 'desk', this.lastId);
  }
}
