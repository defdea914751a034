import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startAsterisk, type GivenAsterisk } from '../../tests/given/asterisk.ts';
import { theController, type Controller } from '../../tests/given/controller.ts';
import { anAddress, aPeer } from '../../tests/given/party.ts';
import type { Trunk } from '../trunk.ts';
import { asteriskFiles } from './files.ts';

const config = fileURLToPath(new URL('../../config', import.meta.url));
const app = 'liandong-trunks';

let asterisk: GivenAsterisk;
let controller: Controller;
/** Addresses of two trunks: whether one lives is asked every second, whether the other does, never. */
let asked: string;
let never: string;

beforeAll(async () => {
  [asked, never] = [await anAddress(), await anAddress()];
  const trunk = (name: string, rules: Partial<Trunk>): Trunk => ({
    name,
    address: { host: 'practice', port: 0 },
    sources: [],
    trusted: true,
    emergency: false,
    carriesForeignNumbers: true,
    ownNumber: '12345',
    passedOnBy: 'none',
    drill: false,
    qualifySeconds: 1,
    ...rules,
  });
  asterisk = await startAsterisk(({ httpPort, sipPort, rtpRange, user, password }) =>
    asteriskFiles({
      app,
      node: '',
      hosts: { http: '127.0.0.1', sip: '127.0.0.1' },
      ports: { http: httpPort, sip: sipPort, rtpFrom: rtpRange.from, rtpTo: rtpRange.to },
      ownAddresses: [],
      ari: { user, password },
      trunks: [
        trunk('practice', {}),
        trunk('asked', { address: { host: asked, port: 5060 }, qualifySeconds: 1 }),
        trunk('never', { address: { host: never, port: 5060 }, qualifySeconds: 0 }),
      ],
      seats: [],
      citizens: null,
      practicePeers: [],
      practiceCentres: ['057112345'],
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
  controller = await theController(asterisk, app);
});

afterAll(async () => {
  await controller?.goes();
  await asterisk?.stop();
});

/** Waits until Asterisk holds the address for that. */
async function isHeldFor(address: string, status: 'Avail' | 'Unavail'): Promise<void> {
  const held = new RegExp(`${address}:5060\\s+\\S+\\s+${status}`);
  const deadline = Date.now() + 8000;
  let contacts = '';
  do contacts = await asterisk.cli('pjsip show contacts');
  while (!held.test(contacts) && Date.now() < deadline);
  expect(contacts).toMatch(held);
}

test('an address where nobody lives is known: no INVITE is sent, and who dials is told at once', async () => {
  await isHeldFor(asked, 'Unavail');
  await controller.originates('PJSIP/119@asked');
  const before = performance.now();
  const { status } = await controller.originates('PJSIP/119@asked');
  // 4 to 10 ms were measured; without being asked for, it is 32 s.
  expect(performance.now() - before).toBeLessThan(500);
  expect(status).toBe(500);
  expect(await asterisk.cli('core show channels count')).toContain('0 active channels');
});

test('one who is back is rung again after the next question, and lost again when he goes', async () => {
  const peer = await aPeer({ number: '119', ip: asked });
  await isHeldFor(asked, 'Avail');
  const { status, channel } = await controller.originates('PJSIP/119@asked');
  expect(status).toBe(200);
  await peer.isRung();
  await controller.hangsUp(channel);
  await peer.isCancelled();
  await peer.leaves();
  await isHeldFor(asked, 'Unavail');
});

test('who is never asked is always tried', async () => {
  const { status, channel } = await controller.originates('PJSIP/119@never');
  expect(status).toBe(200);
  expect(await asterisk.cli('core show channels concise')).toContain('PJSIP/never');
  await controller.hangsUp(channel);
});

test('a practice centre answers and presses 1, as a person there would', async () => {
  const { channel } = await controller.originates('PJSIP/057112345@practice');
  const up = await controller.until(
    (e) => e.channel?.state === 'Up' && e.channel.id === channel,
    5000,
  );
  expect(up.channel?.id).toBe(channel);
  const pressed = await controller.until(({ type }) => type === 'ChannelDtmfReceived', 5000);
  expect([pressed.channel?.id, pressed.digit]).toEqual([channel, '1']);
  await controller.hangsUp(channel);
});
