import { randomBytes } from 'node:crypto';
import { systemClock } from '../kernel/clock.ts';

/** Names of a call that begins now. The id is readable in logs and on the switch: 12345-0c4h7q2k9x. */
export function mintCall(hotline: string): { readonly id: string; readonly key: string } {
  const chance = randomBytes(4).readUInt32BE().toString(36).padStart(7, '0');
  const id = `${hotline}-${systemClock.now().toString(36)}${chance.slice(-4)}`;
  return { id, key: `${id}-${randomBytes(6).toString('hex')}` };
}
