import { after } from '../../tickets/after.ts';
import type { Happening, TicketEvent } from '../../tickets/events.ts';
import type { Actor, Fields, Holder, Ticket } from '../../tickets/ticket.ts';

/** Events for tests of the store, made without asking what the rules allow. */

export const service: Holder = { deployment: 'chengdu', hotline: '12345' };
export const police: Holder = { deployment: 'chengdu', hotline: '110' };
const T0 = Date.parse('2026-11-22T08:00:00+08:00');
const MINUTE = 60_000;

const fields: Fields = {
  caller: { number: '13800138000', name: '李女士', withheld: false },
  place: { text: '武侯区科华北路65号', division: '510107' },
  organisation: null,
  matter: '010203',
  asked: '水管爆裂，一楼进水',
  urgency: 'normal',
  danger: { life: false, property: false, publicSafety: false },
  level: 'general',
  socialResources: false,
};

interface Said {
  readonly fields?: Partial<Fields>;
  readonly at?: number;
  readonly by?: Holder;
  readonly key?: string;
}

/** What was added to a ticket, and what it is then. */
export interface Added {
  readonly before: Ticket | undefined;
  readonly events: readonly TicketEvent[];
  readonly after: Ticket;
}

const actor = ({ deployment, hotline }: Holder): Actor => ({ deployment, hotline, person: '8001' });

/** A ticket is opened. */
export function opens(id: string, said: Said = {}): Added {
  const at = said.at ?? T0;
  const event: TicketEvent = {
    ...{ ticket: id, version: 1, count: 1, at, heardAt: at, by: actor(said.by ?? service) },
    type: 'opened',
    key: said.key ?? `K-${id}`,
    kind: 'work-order',
    channel: 'call',
    fields: { ...fields, ...said.fields },
    answers: {},
    doneWithin: null,
    splitFrom: null,
  };
  return { before: undefined, events: [event], after: after(undefined, event) };
}

/** A minute later this happens to it. */
export function then(before: Ticket, happening: Happening, by: Holder = before.owner): Added {
  const version = before.version + 1;
  const at = before.opened.at + version * MINUTE;
  const event: TicketEvent = {
    ...{ ticket: before.id, version, count: version, at, heardAt: at, by: actor(by) },
    ...happening,
  };
  return { before, events: [event], after: after(before, event) };
}

/** Its owner offers it; to be signed for within twenty minutes, who has not is warned ten before. */
export const isOffered = (ticket: Ticket, to: Holder, pin = false): Added =>
  then(ticket, {
    ...{ type: 'handed-over', n: ticket.handOvers.length + 1, from: ticket.owner, to },
    ...{ mode: 'system', call: null, why: '', pin, mustTake: false, feedback: null },
    sign: { withinMs: 20 * MINUTE, warnMs: 10 * MINUTE },
  });

/** It is offered to another hotline, which takes it. */
export function isTakenBy(ticket: Ticket, by: Holder, term = ticket.term + 1): Added {
  const offered = isOffered(ticket, by);
  const n = offered.after.handOvers.length;
  const taken = then(offered.after, { type: 'accepted', n, term, why: '', how: 'person' }, by);
  return { before: ticket, events: [...offered.events, ...taken.events], after: taken.after };
}
