import { useEffect, useRef, useState } from 'react';
import type { TicketAtDesk } from '../../../server/http/ticket-views.ts';
import type { Failure } from '../../../server/http/views.ts';
import { get, Refusal } from '../../link/rest.ts';
import type { TicketNews } from '../desk.ts';
import { recall, remember } from '../memory.ts';

export interface AtDesk {
  /** Null: not known yet. */
  readonly tickets: readonly TicketAtDesk[] | null;
  /** There is none, and it is waited for. */
  readonly comes: boolean;
  /** Why it cannot be shown now. */
  readonly failure: Failure | null;
  /** Asks again. */
  look(): Promise<void>;
}

/** A ticket is made a moment after somebody talks with the citizen. */
const COMES_MS = 700;
/** An exercise has none, and a database that was away makes them later. */
const COMES_LOOKS = 15;
const LATER_MS = 10_000;
const AGAIN_MS = 2_000;

/**
 * The tickets of a call, asked for again whenever the server tells that one of them is another. Their ids are remembered
 * here, for an operator who still writes when the call itself has been forgotten.
 * @param waits somebody talks, so that there will be one
 */
export function useTicketsOf(call: string, waits: boolean, news: TicketNews): AtDesk {
  const [tickets, setTickets] = useState<readonly TicketAtDesk[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const over = useRef(false);
  const known = useRef<readonly string[]>([]);
  const looks = useRef(0);

  async function look() {
    clearTimeout(timer.current);
    try {
      const found = await ticketsOf(call);
      if (over.current) return;
      known.current = found.map(({ ticket }) => ticket.id);
      setTickets(found);
      setFailure(null);
      if (found.length === 0 && waits) again(looks.current++ < COMES_LOOKS ? COMES_MS : LATER_MS);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (over.current) return;
      setFailure(error.failure);
      again(AGAIN_MS);
    }
  }
  function again(ms: number) {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void look(), ms);
  }

  useEffect(() => {
    over.current = false;
    void look();
    return () => {
      over.current = true;
      clearTimeout(timer.current);
    };
  }, [call, waits]);

  useEffect(() => {
    const all = news.ids.length === 0 || known.current.length === 0;
    const ours = all || news.ids.some((id) => known.current.includes(id));
    if (news.n > 0 && ours) void look();
  }, [news.n]);

  const comes = waits && looks.current < COMES_LOOKS;
  return { tickets, comes, failure, look };
}

async function ticketsOf(call: string): Promise<readonly TicketAtDesk[]> {
  const found = await get<TicketAtDesk[]>(`/api/tickets/at-desk?call=${encodeURIComponent(call)}`);
  if (found.length > 0) {
    remember('tickets-of-call', JSON.stringify([call, ...found.map(({ ticket }) => ticket.id)]));
    return found;
  }
  const [last, ...ids] = JSON.parse(recall('tickets-of-call') ?? '[]') as string[];
  if (last !== call) return found;
  const each = ids.map((id) => get<TicketAtDesk[]>(`/api/tickets/at-desk?ticket=${id}`));
  return (await Promise.all(each)).flat();
}
