import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startAsterisk, type GivenAsterisk } from '../../tests/given/asterisk.ts';
import { expectHears } from '../../tests/given/hearing.ts';
import {
  aCitizen,
  anAddress,
  aPeer,
  aTrunk,
  type Citizen,
  type Peer,
  type RingOptions,
  type Trunk as Carrier,
} from '../../tests/given/party.ts';
import { toneFile } from '../../tests/given/voice.ts';
import type { Trunk } from '../trunk.ts';
import { asteriskFiles } from './files.ts';
import type { Line } from './plan.ts';

/** There is no controller at all: Asterisk rings the survival centres by itself. */

const sounds = fileURLToPath(new URL('../../config/prompts', import.meta.url));
const CENTRE = '02512300';
const NUMBER = '13800138000';

let asterisk: GivenAsterisk;
let carrier: Carrier;
/** What comes by it belongs to an exercise. */
let exercise: Carrier;
const citizens: Citizen[] = [];
const names = ['ordinary', 'emergency', 'own'] as const;
let peers: Record<(typeof names)[number], Peer>;

const line = (hotline: string, trunks: readonly string[], confirm: 'key' | 'answer'): Line => ({
  hotline,
  numbers: [hotline],
  emergency: false,
  patienceSeconds: 1,
  survival: { routes: trunks.map((trunk) => ({ trunk, number: CENTRE })), ringSeconds: 5, confirm },
});

beforeAll(async () => {
  const [ip, ofExercise] = [await anAddress(), await anAddress()];
  const at = { ordinary: await anAddress(), emergency: await anAddress(), own: await anAddress() };
  const trunk = (name: string, rules: Partial<Trunk>): Trunk => ({
    name,
    address: { host: '192.0.2.1', port: 5060 },
    sources: [],
    trusted: true,
    emergency: false,
    carriesForeignNumbers: true,
    ownNumber: '02512345',
    passedOnBy: 'diversion',
    drill: false,
    qualifySeconds: 0,
    ...rules,
  });
  const to = (name: keyof typeof at, rules: Partial<Trunk>) =>
    trunk(name, { address: { host: at[name], port: 5060 }, sources: [at[name]], ...rules });
  asterisk = await startAsterisk(
    async ({ httpPort, sipPort, rtpRange, user, password, runDir }) => {
      const music = join(runDir, 'music');
      await mkdir(music);
      await writeFile(join(music, 'tone.sln'), toneFile('music'));
      return asteriskFiles({
        app: 'liandong-test',
        node: '',
        hosts: { http: '127.0.0.1', sip: '127.0.0.1' },
        ports: { http: httpPort, sip: sipPort, rtpFrom: rtpRange.from, rtpTo: rtpRange.to },
        ownAddresses: [],
        ari: { user, password },
        trunks: [
          trunk('carrier', { sources: [ip] }),
          trunk('exercise', { sources: [ofExercise], drill: true }),
          to('ordinary', {}),
          to('emergency', { emergency: true, passedOnBy: 'both' }),
          to('own', { carriesForeignNumbers: false, passedOnBy: 'none' }),
        ],
        seats: [],
        citizens: null,
        practicePeers: [],
        practiceCentres: [],
        lines: [
          line('12345', ['ordinary'], 'answer'),
          line('110', ['emergency'], 'answer'),
          line('96110', ['own', 'ordinary'], 'key'),
        ],
        soundsDir: sounds,
        music: [],
        musicDirs: { music, ringback: music },
      });
    },
  );
  const sip = { host: '127.0.0.1', port: asterisk.sipPort };
  carrier = await aTrunk({ ip, asterisk: sip });
  exercise = await aTrunk({ ip: ofExercise, asterisk: sip });
  const peer = (name: (typeof names)[number]) => aPeer({ number: CENTRE, ip: at[name], name });
  peers = {
    ordinary: await peer('ordinary'),
    emergency: await peer('emergency'),
    own: await peer('own'),
  };
});

afterEach(async () => {
  await Promise.all(citizens.splice(0).map((citizen) => citizen.hangsUp()));
  const deadline = Date.now() + 5_000;
  while (!(await asterisk.cli('core show channels count')).includes('0 active channels')) {
    if (Date.now() > deadline) throw new Error('channels are left');
    await sleep(50);
  }
});

afterAll(async () => {
  for (const name of names) await peers?.[name].leaves();
  await carrier?.close();
  await exercise?.close();
  await asterisk?.stop();
});

async function rings(
  dialled: string,
  options: RingOptions = {},
  trunk = carrier,
): Promise<Citizen> {
  const citizen = await aCitizen({ number: NUMBER, trunk });
  citizens.push(citizen);
  await citizen.rings(dialled, options);
  return citizen;
}

/** What the centre on that trunk is told of her. */
async function told(name: (typeof names)[number]) {
  const call = await peers[name].isRung(6_000);
  const from = /<sip:([^@>]*)@/.exec(call.header('From') ?? '')?.[1];
  const headers = ['P-Asserted-Identity', 'Privacy', 'Diversion', 'History-Info', 'User-to-User'];
  return [from, ...headers.flatMap((header) => call.headers(header))];
}

const diversion = (hotline: string) => `<sip:${hotline}@127.0.0.1>;reason=deflection;counter=1`;
const history = `<sip:110@127.0.0.1>;index=1, <sip:${CENTRE}@127.0.0.1;cause=480>;index=1.1`;
const asserted = (number: string) => `<sip:${number}@127.0.0.1>`;

test.each<
  [what: string, options: RingOptions, ordinary: string[], emergency: string[], own: string[]]
>([
  [
    'a number that is shown',
    {},
    [NUMBER, asserted(NUMBER), diversion('12345')],
    [NUMBER, asserted(NUMBER), diversion('110'), history],
    ['02512345', asserted('02512345')],
  ],
  [
    'a number that is withheld',
    { headers: ['Privacy: id'] },
    ['anonymous', 'id', diversion('12345')],
    ['anonymous', asserted(NUMBER), 'id', diversion('110'), history],
    ['anonymous', 'id'],
  ],
  [
    'no number',
    { from: 'sip:unknown@carrier' },
    ['anonymous', diversion('12345')],
    ['anonymous', diversion('110'), history],
    ['anonymous'],
  ],
  [
    'nothing at all',
    { from: 'anonymous' },
    ['anonymous', 'id', diversion('12345')],
    ['anonymous', 'id', diversion('110'), history],
    ['anonymous', 'id'],
  ],
  [
    'a number that is none',
    { from: 'sip:138%29%3A00%24%7BEXTEN%7D138@carrier' },
    ['anonymous', diversion('12345')],
    ['anonymous', diversion('110'), history],
    ['anonymous'],
  ],
])('%s goes with her as each trunk carries it', async (_what, options, ...expected) => {
  await Promise.all(['12345', '110', '96110'].map((dialled) => rings(dialled, options)));
  expect(await Promise.all(names.map(told))).toEqual(expected);
});

test('who answers there and hangs up before he pressed 1 has not taken her: the next route', async () => {
  const citizen = await rings('96110');
  const first = await peers.own.isRung(6_000);
  await first.answers();
  await expectHears([citizen, ['music']]);
  await first.hangsUp();
  const second = await peers.ordinary.isRung(6_000);
  await expectHears([citizen, ['music']]);
  await second.answers();
  await sleep(300);
  second.voice.presses('1');
  await expectHears([citizen, [second]], [second, [citizen]]);
  await second.hangsUp();
  await citizen.isHungUp();
});

test('where answering is enough she is put through at once', async () => {
  const citizen = await rings('110');
  const call = await peers.emergency.isRung(6_000);
  await call.rings();
  await expectHears([citizen, ['music']]);
  await call.answers();
  await expectHears([citizen, [call]], [call, [citizen]]);
});

test('who hangs up while it rings there is gone everywhere', async () => {
  const citizen = await rings('110');
  const call = await peers.emergency.isRung(6_000);
  await call.rings();
  await citizen.hangsUp();
  await peers.emergency.isCancelled();
});

test('who hangs up before anybody could take her is gone at once', async () => {
  const citizen = await rings('110');
  await citizen.hangsUp();
  await sleep(500);
  expect(await asterisk.cli('core show channels count')).toContain('0 active channels');
});

test('an exercise rings nobody elsewhere: she hears music', async () => {
  const before = peers.emergency.calls.length;
  const citizen = await rings('110', {}, exercise);
  await rings('12345');
  await peers.ordinary.isRung(6_000);
  await expectHears([citizen, ['music']]);
  expect(peers.emergency.calls).toHaveLength(before);
});

describe('an INVITE that comes again', () => {
  const answers = ({ call }: Citizen) =>
    call.received('INVITE').flatMap(({ status }) => (status > 100 ? [status] : []));
  /** Again and again: until Asterisk has read the ACK it takes each for what it is. */
  const isRepeatedUntilRefused = async (citizen: Citizen) => {
    const deadline = Date.now() + 5_000;
    while (!answers(citizen).includes(482)) {
      if (Date.now() > deadline) throw new Error(`answered with ${answers(citizen).join()}`);
      carrier.wire.send(citizen.call.invite.raw);
      await sleep(100);
    }
  };
  const channels = async () =>
    (await asterisk.cli('core show channels concise')).split('\n').filter(Boolean);

  test('after our answer is no second call, and the first goes on', async () => {
    const citizen = await rings('12345');
    await citizen.isAnswered();
    await isRepeatedUntilRefused(citizen);
    await expectHears([citizen, ['music']]);
    expect(citizen.call.ending).toBeUndefined();
    expect(await channels()).toHaveLength(1);
  });

  test('when she has hung up is no call either', async () => {
    const citizen = await rings('12345');
    await citizen.isAnswered();
    await citizen.hangsUp();
    await isRepeatedUntilRefused(citizen);
    expect(answers(citizen).filter((status) => status === 200)).toHaveLength(1);
    expect(await channels()).toEqual([]);
  });

  test('before she has heard the answer is never refused', async () => {
    let heard = false;
    carrier.wire.loses = (direction, { method }) =>
      direction === '<-' && method === 'INVITE' && !heard;
    const citizen = await rings('12345');
    while (!(await channels()).some((line) => line.includes('!Up!'))) await sleep(50);
    heard = true;
    carrier.wire.send(citizen.call.invite.raw);
    await citizen.isAnswered();
    await expectHears([citizen, ['music']]);
    expect(new Set(answers(citizen))).toEqual(new Set([200]));
    expect(await channels()).toHaveLength(1);
  });
});
