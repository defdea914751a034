import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AriEvent, AriRequest } from './ari/session.ts';
import { PhoneWatch } from './phone-watch.ts';

/** A watch on an Asterisk that has these endpoints; what it is asked and what it tells. */
function aWatch(endpoints: object[], meanwhile: () => void = () => undefined) {
  const asked: string[] = [];
  const told: string[] = [];
  let tell: (event: AriEvent) => void = () => undefined;
  let isNow: (state: 'up' | 'down') => void = () => undefined;
  const watch = new PhoneWatch({
    session: {
      inOrder: true,
      request({ method, uri, query }: AriRequest) {
        asked.push([method, uri, ...Object.values(query ?? {})].join(' '));
        if (method === 'GET') meanwhile();
        return Promise.resolve({ status: 200, body: method === 'GET' ? endpoints : undefined });
      },
      onEvent: (listener) => void (tell = listener),
      onState: (listener) => void (isNow = listener),
      onLost: () => undefined,
      renew: () => undefined,
      close: () => Promise.resolve(),
    },
    app: 'phones',
    seats: ['8001', '8002'],
    onPhone: (seat, there) => void told.push(`${seat} ${there}`),
  });
  return { watch, asked, told, tells: (event: AriEvent) => tell(event), is: (s: 'up') => isNow(s) };
}

const endpoint = (resource: string, state: string) => ({ technology: 'PJSIP', resource, state });

test('first how each stands, then each change; again when the connection is back', async () => {
  const endpoints = [endpoint('seat-8001', 'online'), endpoint('seat-8002', 'offline')];
  const { watch, asked, told, tells, is } = aWatch([...endpoints, endpoint('carrier', 'online')]);
  await watch.begin();
  expect(asked).toEqual([
    'POST applications/phones/subscription endpoint:PJSIP/seat-8001',
    'POST applications/phones/subscription endpoint:PJSIP/seat-8002',
    'GET endpoints/PJSIP',
  ]);
  expect(told.splice(0)).toEqual(['8001 true', '8002 false']);

  tells({ type: 'EndpointStateChange', endpoint: endpoint('seat-8001', 'offline') });
  tells({ type: 'EndpointStateChange', endpoint: endpoint('seat-8001', 'unknown') });
  tells({ type: 'EndpointStateChange', endpoint: endpoint('carrier', 'offline') });
  expect(told.splice(0)).toEqual(['8001 false']);

  is('up');
  await nextTurn();
  expect(told).toEqual(['8001 true', '8002 false']);
});

test('what is told while it is asked how they stand counts, not the older answer; the next answer counts again', async () => {
  const endpoints = [endpoint('seat-8001', 'offline'), endpoint('seat-8002', 'online')];
  let changes = [endpoint('seat-8001', 'online'), endpoint('seat-8002', 'unknown')];
  const { watch, told, tells } = aWatch(endpoints, () => {
    for (const one of changes) tells({ type: 'EndpointStateChange', endpoint: one });
  });
  await watch.begin();
  expect(told.splice(0)).toEqual(['8001 true', '8002 true']);
  changes = [];
  await watch.begin();
  expect(told).toEqual(['8001 false', '8002 true']);
});
