import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { Refusal } from '../../kernel/errors.ts';
import { Database } from './database.ts';
import type { ExportAsked, FromThread } from './export-beside.ts';
import { csv, exported, jsonLines, xlsx } from './export.ts';

/** Makes one export beside the thread that attends to calls; see `export-beside.ts`. */

const { databaseUrl, format, wanted, seesWithheld } = workerData as ExportAsked;
const database = new Database(databaseUrl, { most: 1 });

async function* parts(): AsyncGenerator<string | Buffer> {
  const pages = exported(database, wanted, { seesWithheld });
  if (format === 'xlsx') yield await xlsx(pages);
  else yield* format === 'csv' ? csv(pages) : jsonLines(pages);
}

const says = (said: FromThread) => parentPort?.postMessage(said);

function why(error: unknown): FromThread {
  if (!(error instanceof Refusal)) return { failed: String(error) };
  const { code, words, field } = error;
  return { refused: { code, words, ...(field === undefined ? {} : { field }) } };
}

try {
  for await (const part of parts()) {
    const goesOn = parentPort && once(parentPort, 'message');
    says({ part: Buffer.from(part) });
    await goesOn;
  }
  says({ end: true });
} catch (error) {
  says(why(error));
} finally {
  await database.close();
}
