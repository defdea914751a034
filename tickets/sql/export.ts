import writeXlsxFile from 'write-excel-file/node';
import { sql } from 'kysely';
import { Refusal } from '../../kernel/errors.ts';
import type { TicketEvent } from '../events.ts';
import { inDanger, type Ticket } from '../ticket.ts';
import type { Database } from './database.ts';
import { inRange, termsOfSearch, withFew, withWords, type Search } from './conditions.ts';

/** 可批量应用: tickets in bulk, as JSON lines, CSV or XLSX, and all that happens as a feed. Nothing here changes anything. */

export interface Exported {
  /** Whether withheld numbers go out: to emergency lines alone. */
  readonly seesWithheld: boolean;
}

export interface FeedPage {
  readonly events: readonly TicketEvent[];
  /** Where to go on: to be given as it is, also when nothing was new. */
  readonly next: string;
}

const PAGE = 2000;
/** An office program opens no more with ease, and all of it stands in memory. */
const MOST_SHEET_ROWS = 100_000;

/**
 * All tickets that a search finds, the oldest first, page by page: no long transaction is held, and what is opened
 * meanwhile comes at the end.
 */
export async function* exported(
  database: Database,
  wanted: Search,
  { seesWithheld }: Exported,
): AsyncGenerator<readonly Ticket[]> {
  const terms = termsOfSearch(wanted);
  // where words are looked for, the order of time is not to be walked (see search.ts)
  const at = terms.length === 0 ? sql.ref('opened_at') : sql`(opened_at + '0'::interval)`;
  let from: { at: number; id: string } | undefined;
  for (;;) {
    const rows = await database.run((db) => {
      const few = withFew(withWords(db.selectFrom('tickets'), terms), wanted, seesWithheld);
      let found = inRange(few, wanted, at);
      if (from) found = found.where(sql<boolean>`(${at}, id) > (${new Date(from.at)}, ${from.id})`);
      return found
        .select(['id', 'opened_at', 'body'])
        .orderBy(at)
        .orderBy('id')
        .limit(PAGE)
        .execute();
    });
    if (rows.length > 0) yield rows.map(({ body }) => (seesWithheld ? body : masked(body)));
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    from = { at: last.opened_at, id: last.id };
  }
}

type Pages = AsyncIterable<readonly Ticket[]>;

/** One ticket a line, whole. */
export async function* jsonLines(pages: Pages): AsyncGenerator<string> {
  for await (const page of pages)
    yield page.map((ticket) => `${JSON.stringify(ticket)}\n`).join('');
}

/** RFC 4180 with a byte order mark, as office programs want Chinese; a cell that looks like a formula is made text. */
export async function* csv(pages: Pages): AsyncGenerator<string> {
  yield `\ufeff${line(columns.map(({ title }) => title))}`;
  for await (const page of pages)
    yield page.map((ticket) => line(columns.map(({ of }) => of(ticket)))).join('');
}

/**
 * An Excel workbook.
 * @throws Refusal `too-many-rows` above 100,000 tickets
 */
export async function xlsx(pages: Pages): Promise<Buffer> {
  const rows: (string | number | Date | null)[][] = [columns.map(({ title }) => title)];
  for await (const page of pages) {
    for (const ticket of page) rows.push(columns.map(({ of }) => of(ticket)));
    if (rows.length > MOST_SHEET_ROWS + 1) {
      throw new Refusal('too-many-rows', {
        zh: `超过 ${MOST_SHEET_ROWS} 条，请缩小范围或导出 CSV`,
        en: `more than ${MOST_SHEET_ROWS} tickets: narrow it down, or take CSV`,
      });
    }
  }
  return writeXlsxFile(rows, { dateFormat: 'yyyy-mm-dd hh:mm:ss', stickyRowsCount: 1 }).toBuffer();
}

/**
 * What happened, in an order in which nothing comes in before what was read already: only events are told whose
 * transactions, and all those begun before them, have ended.
 * @param after `next` of the page before; null: from the beginning
 */
export async function feed(
  database: Database,
  after: string | null,
  most: number,
  { seesWithheld }: Exported,
): Promise<FeedPage> {
  const [, tx, id] = /^(\d{1,18})-(\d{1,18})$/.exec(after ?? '0-0') ?? [];
  if (tx === undefined || id === undefined) {
    throw new Refusal('search-unfit', { zh: '读取位置无效', en: 'no such place' }, 'after');
  }
  const { rows } = await database.run((db) =>
    sql<{ tx: number; id: number; body: TicketEvent }>`
      SELECT tx, id, body FROM ticket_events
      WHERE (tx, id) > (${tx}::bigint, ${id}::bigint)
        AND tx < (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + shift FROM feed_era)
      ORDER BY tx, id LIMIT ${most}`.execute(db),
  );
  const last = rows.at(-1);
  return {
    events: rows.map(({ body }) => (seesWithheld ? body : maskedEvent(body))),
    next: last ? `${last.tx}-${last.id}` : `${tx}-${id}`,
  };
}

function masked(ticket: Ticket): Ticket {
  const { caller } = ticket.fields;
  if (!caller.withheld) return ticket;
  return { ...ticket, fields: { ...ticket.fields, caller: { ...caller, number: null } } };
}

function maskedEvent(event: TicketEvent): TicketEvent {
  if (event.type !== 'opened' && event.type !== 'edited') return event;
  const { caller } = event.fields;
  if (!caller?.withheld) return event;
  const fields = { ...event.fields, caller: { ...caller, number: null } };
  return { ...event, fields } as TicketEvent;
}

interface Column {
  readonly title: string;
  readonly of: (ticket: Ticket) => string | number | Date | null;
}

const columns: readonly Column[] = [
  { title: '编号', of: ({ key }) => key },
  { title: '类型', of: ({ kind }) => (kind === 'police-ticket' ? '警单' : '工单') },
  { title: '受理时间', of: ({ opened }) => local(opened.heardAt) },
  { title: '状态', of: ({ state }) => STATES[state] },
  { title: '责任单位', of: ({ owner }) => `${owner.deployment}/${owner.hotline}` },
  { title: '紧急程度', of: ({ fields }) => URGENCIES[fields.urgency] },
  { title: '级别', of: ({ fields }) => LEVELS[fields.level] },
  { title: '危及安全', of: ({ fields }) => (inDanger(fields.danger) ? '是' : '否') },
  { title: '事项', of: ({ fields }) => fields.matter },
  { title: '行政区划', of: ({ fields }) => fields.place.division },
  { title: '地点', of: ({ fields }) => fields.place.text },
  { title: '诉求人', of: ({ fields }) => fields.caller.name },
  { title: '号码', of: ({ fields }) => fields.caller.number },
  { title: '诉求', of: ({ fields }) => fields.asked },
  { title: '转办次数', of: ({ handOvers }) => handOvers.length },
  { title: '满意度', of: ({ satisfaction }) => satisfaction?.score ?? null },
];

const STATES = {
  accepted: '受理',
  approval: '呈批',
  handling: '办理',
  replied: '答复',
  archived: '归档',
} as const;
const URGENCIES = { normal: '一般', urgent: '紧急', 'most-urgent': '特急' } as const;
const LEVELS = {
  general: '一般',
  larger: '较大',
  major: '重大',
  extraordinary: '特别重大',
} as const;

/** China has one time; sheets have none but the one that is written. */
const CHINA_MS = 8 * 3_600_000;
const local = (at: number): Date => new Date(at + CHINA_MS);

const line = (cells: readonly (string | number | Date | null)[]): string =>
  `${cells.map(cell).join(',')}\r\n`;

function cell(value: string | number | Date | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = value instanceof Date ? value.toISOString().slice(0, 19).replace('T', ' ') : value;
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
