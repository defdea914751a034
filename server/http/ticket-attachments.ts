import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { z } from 'zod';
import type { Database } from '../../tickets/sql/database.ts';
import type { Ticket } from '../../tickets/ticket.ts';
import { isOfKind, kindOfFile, MOST_FILE_BYTES } from '../tickets/file-kinds.ts';
import { refused } from '../tickets/refusals.ts';
import type { Operation } from './operation.ts';
import { seenBy } from './ticket-acts.ts';
import { onTicket, type TicketSide } from './ticket-asking.ts';
import { mayNotAttach } from './ticket-beside-acts.ts';
import { AttachmentQuery, ForQuery, TicketView, type AttachmentView } from './ticket-views.ts';

const FILE = 'application/octet-stream';

/** 附件: files beside a ticket. Their description goes to its copies, their bytes stay in the deployment that took them. */
export function attachmentOperations(side: TicketSide): Operation[] {
  const path = '/api/tickets/{ticket}/attachments';
  const common = { tag: 'tickets', by: 'logged-in', body: null } as const;
  return [
    {
      ...common,
      method: 'post',
      path,
      summary: '附件: the body is the file, as application/octet-stream',
      query: AttachmentQuery,
      takes: FILE,
      answers: TicketView,
      handle: (asked) => {
        const { name, hotline } = asked.query as z.infer<typeof AttachmentQuery>;
        const { req } = asked.res;
        const body = hotline === undefined ? {} : { hotline };
        return onTicket(side, { ...asked, body }, 'attach', async (running, ticket, by) => {
          const { drops, keeps } = await import('../../tickets/sql/attachment-bytes.ts');
          const { database, book } = running;
          const why = mayNotAttach(side, ticket, by);
          if (why) throw why;
          const kind = kindOfFile(name);
          if (!kind) throw refused('file-kind', 'name');
          if (Number(req.headers['content-length'] ?? 0) > MOST_FILE_BYTES) {
            throw refused('file-too-large');
          }
          const id = randomUUID();
          try {
            const { bytes, sha256 } = await takesIn(database, id, req, (head) => {
              if (!isOfKind(kind, head)) throw refused('file-not-what');
            });
            if (isThere(ticket, name, sha256)) throw refused('file-there-already');
            const file = { id, name, mediaType: kind.mediaType, bytes, sha256 };
            const then = await book.ask(ticket.id, { type: 'attach', ...file }, by);
            await keeps(database, id);
            return seenBy(side, then, by);
          } catch (error) {
            // Where the database is away they are found later.
            await drops(database, id).catch(() => undefined);
            // What still comes in is passed over, so that the answer is heard.
            req.resume();
            throw error;
          }
        });
      },
    },
    {
      ...common,
      method: 'get',
      path: `${path}/{attachment}`,
      summary: '附件: the file, when it is what was hashed when it came in',
      query: ForQuery,
      answers: null,
      files: [FILE],
      handle: (asked) =>
        onTicket(side, asked, 'see', async ({ database }, { attachments }) => {
          const { hashOf, piecesOf } = await import('../../tickets/sql/attachment-bytes.ts');
          const file = attachments.find(({ id }) => id === asked.params['attachment']);
          if (!file) throw refused('no-attachment', 'attachment');
          const hash = await hashOf(database, file.id);
          if (hash === null) throw refused('attachment-elsewhere');
          if (hash !== file.sha256) throw refused('attachment-altered');
          asked.res.attachment(file.name).set({
            'Content-Type': file.mediaType,
            'Content-Length': String(file.bytes),
            'Cache-Control': 'no-store',
          });
          await pipeline(Readable.from(piecesOf(database, file.id)), asked.res);
        }),
    },
  ];
}

/** As people see them, in the order in which they came. */
export async function attachmentsOf(
  database: Database,
  { key, attachments }: Ticket,
): Promise<AttachmentView[]> {
  const { keptHere } = await import('../../tickets/sql/attachment-bytes.ts');
  const here = await keptHere(
    database,
    attachments.map(({ id }) => id),
  );
  return attachments.map(({ id, name, mediaType, bytes, sha256, heardAt, by }) => ({
    ...{ id, name, mediaType, bytes, sha256, by },
    at: heardAt,
    take: here.has(id)
      ? `/api/tickets/${encodeURIComponent(key)}/attachments/${encodeURIComponent(id)}`
      : null,
  }));
}

const isThere = ({ attachments }: Ticket, name: string, sha256: string): boolean =>
  attachments.some((one) => one.sha256 === sha256 && one.name === name);

/** Writes what comes in piece by piece, so that no file stands in memory. @param looks at how it begins, and may refuse it */
async function takesIn(
  database: Database,
  id: string,
  from: Readable,
  looks: (head: Uint8Array) => void,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const { PIECE_BYTES, putPiece } = await import('../../tickets/sql/attachment-bytes.ts');
  const hash = createHash('sha256');
  let bytes = 0;
  let n = 0;
  let piece: Buffer[] = [];
  const held = () => piece.reduce((sum, { length }) => sum + length, 0);
  const puts = async () => {
    const whole = Buffer.concat(piece);
    piece = [];
    if (n === 0) looks(whole);
    await putPiece(database, id, n, whole);
    n += 1;
  };
  const chunks = from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MOST_FILE_BYTES) throw refused('file-too-large');
    hash.update(chunk);
    piece.push(chunk);
    if (held() >= PIECE_BYTES) await puts();
  }
  if (bytes === 0) throw refused('file-empty');
  if (piece.length > 0) await puts();
  return { bytes, sha256: hash.digest('hex') };
}
