import { useEffect, useRef, useState } from 'react';
import type {
  TicketClockLine,
  TicketLine,
  TicketLines,
} from '../../../server/http/ticket-views.ts';
import type { Failure } from '../../../server/http/views.ts';
import { get, Refusal } from '../../link/rest.ts';

export interface TicketLists {
  /** Offered to the hotline, waiting for its answer. */
  readonly offered: readonly TicketLine[];
  /** What it owns, pinned ones on top. */
  readonly work: readonly TicketLine[];
  readonly next: string | null;
  /** The clock that is due next, by ticket. */
  readonly clocks: ReadonlyMap<string, TicketClockLine>;
  /** False: not known yet. */
  readonly known: boolean;
  readonly failure: Failure | null;
  look(): void;
  more(): void;
}

type Got = Omit<TicketLists, 'look' | 'more'>;
const nothing: Got = {
  ...{ offered: [], work: [], next: null, known: false, failure: null },
  clocks: new Map(),
};

const AGAIN_MS = 20_000;
/** Desks of a whole hotline are told at once and need not ask at once. */
const SPREAD_MS = 800;

/** Inbox and work of a hotline, asked for again when `when` is another, and from time to time. */
export function useTicketLists(hotline: string | null, when: unknown): TicketLists {
  const [lists, setLists] = useState(nothing);
  const over = useRef(false);
  const told = useRef(false);
  const of = hotline === null ? '' : `&hotline=${hotline}`;

  async function look() {
    if (document.hidden) return;
    try {
      const [offered, work, clocks] = await Promise.all([
        get<TicketLines>(`/api/tickets/work?offered=only&most=50${of}`),
        get<TicketLines>(`/api/tickets/work?most=50${of}`),
        get<TicketClockLine[]>(`/api/tickets/clocks?${of.slice(1)}`),
      ]);
      if (over.current) return;
      const waiting = new Set(offered.hits.map(({ id }) => id));
      setLists({
        offered: offered.hits,
        work: work.hits.filter(({ id }) => !waiting.has(id)),
        next: work.next,
        clocks: firstOf(clocks),
        known: true,
        failure: null,
      });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (!over.current) setLists((was) => ({ ...was, failure: error.failure }));
    }
  }

  async function more() {
    const { next } = lists;
    if (next === null) return;
    const page = await get<TicketLines>(
      `/api/tickets/work?most=50&after=${encodeURIComponent(next)}${of}`,
    ).catch(() => null);
    if (!page || over.current) return;
    setLists((was) => ({ ...was, work: [...was.work, ...page.hits], next: page.next }));
  }

  useEffect(() => {
    over.current = false;
    const soon = told.current ? Math.random() * SPREAD_MS : 0;
    told.current = true;
    const first = setTimeout(() => void look(), soon);
    const timer = setInterval(() => void look(), AGAIN_MS);
    const seen = () => void look();
    document.addEventListener('visibilitychange', seen);
    return () => {
      over.current = true;
      clearTimeout(first);
      clearInterval(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [hotline, when]);

  return { ...lists, look: () => void look(), more: () => void more() };
}

/** They come in the order in which they are due. */
function firstOf(clocks: readonly TicketClockLine[]): ReadonlyMap<string, TicketClockLine> {
  const first = new Map<string, TicketClockLine>();
  for (const clock of clocks) if (!first.has(clock.ticket)) first.set(clock.ticket, clock);
  return first;
}
