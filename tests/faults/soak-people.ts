import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from '../../routing/simulator/chance.ts';
import type { Peer } from '../given/party.ts';
import type { PhoneSeat } from '../given/world.ts';

/** What people have done, and how often they could not. */
export type Tally = Map<string, number>;

export const adds = (tally: Tally, what: string, n = 1): void =>
  void tally.set(what, (tally.get(what) ?? 0) + n);

/**
 * An operator at work until `isOver`: ready, picks up, talks for a while, hangs up by phone or key, hands over by one key
 * or asks 119. A fault may come between at any moment: then he begins again.
 */
export async function works(
  { desk, phone }: PhoneSeat,
  chance: Chance,
  isOver: () => boolean,
  tally: Tally,
): Promise<void> {
  while (!isOver()) {
    try {
      const { seat } = await desk.sees();
      if (seat.state === 'not-ready' || seat.state === 'wrap-up') await desk.does('ready');
      const call = await phone.isRung(2_000);
      await sleep(200 + chance.next() * 800);
      await call.answers();
      call.voice.tone = null;
      adds(tally, 'answered');
      await sleep(500 + chance.next() * 3_000);
      const luck = chance.next();
      const key = luck < 0.2 ? 'transfer:one-key:119' : luck < 0.35 ? 'transfer:consult:119' : null;
      if (key !== null) {
        await desk.does(key);
        adds(tally, key);
        await sleep(1_000 + chance.next() * 1_000);
      }
      if (luck > 0.7 && !call.ending) await desk.does('hang-up');
      else if (!call.ending) await call.hangsUp();
    } catch {
      adds(tally, 'begun again');
      await sleep(300);
    }
  }
}

/** 119 takes everything at once and says goodbye after two seconds. */
export async function takesAll(peer: Peer, isOver: () => boolean, tally: Tally): Promise<void> {
  while (!isOver()) {
    const call = await peer.isRung(1_000).catch(() => undefined);
    if (!call) continue;
    void (async () => {
      await call.rings();
      await call.answers();
      call.voice.tone = null;
      adds(tally, 'answered by 119');
      await sleep(2_000);
      if (!call.ending) await call.hangsUp();
    })().catch(() => adds(tally, '119 was too late'));
  }
}
