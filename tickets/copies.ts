import type { Refusal } from '../kernel/errors.ts';
import { after } from './after.ts';
import { bringsIn, isShared, nameOf, type TicketEvent } from './events.ts';
import { known } from './levels.ts';
import { refused } from './refusals.ts';
import type { Rules } from './requests.ts';
import { sameHolder, underWay, type Caller, type Holder, type Ticket } from './ticket.ts';

/**
 * Copies of a ticket in several deployments. Each adds what it hears to its own story. Whoever brings another one in, both
 * tell one another their whole stories once they know that they are bound, and from then on everything that is new to
 * them, whoever said it, in the order of their stories. The wire may repeat and delay; it keeps the order per ticket and
 * sender.
 */

/** What is to be sent to another deployment about one ticket. */
export interface Telling {
  readonly to: string;
  /** In the order of our story. */
  readonly events: readonly TicketEvent[];
}

/** Who hears, and when. */
export interface Hearing {
  readonly here: string;
  /** This deployment's clock, epoch ms. */
  readonly now: number;
  /** Whether an event in our name that our copy does not have is ours all the same: a backup was put back here. */
  readonly saidByUs: (event: TicketEvent) => boolean;
}

/**
 * Adds what another deployment tells to this copy. What is known already is passed over, so a message may come twice.
 * Clocks of peers do not count: time that has passed there since is reckoned from now.
 * @param ticket undefined: we have no copy yet
 * @param told as they came, in their order
 * @returns the events as they stand in our story, to be written with the ticket after them; empty: nothing new. Refused
 *   with `out-of-order`: something before it has not come, it may be sent again later; with `not-theirs`: the sender says
 *   what is not his to decide, with `in-our-name`: what we have never said; only one that is broken or dishonest does
 */
export function received(
  ticket: Ticket | undefined,
  told: readonly TicketEvent[],
  { here, now, saidByUs }: Hearing,
): TicketEvent[] | Refusal {
  const newest = Math.max(...told.map(({ heardAt }) => heardAt));
  const ours: TicketEvent[] = [];
  let copy = ticket;
  for (const event of told) {
    if ((copy?.heard[event.by.deployment] ?? 0) >= event.count) continue;
    const heard = {
      ...event,
      version: (copy?.version ?? 0) + 1,
      heardAt: now - (newest - event.heardAt),
    };
    const inOurName = event.by.deployment === here && !saidByUs(event);
    const wrong = inOurName ? 'in-our-name' : cannotFollow(copy, heard);
    if (wrong) return refused(wrong, event.type, nameOf(event));
    copy = after(copy, heard);
    ours.push(heard);
  }
  return ours;
}

/**
 * Whom to tell of events that have just been added to our copy.
 * @param ticket as it was before them; undefined: it did not exist
 * @param added to our story, ours or another's
 * @param story all of it before them, for those whom they bind to us (`newNeighbours`)
 * @param from the deployment that told us; undefined: it happened here
 */
export function tellings(
  ticket: Ticket | undefined,
  added: readonly TicketEvent[],
  story: readonly TicketEvent[],
  given: { readonly here: string; readonly from?: string; readonly rules: Rules },
): Telling[] {
  const { here, from, rules } = given;
  const before = ticket ? neighbours(ticket, here) : [];
  const tells = (to: string, events: readonly TicketEvent[]): Telling[] => {
    const shared = events.filter(isShared).map((event) => forPeer(event, to, rules));
    return shared.length === 0 ? [] : [{ to, events: shared }];
  };
  return [
    ...before.filter((to) => to !== from).flatMap((to) => tells(to, added)),
    ...newNeighbours(ticket, added, given).flatMap((to) => tells(to, [...story, ...added])),
  ];
}

/**
 * Deployments that these events bind to us, whoever has told us of it: they do not know how far our copy is, and what we
 * said before is perhaps still on its way to them through others.
 * @param given `from`: who has told us; when it was the first that we heard of the ticket, it knows all that we do
 */
export function newNeighbours(
  ticket: Ticket | undefined,
  added: readonly TicketEvent[],
  { here, from }: { readonly here: string; readonly from?: string },
): string[] {
  const know = ticket ? neighbours(ticket, here) : [from];
  const bound = added.flatMap((event) => {
    const to = bringsIn(event);
    return to ? boundBy({ by: event.by, to }, here) : [];
  });
  return [...new Set(bound)].filter((one) => !know.includes(one));
}

/** Deployments with which this one exchanges what happens to the ticket: whom it brought in, and who did so with it. */
export function neighbours({ handOvers, notices }: Ticket, here: string): string[] {
  return [...new Set([...handOvers, ...notices].flatMap((one) => boundBy(one, here)))];
}

/**
 * The event as that deployment may see it: a withheld number goes to deployments with an emergency line, and nobody
 * else.
 */
export function forPeer(
  event: TicketEvent,
  to: string,
  rules: Pick<Rules, 'hotlines'>,
): TicketEvent {
  if (rules.hotlines.some((one) => one.deployment === to && one.emergency)) return event;
  if (event.type === 'opened') {
    return { ...event, fields: { ...event.fields, caller: unseen(event.fields.caller) } };
  }
  if (event.type === 'edited' && event.fields.caller) {
    return { ...event, fields: { ...event.fields, caller: unseen(event.fields.caller) } };
  }
  return event;
}

/** The caller as a hotline may see her: a withheld number is for emergency lines. */
export function callerFor({ fields: { caller } }: Ticket, hotline: Holder, rules: Rules): Caller {
  return known(rules, hotline)?.emergency ? caller : unseen(caller);
}

const unseen = (caller: Caller): Caller => (caller.withheld ? { ...caller, number: null } : caller);

/** With whom it binds us. */
function boundBy({ by, to }: { readonly by: Holder; readonly to: Holder }, here: string): string[] {
  const bond = [by.deployment, to.deployment];
  return bond.includes(here) ? bond.filter((one) => one !== here) : [];
}

/** Whose it is is said by one side at a time, and each links to what was said before. */
function cannotFollow(
  copy: Ticket | undefined,
  event: TicketEvent,
): 'out-of-order' | 'not-theirs' | undefined {
  if (event.type === 'opened') return copy && 'not-theirs';
  if (!copy) return 'out-of-order';
  const holds = (holder: Holder): boolean => holder.deployment === event.by.deployment;
  switch (event.type) {
    case 'handed-over':
      if (event.n > (copy.handOvers.at(-1)?.n ?? 0) + 1) return 'out-of-order';
      return underWay(copy) || !holds(copy.owner) || event.n !== copy.handOvers.length + 1
        ? 'not-theirs'
        : undefined;
    case 'accepted':
    case 'refused':
    case 'withdrawn': {
      const now = underWay(copy);
      if (event.n > (copy.handOvers.at(-1)?.n ?? 0)) return 'out-of-order';
      const settles = now?.n === event.n && sameHolder(now.to, event.by);
      const rises = event.type !== 'accepted' || event.term === copy.term + 1;
      return settles && rises ? undefined : 'not-theirs';
    }
    case 'signed':
    case 'withdrawal-asked':
    case 'review-asked':
    case 'reviewed':
      return copy.handOvers.some(({ n }) => n === event.n) ? undefined : 'out-of-order';
    default:
      return undefined;
  }
}
