import type { State } from '../../tickets/ticket.ts';
import type { Kept } from './shelf.ts';

const DAY_MS = 86_400_000;

/**
 * Whether the sound of a recording may be deleted now: its days are over, and its hash stands in the story of each of
 * its tickets, none of which is open.
 * @param tickets those of its call; null: nobody can tell now, so nothing is deleted
 */
export function mayDelete(
  kept: Pick<Kept, 'startedAt' | 'ms' | 'sha256' | 'tickets' | 'deletedAt'>,
  tickets: readonly { readonly id: string; readonly state: State }[] | null,
  keepDays: number,
  now: number,
): boolean {
  if (kept.deletedAt !== null || kept.sha256 === null || tickets === null) return false;
  if (now - (kept.startedAt + kept.ms) < keepDays * DAY_MS) return false;
  return tickets.every(({ id, state }) => state === 'archived' && kept.tickets?.includes(id));
}
