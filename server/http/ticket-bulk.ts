import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { z } from 'zod';
import type { Words } from '../../kernel/errors.ts';
import { notFor } from './failures.ts';
import type { Operation } from './operation.ts';
import { askerOf, hotlineOf, searchOf, seesWithheld, type TicketSide } from './ticket-asking.ts';
import { ExportQuery, FeedQuery, FeedView } from './ticket-views.ts';

const types = {
  jsonl: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

/** 可批量应用: exports and the feed, for managers. */
export function bulkOperations(side: TicketSide): Operation[] {
  const common = { tag: 'tickets', by: 'manager', method: 'get', body: null } as const;
  return [
    {
      ...common,
      path: '/api/tickets/export',
      summary: 'All that a search finds, the oldest first, as JSON lines, CSV or XLSX',
      query: ExportQuery,
      answers: null,
      files: Object.values(types),
      handle: ({ who, query, res }) => {
        const { format, ...wanted } = query as z.infer<typeof ExportQuery>;
        const asker = askerOf(side, who);
        if (!asker.manager) throw notFor('manager');
        const by = hotlineOf(side, asker, wanted.hotline);
        return side.tickets.does(async ({ database: { url: databaseUrl } }) => {
          const { exportBeside } = await import('../../tickets/sql/export-beside.ts');
          const asked = { seesWithheld: seesWithheld(side, by), wanted: searchOf(wanted, null) };
          const parts = exportBeside({ ...asked, databaseUrl, format });
          await streams(parts, () => {
            const fields = Object.keys(asked.wanted);
            side.takenAway(asker.person, namesOf(format), fields);
            return named(res, format);
          });
        });
      },
    },
    {
      ...common,
      path: '/api/tickets/feed',
      summary:
        'All that happens to tickets, in an order in which nothing comes in before what was read',
      query: FeedQuery,
      answers: FeedView,
      handle: ({ who, query }) => {
        const { after = null, most, hotline } = query as z.infer<typeof FeedQuery>;
        const by = hotlineOf(side, askerOf(side, who), hotline);
        return side.tickets.does(async ({ database }) => {
          const { feed } = await import('../../tickets/sql/export.ts');
          return feed(database, after, most, { seesWithheld: seesWithheld(side, by) });
        });
      },
    },
  ];
}

const namesOf = (format: keyof typeof types): Words => {
  const kind = format === 'jsonl' ? 'JSON' : format.toUpperCase();
  return { zh: `导出工单（${kind}）`, en: `Exported tickets (${kind})` };
};

const named = (res: Response, format: keyof typeof types): Response =>
  res.set({
    'Content-Type': types[format],
    'Content-Disposition': `attachment; filename="tickets.${format}"`,
  });

/** The first page is read before anything is answered, so that what is refused is told as such. */
async function streams(parts: AsyncGenerator<Uint8Array>, into: () => Response): Promise<void> {
  const first = await parts.next();
  async function* all(): AsyncGenerator<Uint8Array> {
    if (!first.done) yield first.value;
    yield* parts;
  }
  await pipeline(Readable.from(all()), into());
}
