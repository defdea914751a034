import dgram from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectHears } from '../given/hearing.ts';
import { SipMessage } from '../given/sip-message.ts';
import { aWorld, type World } from '../given/world.ts';
import { samples, type Place } from './torture-samples.ts';

/** SIP that is broken, or only looks so, sent to Asterisk while two people talk: they do not notice. */
let world: World;
beforeAll(async () => {
  world = await aWorld();
}, 120_000);
afterEach(() => world.clear());
afterAll(() => world?.ends());

/** A sender of raw datagrams; at the carrier's address Asterisk takes it for the carrier. */
async function aSender(ip: string) {
  const socket = dgram.createSocket('udp4');
  socket.bind(0, ip);
  await once(socket, 'listening');
  const answers: SipMessage[] = [];
  socket.on('message', (bytes) => void answers.push(new SipMessage(bytes.toString())));
  const { host, port } = world.deployment.sip;
  const place: Place = { us: `${host}:${port}`, them: `${ip}:${socket.address().port}` };
  const send = (what: Buffer | string) =>
    new Promise<void>((resolve) => socket.send(what, port, host, () => resolve()));
  /** Whatever was sent before has been read when this is answered. */
  const isAnswered = async () => {
    const callId = `alive-${Math.random()}`;
    const deadline = Date.now() + 10_000;
    while (!answers.some((answer) => answer.callId === callId)) {
      if (Date.now() > deadline) throw new Error('Asterisk answers no OPTIONS any more');
      await send(options(place, callId));
      await sleep(100);
    }
  };
  return { place, answers, send, isAnswered, close: () => socket.close() };
}

const options = ({ us, them }: Place, callId: string): string =>
  [
    `OPTIONS sip:12345@${us} SIP/2.0`,
    `Via: SIP/2.0/UDP ${them};branch=z9hG4bK${Math.random()}`,
    `From: <sip:tester@${them}>;tag=1`,
    `To: <sip:12345@${us}>`,
    `Call-ID: ${callId}`,
    'CSeq: 1 OPTIONS',
    'Max-Forwards: 70',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');

/** Two talk before, during and after; nothing has died. */
async function duringACall(what: (send: Awaited<ReturnType<typeof aSender>>) => Promise<void>) {
  const { asterisk } = world.deployment;
  const operator = await world.phoneSeat('8001');
  const citizen = await world.citizen();
  await citizen.rings('12345');
  await operator.phone.isRung();
  await operator.phone.answers();
  const before = await operator.desk.isAtStage('talking');
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);

  for (const ip of [world.city.carrier, world.city.fire.replace(/\.\d+$/, '.255')]) {
    const sender = await aSender(ip);
    await what(sender);
    await sender.isAnswered();
    sender.close();
  }
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
  expect((await operator.desk.sees()).call).toEqual(before.call);
  expect((await operator.desk.get('/api/health')).body).toMatchObject({
    asterisk: true,
    redis: true,
    calls: 1,
  });
  expect(() => process.kill(asterisk.pid, 0)).not.toThrow();

  // It can still be worked with, and others can still ring.
  const police = await world.phoneSeat('9001');
  await operator.desk.does('transfer:one-key:110');
  await police.phone.isRung();
  await police.phone.answers();
  await expectHears(
    [citizen, [operator.phone, police.phone]],
    [operator.phone, [citizen, police.phone]],
    [police.phone, [citizen, operator.phone]],
  );
}

test('messages as in RFC 4475', async () => {
  await duringACall(async ({ place, send }) => {
    for (const message of Object.values(samples(place))) await send(message);
  });
});

test('valid but unusual messages are understood', async () => {
  const sender = await aSender(world.city.carrier);
  await sender.send(samples(sender.place).unusualOptions);
  const deadline = Date.now() + 5_000;
  while (sender.answers.length === 0 && Date.now() < deadline) await sleep(20);
  expect(sender.answers[0]?.status).toBe(200);
  sender.close();
});

test('junk: noise, cut messages, changed bytes', async () => {
  const chance = random(4475);
  await duringACall(async ({ place, send }) => {
    const good = options(place, 'junk');
    for (let i = 0; i < 300; i++) {
      await send(Buffer.from(Array.from({ length: chance(600) }, () => chance(256))));
    }
    for (let end = 0; end < good.length; end += 3) await send(good.slice(0, end));
    for (let i = 0; i < 500; i++) {
      const bytes = Buffer.from(good);
      for (let n = chance(8) + 1; n > 0; n--) bytes[chance(bytes.length)] = chance(256);
      await send(bytes);
    }
    await send(Buffer.alloc(65_000, 'A'));
    await send(Buffer.alloc(4_000));
    await send('\r\n'.repeat(500));
    await send('');
  });
});

test('junk over TCP, and a connection that never says its whole sentence', async () => {
  const slow: ReturnType<typeof connect>[] = [];
  await duringACall(async ({ place }) => {
    const { host, port } = world.deployment.sip;
    for (const bytes of [
      Buffer.alloc(200_000, 'A'),
      Buffer.from(options(place, 'tcp').replace('Content-Length: 0', 'Content-Length: -5')),
      Buffer.from(options(place, 'tcp').replace('Content-Length: 0', 'Content-Length: 4294967297')),
      Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
      Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]),
    ]) {
      const socket = connect(port, host);
      socket.on('error', () => undefined);
      socket.end(bytes);
      await Promise.race([once(socket, 'close'), sleep(500)]);
      socket.destroy();
    }
    for (let i = 0; i < 20; i++) {
      const socket = connect(port, host);
      socket.on('error', () => undefined);
      socket.write('INVITE sip:12345@');
      slow.push(socket);
    }
  });
  for (const socket of slow) socket.destroy();
});

/** The same chance every time (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}
