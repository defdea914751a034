import { systemClock } from '../../kernel/clock.ts';
import { openAriSession } from '../../telephony/asterisk/ari/open.ts';
import type { AriSession } from '../../telephony/asterisk/ari/session.ts';
import type { Environment } from '../environment.ts';
import type { Candidate, Control } from './control.ts';
import type { LeaseStore } from './lease-store.ts';
import { Lease } from './lease.ts';

/** Every write is taken and none is made. */
const nowhere: LeaseStore = {
  look: () => Promise.resolve(null),
  take: () => Promise.resolve(true),
  renew: () => Promise.resolve('ours'),
  letGo: () => Promise.resolve(),
  write: (_epoch, commands) => Promise.resolve(commands.map(() => null)),
  isHere: () => Promise.resolve([]),
};

/**
 * Being in control in all but deed, for one who stands by: calls and seats are read, Asterisk is looked at by an
 * application of its own; nothing is written and nothing is ordered. What runs for the first time is slow, and who takes
 * over has no time for that. `ends` closes what it has opened beside its sessions.
 */
export function rehearsal(
  { redis, controllers }: Candidate,
  { transport }: Environment,
): { readonly control: Control; ends(): void } {
  const reads = redis.duplicate();
  reads.setMaxListeners(redis.getMaxListeners());
  reads.on('error', () => undefined);
  const lease = new Lease(
    {
      store: nowhere,
      me: { id: 'rehearsal', url: '', at: '' },
      clock: systemClock,
      ticks: () => performance.now(),
      isStoreThere: () => true,
    },
    { epoch: 0, at: performance.now(), unproven: false },
  );
  return {
    control: {
      redis: reads,
      lease,
      controllers,
      opensSession: async (address, options) => {
        const own = { ...address, app: `${address.app}-rehearsal` };
        return onlyReads(await openAriSession(own, { ...options, transport }));
      },
      beatOf: () => '',
    },
    ends() {
      lease.ends('rehearsed');
      reads.disconnect();
    },
  };
}

/** Orders are taken and not carried out. */
const onlyReads = (session: AriSession): AriSession => ({
  inOrder: session.inOrder,
  request: (request) =>
    request.method === 'GET'
      ? session.request(request)
      : Promise.resolve({ status: 204, body: undefined }),
  onEvent: (listener) => session.onEvent(listener),
  onState: (listener) => session.onState(listener),
  onLost: (listener) => session.onLost(listener),
  renew: (reason) => session.renew(reason),
  close: () => session.close(),
});
