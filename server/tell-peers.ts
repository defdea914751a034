import { randomBytes } from 'node:crypto';
import type { Config } from '../config/load.ts';
import type { Clock } from '../kernel/clock.ts';
import type { TellPeers } from '../routing/staffing/happenings.ts';
import type { Subscribers, SubscribersNeeds } from './subscribers.ts';

/** Null: nobody is to be told; then what it takes is not loaded, which would be a fifth of the whole start. */
export async function subscribersOf(
  { deployment, subscribers }: Config,
  redisUrl: string,
  onTrouble: SubscribersNeeds['onTrouble'],
): Promise<Subscribers | null> {
  if (subscribers.length === 0) return null;
  const { Subscribers } = await import('./subscribers.ts');
  return new Subscribers({ redisUrl, deployment: deployment.id, subscribers, onTrouble });
}

/** Queues and seats have changed already. */
export function tellPeers(
  order: TellPeers,
  subscribers: Subscribers | null,
  deployment: string,
  clock: Clock,
): void {
  const { type: _type, ...notice } = order;
  subscribers?.tell(`${deployment}-${randomBytes(9).toString('base64url')}`, {
    ...notice,
    deployment,
    at: new Date(clock.now()).toISOString(),
    until: new Date(order.until).toISOString(),
  });
}
