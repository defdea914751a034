import type { Call } from '../telephony/call.ts';
import { offerOf, partiesOf, partyOfSeat } from '../telephony/table/step.ts';
import type { Wired } from './wire.ts';

// Whose seat it is at the moment: a manager may have moved it.

/** The hotlines that a seat works for now; of a seat of a site those that it is configured for. */
export function hotlinesOf(
  { config, dispatcher, nouns }: Wired,
  seatId: string,
): readonly string[] {
  const groups = dispatcher.seat(seatId)?.groups ?? [];
  const now = groups.filter((group) => Object.hasOwn(nouns.hotlines, group));
  return now.length > 0 ? now : (config.seats.find(({ id }) => id === seatId)?.hotlines ?? []);
}

/** The hotline for which a seat has a call or is offered it; its own if it only looks at it; undefined: no seat. */
export function servedFor(wired: Wired, call: Call, seatId: string | null): string | undefined {
  if (seatId === null) return undefined;
  const party = partyOfSeat(partiesOf(call), seatId);
  if (party) return party.hotline;
  if (offerOf(call)?.seat === seatId) {
    if (call.stage === 'waiting') return call.queue;
    if (call.stage === 'transferring') return call.transfer.target;
  }
  return hotlinesOf(wired, seatId)[0];
}
