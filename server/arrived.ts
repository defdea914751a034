import type { Invited } from '../telephony/asterisk/listener.ts';
import type { SwitchNode } from '../telephony/asterisk/node.ts';
import type { Calls } from '../telephony/calls.ts';
import { mintCall } from './call-ids.ts';
import type { Nouns } from './nouns.ts';

/** A citizen has rung, or was found on the switch: her call begins, unless nobody here has the number that she dialled. */
export function arrived(node: SwitchNode, invited: Invited, nouns: Nouns, calls: Calls): void {
  // She was there already when we began to listen.
  if (calls.ofLeg(invited.caller.leg)) return;
  const hotline =
    invited.hotline === null ? nouns.hotlineOf[invited.dialled] : nouns.hotlines[invited.hotline];
  if (!hotline) return void node.refuses(invited.caller.leg);
  const { caller, waitedMs } = invited;
  const { id, key: minted } = mintCall(hotline.id);
  const key = invited.key ?? minted;
  const from = caller.passedOnBy[0]?.number;
  const handedOver = from !== undefined && (invited.key !== null || nouns.platforms.has(from));
  const drill = nouns.trunks[caller.trunk]?.drill ?? false;
  const told = nouns.announced(hotline.id, caller.trunk);
  const announced = told === undefined ? {} : { announced: told };
  const by = { node: node.name, hotline, caller, handedOver, drill, waitedMs };
  calls.arrive({ id, key, ...by, ...announced });
}
