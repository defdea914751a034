import { audible } from '../given/hearing.ts';
import { Phone, type Citizen } from '../given/party.ts';
import { World } from '../given/world.ts';
import type { RungAt, Witness } from './checker.ts';

/** Somebody's own words for the judge. */
export async function witness(who: Citizen | Phone): Promise<Witness> {
  const { name, call } = who;
  const { ending } = call;
  if (ending)
    return { name, over: `by ${ending.by}, ${ending.status ?? 'BYE'} ${ending.reason ?? ''}` };
  return { name, over: null, hears: audible(await who.heard(400)) };
}

/** When this phone was rung, as its own wire has seen it. */
export function rungs(phone: Phone): RungAt[] {
  const { seen } = phone.trunk.wire;
  const own = seen.map(({ at, direction, message }) => ({ at, direction, message }));
  return phone.calls.map(({ invite }) => {
    const ofIt = own.filter(({ message }) => message.callId === invite.callId);
    const first = ofIt.find(({ message }) => message.method === 'INVITE' && !message.status);
    const over = ofIt.find(
      ({ direction, message }) =>
        (direction === '->' && message.method === 'INVITE' && message.status >= 200) ||
        (direction === '<-' && message.method === 'CANCEL' && !message.status),
    );
    const caller = /sip:([^@;>]*)/.exec(invite.header('From') ?? '')?.[1] ?? '';
    return {
      who: phone.id.replace('seat-', ''),
      caller,
      from: first?.at ?? 0,
      until: over?.at ?? null,
    };
  });
}

/** Those whom one row brings into the hall; phones are remembered for the judge. */
export class Guests extends World {
  #phones: Phone[] = [];

  override stays<P extends { leaves(): Promise<unknown> }>(person: P): P {
    if (person instanceof Phone) this.#phones.push(person);
    return super.stays(person);
  }

  /** How phones were rung since the last time that this was asked. */
  rungs(): RungAt[] {
    return this.#phones.splice(0).flatMap(rungs);
  }
}
