import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startAsterisk, type GivenAsterisk } from '../../tests/given/asterisk.ts';
import { aTrunk } from '../../tests/given/calls.ts';
import { aCitizen, aPeer, anAddress } from '../../tests/given/party.ts';
import { openAriSession } from './ari/open.ts';
import type { AriEvent, AriSession } from './ari/session.ts';
import { asteriskFiles } from './files.ts';
import { TrunkWatch, watchedEvents } from './trunk-watch.ts';

const config = fileURLToPath(new URL('../../config', import.meta.url));

let asterisk: GivenAsterisk;
let session: AriSession;
let address: string;
const events: AriEvent[] = [];
const told: string[] = [];

const until = async (what: () => boolean) => {
  const deadline = Date.now() + 8_000;
  while (!what() && Date.now() < deadline) await new Promise((then) => setTimeout(then, 20));
  expect(what() ? [] : told).toEqual([]);
};

beforeAll(async () => {
  address = await anAddress();
  const at = { sources: [address], address: { host: address, port: 5060 } };
  asterisk = await startAsterisk(({ httpPort, sipPort, rtpRange, user, password }) =>
    asteriskFiles({
      app: 'calls',
      node: '',
      hosts: { http: '127.0.0.1', sip: '127.0.0.1' },
      ports: { http: httpPort, sip: sipPort, rtpFrom: rtpRange.from, rtpTo: rtpRange.to },
      ownAddresses: [],
      ari: { user, password },
      trunks: [aTrunk('suzhou', { ...at, qualifySeconds: 1 })],
      seats: [],
      citizens: null,
      practicePeers: [],
      practiceCentres: [],
      lines: [
        {
          hotline: '12345',
          numbers: ['12345'],
          emergency: false,
          patienceSeconds: 60,
          survival: null,
        },
      ],
      soundsDir: join(config, 'prompts'),
      music: [],
      musicDirs: { music: join(config, 'sounds/music'), ringback: join(config, 'sounds/ringback') },
    }),
  );
  const { httpUrl: url, user, password } = asterisk;
  session = await openAriSession(
    { url, user, password, app: 'trunks' },
    { transport: 'websocket', events: watchedEvents },
  );
  session.onEvent((event) => events.push(event));
  const onReached = (trunk: string, up: boolean, ms: number | null) =>
    void told.push(`${trunk} ${up ? 'up' : 'down'}${ms === null || ms > 0 ? '' : ` in ${ms}`}`);
  await new TrunkWatch({ session, app: 'trunks', trunks: ['suzhou'], onReached }).begin();
}, 60_000);

afterAll(async () => {
  await session?.close();
  await asterisk?.stop();
});

test('first how it stands, then each change; nothing of the calls on the trunk', async () => {
  expect(told.splice(0)).toEqual(['suzhou down']);
  const peer = await aPeer({ number: '051212345', ip: address });
  await until(() => told.length > 0);
  expect(told.splice(0)).toEqual(['suzhou up']);

  const sip = { host: '127.0.0.1', port: asterisk.sipPort };
  peer.trunk.asterisk = sip;
  const citizen = await aCitizen({ number: '13800138000', trunk: peer.trunk });
  await citizen.rings('12345');
  await citizen.isAnswered();
  await citizen.hangsUp();

  await peer.leaves();
  await until(() => told.length > 0);
  expect(told).toEqual(['suzhou down']);
  expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['ContactStatusChange']));
}, 30_000);

test('the round trip, unless the question may have been asked twice', async () => {
  const heard: [boolean, number | null][] = [];
  let tell: (event: AriEvent) => void = () => undefined;
  new TrunkWatch({
    session: {
      inOrder: true,
      request: () => Promise.resolve({ status: 204, body: undefined }),
      onEvent: (listener) => void (tell = listener),
      onState: () => undefined,
      onLost: () => undefined,
      renew: () => undefined,
      close: () => Promise.resolve(),
    },
    app: 'trunks',
    trunks: ['suzhou'],
    onReached: (_trunk, up, ms) => void heard.push([up, ms]),
  });
  for (const [status, microseconds] of [
    ['Reachable', '12000'],
    ['Unreachable', '0'],
    ['Reachable', '9500000'],
  ] as const) {
    const contact_info = { contact_status: status, roundtrip_usec: microseconds };
    tell({ type: 'ContactStatusChange', endpoint: { resource: 'suzhou' }, contact_info });
  }
  expect(heard).toEqual([
    [true, 12],
    [false, null],
    [true, null],
  ]);
});
