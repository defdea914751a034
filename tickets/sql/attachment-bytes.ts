import { sql } from 'kysely';
import type { Database } from './database.ts';

/** The bytes of attachments, beside the stories in which they stand: in one database, so one backup has both. */

/** So many bytes are one row. */
export const PIECE_BYTES = 256 * 1024;

export async function putPiece(
  database: Database,
  attachment: string,
  n: number,
  bytes: Buffer,
): Promise<void> {
  await database.run((db) =>
    sql`INSERT INTO attachment_pieces (attachment, n, bytes) VALUES (${attachment}, ${n}, ${bytes})`.execute(
      db,
    ),
  );
}

/** It stands in its ticket's story. */
export async function keeps(database: Database, attachment: string): Promise<void> {
  await database.run((db) =>
    sql`UPDATE attachment_pieces SET kept = true WHERE attachment = ${attachment}`.execute(db),
  );
}

/** What stands in no story is deleted: this one, which broke off, and those that were forgotten an hour ago or longer. */
export async function drops(database: Database, attachment: string): Promise<void> {
  await database.run((db) =>
    sql`
      DELETE FROM attachment_pieces AS p
      WHERE NOT p.kept AND (p.attachment = ${attachment} OR p.put_at < now() - interval '1 hour')
        AND NOT EXISTS (SELECT 1 FROM attachments AS a WHERE a.id = p.attachment)`.execute(db),
  );
}

/** Those of the attachments whose bytes are here. */
export async function keptHere(
  database: Database,
  attachments: readonly string[],
): Promise<ReadonlySet<string>> {
  if (attachments.length === 0) return new Set();
  const { rows } = await database.run((db) =>
    sql<{ attachment: string }>`
      SELECT attachment FROM attachment_pieces
      WHERE n = 0 AND attachment = ANY (${[...attachments]}::text[])`.execute(db),
  );
  return new Set(rows.map(({ attachment }) => attachment));
}

/** SHA-256 of the whole as it is kept, in hex; null: nothing is. */
export async function hashOf(database: Database, attachment: string): Promise<string | null> {
  const { rows } = await database.run((db) =>
    sql<{ hash: string | null }>`
      SELECT encode(sha256(string_agg(bytes, ''::bytea ORDER BY n)), 'hex') AS hash
      FROM attachment_pieces WHERE attachment = ${attachment}`.execute(db),
  );
  return rows[0]?.hash ?? null;
}

export async function* piecesOf(database: Database, attachment: string): AsyncGenerator<Buffer> {
  for (let n = 0; ; n += 1) {
    const { rows } = await database.run((db) =>
      sql<{ bytes: Buffer }>`
        SELECT bytes FROM attachment_pieces WHERE attachment = ${attachment} AND n = ${n}`.execute(
        db,
      ),
    );
    const [row] = rows;
    if (!row) return;
    yield row.bytes;
  }
}
