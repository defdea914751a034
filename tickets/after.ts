import type { EventOf, TicketEvent } from './events.ts';
import { isShared } from './events.ts';
import {
  compareStamps,
  type Answer,
  type Fields,
  type Fired,
  type HandOver,
  type Said,
  type Satisfaction,
  type Stamp,
  type State,
  type Ticket,
  type Told,
} from './ticket.ts';

/**
 * The ticket after something has happened to it. Copies hear of what happened on several sides in different orders, and
 * become the same: a field has the value with the highest stamp, lists grow in the order of their stamps (links may be
 * taken back), whose it is follows hand-overs that have one number on all sides (decision 0013).
 * An event of a kind that we do not know (a peer is newer) is in the story and changes nothing else.
 * @throws Error when the first event of a story is not `opened`, or names a hand-over that nobody has made
 */
export function after(ticket: Ticket | undefined, event: TicketEvent): Ticket {
  if (event.type === 'opened') return born(event);
  if (!ticket) throw new Error(`ticket ${event.ticket} begins with ${event.type}`);
  return { ...changed(ticket, event), ...counted(ticket, event) };
}

/** A ticket made of its whole story, as its copy has it. */
export function replayed(story: readonly TicketEvent[]): Ticket {
  const ticket = story.reduce<Ticket | undefined>(after, undefined);
  if (!ticket) throw new Error('a story without events');
  return ticket;
}

function born(event: EventOf<'opened'>): Ticket {
  const { ticket: id, key, kind, channel, fields, answers, doneWithin, splitFrom, by } = event;
  const holder = { deployment: by.deployment, hotline: by.hotline };
  const stamp = stampOf(event);
  const names = [...Object.keys(fields), 'caller.number', 'doneWithin'];
  names.push(...Object.keys(answers).map((question) => `answers.${question}`));
  return {
    id,
    key,
    kind,
    channel,
    opened: told(event),
    fields,
    answers,
    written: Object.fromEntries(names.map((name) => [name, stamp])),
    owner: holder,
    term: 1,
    firstReceiver: holder,
    handOvers: [],
    outcomes: [],
    state: 'accepted',
    moved: { term: 1, stamp },
    doneWithin,
    dispatches: [],
    feedbacks: [],
    notices: [],
    reports: [],
    urges: [],
    callBacks: [],
    satisfaction: null,
    calls: [],
    recordings: [],
    attachments: [],
    links: [],
    mergedInto: null,
    tookIn: [],
    splitFrom,
    splitInto: [],
    pinned: false,
    fired: {},
    heard: { [by.deployment]: event.count },
    version: event.version,
    count: event.count,
  };
}

function counted(ticket: Ticket, event: TicketEvent): Pick<Ticket, 'heard' | 'version' | 'count'> {
  const { deployment } = event.by;
  return {
    version: event.version,
    count: Math.max(ticket.count, event.count),
    heard: isShared(event) ? { ...ticket.heard, [deployment]: event.count } : ticket.heard,
  };
}

function changed(ticket: Ticket, event: Exclude<TicketEvent, { type: 'opened' }>): Ticket {
  switch (event.type) {
    case 'handed-over':
      return handedOver(ticket, event);
    case 'signed':
      return offered(ticket, event, ({ signed }) => ({ signed: signed ?? told(event) }));
    case 'accepted':
      return accepted(ticket, event);
    case 'refused':
      return offered(ticket, event, () => ({ answer: answer('refused', event) }));
    case 'withdrawal-asked':
      return offered(ticket, event, () => ({ askedBack: { ...told(event), ...said(event) } }));
    case 'withdrawn':
      return offered(ticket, event, () => ({ answer: answer('withdrawn', event) }));
    case 'review-asked':
      return offered(ticket, event, () => ({
        review: { asked: { ...told(event), why: event.why }, result: null },
      }));
    case 'reviewed':
      return offered(ticket, event, ({ review }) => ({
        review: review && { ...review, result: { ...told(event), ...picked(event) } },
      }));
    case 'outcome':
      return grown(ticket, 'outcomes', { ...told(event), takes: event.takes, call: event.call });
    case 'edited':
      return edited(ticket, event);
    case 'danger-marked':
      return written(ticket, event, 'danger', event.danger);
    case 'levelled':
      return written(ticket, event, 'level', event.level);
    case 'social-resources':
      return written(ticket, event, 'socialResources', event.needed);
    case 'call-linked':
      return grown(ticket, 'calls', { ...told(event), call: event.call });
    case 'recording-linked':
      return grown(ticket, 'recordings', item(event));
    case 'attached':
      return grown(ticket, 'attachments', item(event));
    case 'state-moved':
      return moved(ticket, event.to, { term: event.term, stamp: stampOf(event) });
    case 'notified':
      return {
        ...grown(ticket, 'notices', item(event)),
        pinned: ticket.pinned || event.pin,
      };
    case 'dispatched':
      return grown(ticket, 'dispatches', { ...item(event), signed: null });
    case 'dispatch-signed':
      return {
        ...ticket,
        dispatches: ticket.dispatches.map((one) =>
          one.id === event.dispatch ? { ...one, signed: earlier(one.signed, told(event)) } : one,
        ),
      };
    case 'feedback':
      return grown(ticket, 'feedbacks', item(event));
    case 'urged':
      return grown(ticket, 'urges', { ...told(event), words: event.words });
    case 'reported-up':
      return grown(ticket, 'reports', { ...told(event), words: event.words });
    case 'called-back':
      return grown(ticket, 'callBacks', item(event));
    case 'rated': {
      const { satisfaction } = ticket;
      return counts(satisfaction, event) ? { ...ticket, satisfaction: item(event) } : ticket;
    }
    case 'linked': {
      const unlinked = ticket.written[linksTo(event.other)];
      return isNewer(unlinked, stampOf(event)) ? grown(ticket, 'links', item(event)) : ticket;
    }
    case 'unlinked':
      return unlinked(ticket, event);
    case 'merged':
      return { ...ticket, mergedInto: event.into };
    case 'took-in':
      return { ...ticket, tookIn: named(ticket.tookIn, event.from) };
    case 'split':
      return { ...ticket, splitInto: named(ticket.splitInto, event.into) };
    case 'clock-warned':
      return fired(ticket, event.clock, { warnedAt: event.heardAt });
    case 'clock-escalated':
      return fired(ticket, event.clock, { escalatedAt: event.heardAt });
    case 'seen':
    case 'recording-deleted':
    default:
      return ticket;
  }
}

function handedOver(ticket: Ticket, event: EventOf<'handed-over'>): Ticket {
  const { n, from, to, mode, call, why, pin, mustTake, sign, feedback } = event;
  const offer: HandOver = {
    n,
    from,
    to,
    mode,
    call,
    why,
    pin,
    mustTake,
    sign,
    feedback,
    signed: null,
    askedBack: null,
    answer: null,
    review: null,
    // last: V8 is eighty times slower where it stands first
    ...told(event),
  };
  return { ...ticket, handOvers: [...ticket.handOvers, offer], pinned: ticket.pinned || pin };
}

/** The new owner begins anew with 受理. */
function accepted(ticket: Ticket, event: EventOf<'accepted'>): Ticket {
  const { term, by } = event;
  const taken = offered(ticket, event, () => ({ answer: answer('accepted', event) }));
  const owned = { ...taken, owner: { deployment: by.deployment, hotline: by.hotline }, term };
  return moved(owned, 'accepted', { term, stamp: stampOf(event) });
}

/** What was linked later stays, whichever is heard of first. */
function unlinked(ticket: Ticket, event: EventOf<'unlinked'>): Ticket {
  const name = linksTo(event.other);
  const stamp = stampOf(event);
  if (!isNewer(ticket.written[name], stamp)) return ticket;
  const links = ticket.links.filter(
    (link) => link.other !== event.other || compareStamps(link.stamp, stamp) > 0,
  );
  return marked({ ...ticket, links }, name, event);
}

function offered(
  ticket: Ticket,
  { n, type }: TicketEvent & { readonly n: number },
  change: (offer: HandOver) => Partial<HandOver>,
): Ticket {
  if (!ticket.handOvers.some((offer) => offer.n === n)) {
    throw new Error(`${type}: ticket ${ticket.key} has no hand-over ${n}`);
  }
  return {
    ...ticket,
    handOvers: ticket.handOvers.map((offer) =>
      offer.n === n ? { ...offer, ...change(offer) } : offer,
    ),
  };
}

function moved(ticket: Ticket, to: State, by: Ticket['moved']): Ticket {
  const was = ticket.moved;
  const newer = by.term > was.term || (by.term === was.term && isNewer(was.stamp, by.stamp));
  return newer ? { ...ticket, state: to, moved: by } : ticket;
}

function edited(ticket: Ticket, event: EventOf<'edited'>): Ticket {
  const { caller, ...others } = event.fields;
  let after = ticket;
  for (const [name, value] of Object.entries(others)) {
    after = written(after, event, name as keyof Fields, value as Fields[keyof Fields]);
  }
  if (caller) after = callerWritten(after, event, caller);
  for (const [question, said] of Object.entries(event.answers)) {
    const name = `answers.${question}`;
    if (!isNewer(after.written[name], stampOf(event))) continue;
    after = marked({ ...after, answers: { ...after.answers, [question]: said } }, name, event);
  }
  if (event.doneWithin && isNewer(after.written['doneWithin'], stampOf(event))) {
    after = marked({ ...after, doneWithin: event.doneWithin }, 'doneWithin', event);
  }
  return after;
}

function callerWritten(ticket: Ticket, event: TicketEvent, caller: Fields['caller']): Ticket {
  const { number } = ticket.fields.caller;
  const named = written(ticket, event, 'caller', { ...caller, number });
  if (caller.number === null && caller.withheld) return named;
  if (!isNewer(ticket.written['caller.number'], stampOf(event))) return named;
  const whole = { ...named.fields.caller, number: caller.number };
  return marked({ ...named, fields: { ...named.fields, caller: whole } }, 'caller.number', event);
}

function written<Name extends keyof Fields>(
  ticket: Ticket,
  event: TicketEvent,
  name: Name,
  value: Fields[Name],
): Ticket {
  if (!isNewer(ticket.written[name], stampOf(event))) return ticket;
  return marked({ ...ticket, fields: { ...ticket.fields, [name]: value } }, name, event);
}

const marked = (ticket: Ticket, name: string, event: TicketEvent): Ticket => ({
  ...ticket,
  written: { ...ticket.written, [name]: stampOf(event) },
});

const isNewer = (was: Stamp | undefined, stamp: Stamp): boolean =>
  !was || compareStamps(was, stamp) < 0;

type Lists = {
  [Name in keyof Ticket as Ticket[Name] extends readonly Told[] ? Name : never]: Ticket[Name];
};

/** The list with one more, at its place by stamp. */
function grown<Name extends keyof Lists>(
  ticket: Ticket,
  name: Name,
  one: Lists[Name][number],
): Ticket {
  const list: readonly Told[] = ticket[name];
  const at = list.findLastIndex(({ stamp }) => compareStamps(stamp, one.stamp) < 0) + 1;
  return { ...ticket, [name]: list.toSpliced(at, 0, one) };
}

/** The younger one stands; that she gave none says nothing where she gave one. */
function counts(was: Satisfaction | null, event: EventOf<'rated'>): boolean {
  if (!was) return true;
  if ((was.score === null) !== (event.score === null)) return was.score === null;
  return compareStamps(was.stamp, stampOf(event)) < 0;
}

/** What an event says of itself. */
type ItemOf<E extends TicketEvent> = Omit<E, keyof TicketEvent> & Told;

function item<E extends TicketEvent>(event: E): ItemOf<E> {
  const { ticket: _t, version: _v, count: _c, type: _y, ...rest } = event;
  return { ...rest, stamp: stampOf(event) } as unknown as ItemOf<E>;
}

const picked = ({ outcome, why }: EventOf<'reviewed'>) => ({ outcome, why });

const answer = (
  type: Answer['type'],
  event: EventOf<'accepted' | 'refused' | 'withdrawn'>,
): Answer => ({
  ...told(event),
  type,
  ...(event.type === 'withdrawn' ? { how: 'person', why: '' } : said(event)),
});

const said = ({ how, why }: Said): Said => ({ how, why });

const told = (event: TicketEvent): Told => ({
  by: event.by,
  at: event.at,
  heardAt: event.heardAt,
  stamp: stampOf(event),
});

const stampOf = ({ by, count }: TicketEvent): Stamp => ({ count, deployment: by.deployment });

const earlier = (one: Told | null, other: Told): Told =>
  one && compareStamps(one.stamp, other.stamp) < 0 ? one : other;

const linksTo = (other: string) => `links.${other}`;

const named = (keys: readonly string[], key: string): string[] =>
  [...new Set([...keys, key])].sort();

function fired(ticket: Ticket, clock: string, now: Partial<Fired>): Ticket {
  const was = ticket.fired[clock] ?? { warnedAt: null, escalatedAt: null };
  return { ...ticket, fired: { ...ticket.fired, [clock]: { ...was, ...now } } };
}
