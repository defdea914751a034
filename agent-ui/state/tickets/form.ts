import { useEffect, useRef, useState } from 'react';
import type { Ticket, TicketAtDesk } from '../../../server/http/ticket-views.ts';
import type { Failure } from '../../../server/http/views.ts';
import { Refusal, post } from '../../link/rest.ts';
import { forget, recall, remember } from '../memory.ts';
import {
  bodyOf,
  draftFrom,
  isEmpty,
  over,
  partOf,
  saved,
  shown,
  type,
  without,
  type Draft,
  type Part,
} from './draft.ts';

/** What the server says against one part of the form. */
export interface Objection {
  readonly part: Part | null;
  readonly failure: Failure;
  /** Somebody else has written there; this is what he wrote. */
  readonly conflict: boolean;
}

export interface TicketForm {
  /** As the server is known to have it. */
  readonly ticket: Ticket;
  readonly state: 'saved' | 'saving' | 'unsaved';
  readonly objection: Objection | null;
  /** As it is to be shown. */
  value<T>(part: Part, server: T): T;
  type(part: Part, value: unknown): void;
  /** Of a conflict: what the other one wrote stays. */
  takeTheirs(part: Part): void;
  /** Of a conflict: mine is written over it. */
  keepMine(part: Part): void;
}

const TYPING_MS = 500;
const AGAIN_MS = 2_000;

/**
 * The form of one ticket, saved a moment after each pause, one part beside the other. Until the server has it this
 * browser keeps it: a reload or a lost server loses nothing. What somebody else has written meanwhile is not written over.
 */
export function useTicketForm(view: TicketAtDesk, look: () => Promise<void>): TicketForm {
  const { hotline } = view;
  const name = `ticket.${view.ticket.id}`;
  // What was written is known before all else about the ticket is asked for again.
  const [written, setWritten] = useState(view.ticket);
  const ticket = written.version > view.ticket.version ? written : view.ticket;
  const [draft, setDraft] = useState<Draft>(() => draftFrom(recall(name)));
  const [state, setState] = useState<TicketForm['state']>(() =>
    isEmpty(draft) ? 'saved' : 'saving',
  );
  const [objection, setObjection] = useState<Objection | null>(null);
  const mine = useRef({ draft, ticket, busy: false });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  mine.current.ticket = ticket;

  useEffect(() => {
    if (!isEmpty(mine.current.draft)) void save();
    return () => {
      clearTimeout(timer.current);
      if (!isEmpty(mine.current.draft)) void save();
    };
  }, []);

  function put(now: Draft) {
    mine.current.draft = now;
    if (isEmpty(now)) forget(name);
    else remember(name, JSON.stringify(now));
    setDraft(now);
  }

  function later(ms: number) {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void save(), ms);
  }

  async function save() {
    if (isEmpty(mine.current.draft)) return;
    if (mine.current.busy) return later(TYPING_MS);
    mine.current.busy = true;
    const sent = mine.current.draft;
    try {
      const path = `/api/tickets/${view.ticket.id}/edit`;
      setWritten(await post<Ticket>(path, { ...bodyOf(sent), hotline }));
      put(saved(mine.current.draft, sent));
      setObjection(null);
      void look();
      if (isEmpty(mine.current.draft)) setState('saved');
      else later(TYPING_MS);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setState('unsaved');
      const { status, failure } = error;
      if (status === 0 || status >= 500) return later(AGAIN_MS);
      const conflict = failure.code === 'written-meanwhile';
      setObjection({ part: partOf(failure.field), failure, conflict });
      if (conflict) void look();
    } finally {
      mine.current.busy = false;
    }
  }

  return {
    ticket,
    state,
    objection,
    value: (part, server) => shown(draft, part, server),
    type(part, value) {
      put(type(mine.current.draft, part, value, serverValue(mine.current.ticket, part)));
      setState('saving');
      later(TYPING_MS);
    },
    takeTheirs(part) {
      put(without(mine.current.draft, part));
      setObjection(null);
      setState(isEmpty(mine.current.draft) ? 'saved' : 'saving');
      later(0);
    },
    keepMine(part) {
      put(over(mine.current.draft, part, serverValue(mine.current.ticket, part)));
      setObjection(null);
      setState('saving');
      later(0);
    },
  };
}

/** What the server has in a part of the form. */
export function serverValue({ fields, answers }: Ticket, part: Part): unknown {
  if (part.startsWith('answers.')) return answers[part.slice('answers.'.length)] ?? '';
  return fields[part as keyof typeof fields];
}
