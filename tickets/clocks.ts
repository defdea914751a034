import { sameHolder, type Fired, type Holder, type Limit, type Ticket } from './ticket.ts';

/** 签收, 首次反馈, 办结: by when something is owed on a ticket. */
export interface Clock {
  /** Names it within its ticket: `sign:2`, `feedback:2`, `done`, `sign-dispatch:<id>`, `done-dispatch:<id>`. */
  readonly id: string;
  readonly kind: 'sign' | 'feedback' | 'done' | 'sign-dispatch' | 'done-dispatch';
  /** Who owes it. */
  readonly holder: Holder;
  /** The unit that was sent; null: the hotline itself. */
  readonly unit: string | null;
  /** Epoch ms, by this copy's clock. */
  readonly warnAt: number;
  readonly dueAt: number;
  /** False: what was owed has come, or is owed no more. */
  readonly runs: boolean;
  readonly fired: Fired;
}

const notFired: Fired = { warnedAt: null, escalatedAt: null };

/**
 * Every clock that the ticket has or had. They follow from the ticket alone, so that whoever has the copy can make their
 * rows again; times that were set stand in the events, and a change of the configuration moves no clock under way.
 */
export function clocksOf(ticket: Ticket): Clock[] {
  const closed = isClosed(ticket);
  const clock = (
    id: string,
    kind: Clock['kind'],
    holder: Holder,
    since: number,
    limit: Limit,
    owed: boolean,
    unit: string | null = null,
  ): Clock => ({
    id,
    kind,
    holder,
    unit,
    warnAt: since + Math.max(0, limit.withinMs - limit.warnMs),
    dueAt: since + limit.withinMs,
    runs: owed && ticket.mergedInto === null,
    fired: ticket.fired[id] ?? notFired,
  });
  const offers = ticket.handOvers.flatMap(({ n, to, heardAt, sign, signed, feedback, answer }) => {
    const awaited = answer === null && signed === null;
    const owed = answer === null || answer.type === 'accepted';
    const fed = ticket.feedbacks.some(({ answers }) => answers.includes(n));
    return [
      clock(`sign:${n}`, 'sign', to, heardAt, sign, awaited),
      ...(feedback
        ? [clock(`feedback:${n}`, 'feedback', to, heardAt, feedback, owed && !fed && !closed)]
        : []),
    ];
  });
  const sent = ticket.dispatches.flatMap(({ id, by, unit, heardAt, sign, signed, done }) => {
    const ended = closed || ticket.feedbacks.some((one) => one.final && one.dispatch === id);
    const name = (what: string) => `${what}:${id}`;
    return [
      ...(sign
        ? [
            clock(
              name('sign-dispatch'),
              'sign-dispatch',
              by,
              heardAt,
              sign,
              !signed && !ended,
              unit,
            ),
          ]
        : []),
      ...(done
        ? [clock(name('done-dispatch'), 'done-dispatch', by, heardAt, done, !ended, unit)]
        : []),
    ];
  });
  const { owner, doneWithin, opened } = ticket;
  const whole = doneWithin
    ? [clock('done', 'done', owner, opened.heardAt, doneWithin, !closed)]
    : [];
  return [...whole, ...offers, ...sent].map((one) => ({
    ...one,
    holder: { deployment: one.holder.deployment, hotline: one.holder.hotline },
  }));
}

/** When the clock is to be looked at next, epoch ms; undefined: never again, as it stands. */
export function nextAt({ runs, fired, warnAt, dueAt }: Clock): number | undefined {
  if (!runs || fired.escalatedAt !== null) return undefined;
  return fired.warnedAt === null ? warnAt : dueAt;
}

/**
 * What a clock does when it is looked at: it warns once before, and escalates once when time is over. Who looks too late
 * for a warning escalates at once.
 */
export function firing(clock: Clock, now: number): 'clock-warned' | 'clock-escalated' | undefined {
  const at = nextAt(clock);
  if (at === undefined || now < at) return undefined;
  return now >= clock.dueAt ? 'clock-escalated' : 'clock-warned';
}

/** Hand-overs to this hotline that still wait for its first feedback. */
export function feedbackOwed(ticket: Ticket, holder: Holder): number[] {
  const ids = new Set(
    clocksOf(ticket)
      .filter((one) => one.kind === 'feedback' && one.runs && sameHolder(one.holder, holder))
      .map(({ id }) => id),
  );
  return ticket.handOvers.map(({ n }) => n).filter((n) => ids.has(`feedback:${n}`));
}

/** The citizen has her answer. */
export const isClosed = ({ state }: Ticket): boolean => state === 'replied' || state === 'archived';
