import type { ColumnType, Generated } from 'kysely';
import type { Ticket } from '../ticket.ts';

/** The tables as kysely sees them; what they promise stands in `migrations/`. Times are epoch milliseconds. */
export interface Schema {
  tickets: TicketRow;
  ownership: OwnershipRow;
  ticket_events: EventRow;
  clocks: ClockRow;
  calls: { call: string; ticket: string; at: Time };
  recordings: {
    id: string;
    ticket: string;
    call: string;
    started_at: Time;
    ms: number;
    sha256: string | null;
  };
  attachments: {
    id: string;
    ticket: string;
    name: string;
    media_type: string;
    bytes: number;
    sha256: string;
  };
  numbers: { scope: string; last: number };
}

/** Written as a date, read as epoch milliseconds (`database.ts` parses it). */
type Time = ColumnType<number, Date, Date>;
type TimeOrNone = ColumnType<number | null, Date | null, Date | null>;

export interface TicketRow {
  id: string;
  key: string;
  version: number;
  kind: string;
  channel: string;
  opened_at: Time;
  changed_at: Time;
  owner_deployment: string;
  owner_hotline: string;
  term: number;
  decider_deployment: string;
  decider_hotline: string;
  state: string;
  pinned: boolean;
  urgency: string;
  level: string;
  danger: boolean;
  division: string | null;
  organisation: string | null;
  matter: string | null;
  number: string | null;
  withheld: boolean;
  merged_into: string | null;
  /** Set with `array_to_tsvector`. */
  words: string;
  body: ColumnType<Ticket, string, string>;
}

interface OwnershipRow {
  ticket: string;
  term: number;
  deployment: string;
  hotline: string;
  since: Time;
  until: TimeOrNone;
  next_term: number | null;
}

interface EventRow {
  ticket: string;
  version: number;
  id: Generated<number>;
  tx: Generated<number>;
  heard_at: Time;
  type: string;
  deployment: string;
  person: string | null;
  body: ColumnType<unknown, string, never>;
  prior_hash: ColumnType<Buffer | null, never, never>;
  hash: ColumnType<Buffer, never, never>;
}

interface ClockRow {
  ticket: string;
  id: string;
  kind: string;
  deployment: string;
  hotline: string;
  unit: string | null;
  warn_at: Time;
  due_at: Time;
  warned: boolean;
  escalated: boolean;
  next_at: TimeOrNone;
}
