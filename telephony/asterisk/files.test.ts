import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startAsterisk, type GivenAsterisk } from '../../tests/given/asterisk.ts';
import { theController, type Controller } from '../../tests/given/controller.ts';
import { aCitizen, anAddress, aPhone, type RingOptions } from '../../tests/given/party.ts';
import { aWebParty } from '../../tests/given/web-party.ts';
import type { Trunk } from '../trunk.ts';
import { asteriskFiles } from './files.ts';
import { CITIZEN_ENDPOINT, seatEndpoint, type AsteriskPlan, type Line } from './plan.ts';

const config = fileURLToPath(new URL('../../config', import.meta.url));

const trunk = (name: string, rules: Partial<Trunk> = {}): Trunk => ({
  name,
  address: { host: '192.0.2.1', port: 5060 },
  sources: [],
  trusted: true,
  emergency: false,
  carriesForeignNumbers: true,
  ownNumber: '12345',
  passedOnBy: 'diversion',
  drill: false,
  qualifySeconds: 0,
  ...rules,
});

const line = (hotline: string, numbers: string[], rules: Partial<Line> = {}): Line => ({
  hotline,
  numbers,
  emergency: false,
  patienceSeconds: 60,
  survival: null,
  ...rules,
});

const plan: AsteriskPlan = {
  app: 'liandong-test',
  node: '',
  hosts: { http: '127.0.0.1', sip: '127.0.0.1' },
  ports: { http: 8088, sip: 5060, rtpFrom: 20000, rtpTo: 20100 },
  ownAddresses: [],
  ari: { user: 'liandong', password: 'secret' },
  trunks: [trunk('practice', { address: { host: 'practice', port: 0 } })],
  seats: [
    { id: '8001', line: 'browser', secret: 'browser-secret' },
    { id: '8101', line: 'phone', secret: 'phone-secret' },
  ],
  citizens: { secret: 'citizen-secret' },
  practicePeers: ['119', '96889'],
  practiceCentres: ['057112345'],
  lines: [line('12345', ['12345', '02512345']), line('110', ['110'])],
  soundsDir: join(config, 'prompts'),
  music: [join(config, 'sounds/music/five-notes')],
  musicDirs: {
    music: join(config, 'sounds/music'),
    ringback: join(config, 'sounds/ringback'),
  },
};

describe('what may stand in the files', () => {
  test.each<[what: string, change: Partial<AsteriskPlan>]>([
    ['app', { app: 'a,b' }],
    ['ari.user', { ari: { user: 'general', password: 'secret' } }],
    ['ari.password', { ari: { user: 'a', password: 'secret\n[b]' } }],
    ['hosts.sip', { hosts: { http: '127.0.0.1', sip: '127.0.0.1\nexternal=x' } }],
    ['ports.sip', { ports: { ...plan.ports, sip: Number.NaN } }],
    ['trunk name', { trunks: [trunk('a]b')] }],
    ['trunk name', { trunks: [trunk('seat-8001')] }],
    ['trunk name', { trunks: [trunk('citizen')] }],
    ['host of trunk a', { trunks: [trunk('a', { address: { host: 'x;y', port: 5060 } })] }],
    ['source of trunk a', { trunks: [trunk('a', { sources: ['10.0.0.1,0.0.0.0/0'] })] }],
    ['source of trunk a', { trunks: [trunk('a', { sources: ['carrier.example'] })] }],
    ['seat id', { seats: [{ id: '8001\n', line: 'phone', secret: 'abcdef' }] }],
    ['secret of seat 8001', { seats: [{ id: '8001', line: 'phone', secret: 'abc;def' }] }],
    ['citizens.secret', { citizens: { secret: 'a b c d' } }],
    ['number', { lines: [line('110', ['12345,1,System(x)'])] }],
    ['number', { practicePeers: ['_X!'] }],
    ['soundsDir', { soundsDir: '/a,b' }],
    ['soundsDir', { soundsDir: '/${ENV(HOME)}' }],
    ['musicDirs.music', { musicDirs: { music: '/a\n[b]', ringback: '/b' } }],
    ['practice', { practicePeers: [], practiceCentres: [] }],
    ['practice number', { practiceCentres: ['119'] }],
    ['qualifySeconds of trunk a', { trunks: [trunk('a', { qualifySeconds: 0.5 })] }],
    ['Twice in Asterisk', { lines: [line('110', ['110']), line('12345', ['110'])] }],
  ])('refuses a wrong %s', (what, change) => {
    expect(() => asteriskFiles({ ...plan, ...change })).toThrow(what);
  });

  test('says nothing secret when it refuses', () => {
    const seats = [{ id: '8001', line: 'phone', secret: 'hush;hush' }] as const;
    expect(() => asteriskFiles({ ...plan, seats })).toThrow('(not shown)');
  });
});

describe('a real Asterisk', () => {
  let asterisk: GivenAsterisk;
  let carrier: string;
  let stranger: string;
  let controller: Controller | undefined;
  let logged = 0;
  const leaving: { leaves(): Promise<void> }[] = [];

  beforeAll(async () => {
    carrier = await anAddress();
    stranger = await anAddress();
    asterisk = await startAsterisk(({ httpPort, sipPort, rtpRange, user, password }) =>
      asteriskFiles({
        ...plan,
        ports: { http: httpPort, sip: sipPort, rtpFrom: rtpRange.from, rtpTo: rtpRange.to },
        ari: { user, password },
        trunks: [
          trunk('carrier', { sources: [carrier] }),
          trunk('stranger', { sources: [stranger], trusted: false }),
          ...plan.trunks,
        ],
      }),
    );
  });

  beforeEach(async () => {
    controller = await theController(asterisk, plan.app);
  });

  afterEach(async () => {
    await Promise.all(leaving.splice(0).map((party) => party.leaves()));
    await controller?.goes();
  });

  afterAll(async () => {
    await asterisk?.stop();
  });

  /** Errors and warnings that came into the log since the last time. */
  async function complaints(): Promise<string[]> {
    const log = await readFile(join(asterisk.runDir, 'log/messages.log'), 'utf8');
    const fresh = log.slice(logged);
    logged = log.length;
    // A controller that comes back at once finds what Asterisk keeps for its last channel: that is no fault of a file.
    return fresh
      .split('\n')
      .filter((line) => /ERROR|WARNING/.test(line) && !/Not creating context/.test(line));
  }

  const address = () => ({ host: '127.0.0.1', port: asterisk.sipPort });

  async function rings(ip: string, number: string, options: RingOptions = {}) {
    const citizen = await aCitizen({ number: '13800138000', ip, asterisk: address() });
    leaving.push(citizen);
    await citizen.rings(number, options);
    return citizen;
  }

  test('starts without a complaint and knows its parties', async () => {
    expect(await complaints()).toEqual([]);
    const endpoints = await asterisk.cli('pjsip show endpoints');
    for (const name of ['carrier', 'stranger', 'practice', 'practice-peers', 'seat-8001']) {
      expect(endpoints).toContain(`Endpoint:  ${name} `);
    }
    expect(endpoints).not.toContain('anonymous');
    const music = await asterisk.cli('moh show files');
    expect(music).toMatch(
      /Class: music\s+File: \S+five-notes\s+Class: ringback\s+File: \S+ringback/,
    );
  });

  test('a call is handed over with the trunk, the dialled number and no fuss', async () => {
    await rings(carrier, '02512345');
    const { args, number } = await controller!.takes();
    expect(args).toEqual(['call', 'carrier', '02512345', 'allowed_not_screened', '', '', '', '']);
    expect(number).toBe('13800138000');
    expect(await complaints()).toEqual([]);
  });

  test('who passed her on, and her case, come with her', async () => {
    await rings(carrier, '110', {
      headers: [
        'P-Asserted-Identity: <sip:13900139000@carrier>',
        'Diversion: <sip:12345@a>;reason=unconditional;counter=1',
        'Diversion: "county, (110)" <sip:02588@b:5060>;reason=x:1',
        'User-to-User: 4142;encoding=hex',
        'History-Info: <sip:12345@a>;index=1',
        'History-Info: <sip:110@a?Reason=SIP%3Bcause%3D302>;index=1.1',
        'Call-Info: <urn:emergency:uid:callid:1:a>;purpose=emergency-CallId',
      ],
    });
    const { args, number, headers } = await controller!.takes();
    expect(args.slice(0, 3)).toEqual(['call', 'carrier', '110']);
    expect(number).toBe('13900139000');
    expect(headers).toEqual([
      '<sip:12345@a>;reason=unconditional;counter=1\n"county, (110%29" <sip:02588@b:5060>;reason=x:1\n',
      '4142;encoding=hex\n',
      '<sip:12345@a>;index=1\n<sip:110@a?Reason=SIP%3Bcause%3D302>;index=1.1\n',
      '<urn:emergency:uid:callid:1:a>;purpose=emergency-CallId\n',
    ]);
  });

  test('what a stranger writes into headers is text and nothing else', async () => {
    const nasty = '${SHELL(id)} "q" \\ ${EXTEN} $[1+1] a?b:c ;x|y&z \' ),(foo):1:2,3';
    await rings(carrier, '110', {
      headers: [`Diversion: ${nasty}`, `User-to-User: )))::: ${nasty}`],
    });
    const { headers } = await controller!.takes();
    const text = nasty.replaceAll(')', '%29');
    expect(headers).toEqual([`${text}\n`, `%29%29%29::: ${text}\n`, '', '']);
    expect(await complaints()).toEqual([]);
  });

  test('long headers are cut, and all of them still fit', async () => {
    const many = (name: string, count: number) =>
      Array.from({ length: count }, (_, i) => `${name}: <sip:${i}@${'x'.repeat(2000)}>`);
    await rings(carrier, '110', {
      headers: [
        ...many('Diversion', 6),
        ...many('User-to-User', 1),
        ...many('History-Info', 9),
        ...many('Call-Info', 3),
      ],
    });
    const { headers } = await controller!.takes();
    const lengths = headers.map((text) =>
      text
        .trim()
        .split('\n')
        .map((line) => line.length),
    );
    expect(lengths).toEqual([
      [400, 400, 400, 400, 400],
      [600],
      [250, 250, 250, 250, 250, 250, 250, 250],
      [300, 300],
    ]);
  });

  test.each<[what: string, options: RingOptions, number: string, presentation: string]>([
    [
      'on a trusted trunk',
      { headers: ['P-Asserted-Identity: <sip:13900139000@c>', 'Privacy: id'] },
      '13900139000',
      'prohib',
    ],
    ['anonymous', { from: 'anonymous' }, '', 'prohib'],
    ['without digits', { from: 'sip:unknown@carrier' }, '', 'unavailable'],
    ['not withheld by none', { headers: ['Privacy: none'] }, '13800138000', 'allowed_not_screened'],
  ])('a number withheld %s', async (_what, options, number, presentation) => {
    await rings(carrier, '110', options);
    const taken = await controller!.takes();
    expect([taken.number, taken.args[3]]).toEqual([number, presentation]);
  });

  test('a trunk that is not trusted may hide a number but not assert one', async () => {
    await rings(stranger, '110', {
      headers: ['P-Asserted-Identity: <sip:110@c>', 'Privacy: user;critical'],
    });
    const { number, args } = await controller!.takes();
    expect([number, args[1], args[3]]).toEqual(['13800138000', 'stranger', 'prohib']);
  });

  test('a caller whose number is a seat id is a caller', async () => {
    await rings(carrier, '110', { from: 'sip:8001@carrier' });
    expect((await controller!.takes()).number).toBe('8001');
  });

  test.each(['99999', '1234', '123456', 'h', '110%2C1', '1'.repeat(200)])(
    'a number that is not ours is not found (%#)',
    async (number) => {
      const citizen = await rings(carrier, number);
      expect(await citizen.isHungUp()).toMatchObject({ status: 404 });
    },
  );

  test('without a controller she is answered, waits, and is taken as soon as there is one', async () => {
    await controller!.goes();
    const citizen = await rings(carrier, '12345');
    await citizen.isAnswered();
    controller = await theController(asterisk, plan.app);
    expect((await controller.takes(8000)).args.slice(0, 3)).toEqual(['call', 'carrier', '12345']);
  });

  test('an Asterisk that knows no StasisBroadcast hands over all the same, and again and again', async () => {
    await asterisk.cli('module unload app_stasis_broadcast.so');
    try {
      const first = await rings(carrier, '12345');
      expect((await controller!.takes()).args.slice(0, 3)).toEqual(['call', 'carrier', '12345']);
      await first.leaves();
      await controller!.goes();
      const citizen = await rings(carrier, '110');
      await citizen.isAnswered();
      controller = await theController(asterisk, plan.app);
      expect((await controller.takes(8000)).args.slice(0, 3)).toEqual(['call', 'carrier', '110']);
    } finally {
      await asterisk.cli('module load app_stasis_broadcast.so');
    }
  });

  test('a practice peer answers by itself', async () => {
    const before = Date.now();
    const channel = await controller!.dials('PJSIP/119@practice');
    await controller!.until(
      (e) => e.type === 'ChannelStateChange' && e.channel?.state === 'Ringing',
    );
    await controller!.until(
      (e) => e.type === 'ChannelStateChange' && e.channel?.state === 'Up',
      5000,
    );
    expect(Date.now() - before).toBeGreaterThan(1900);
    expect(await asterisk.cli('core show channels concise')).toContain('practice-peers!119');
    await controller!.hangsUp(channel);
  });

  test('a phone takes calls and makes none', async () => {
    const phone = await aPhone({
      id: seatEndpoint('8101'),
      secret: 'phone-secret',
      asterisk: address(),
    });
    leaving.push(phone);
    phone.trunk.asterisk = address();
    await controller!.dials('PJSIP/seat-8101');
    await phone.isRung();
    const call = await phone.trunk.rings(phone, '110', { from: 'sip:seat-8101@127.0.0.1' });
    expect(await call.isHungUp()).toMatchObject({ status: 503 });
  });

  test('a browser seat has one leg, which is handed over with its endpoint', async () => {
    const seat = await aWebParty(asterisk, seatEndpoint('8001'), 'browser-secret');
    await seat.invites('shift');
    expect((await controller!.takes()).args).toEqual(['seat', 'seat-8001']);
    seat.leaves();
  });

  test('a browser with a wrong password is nobody', async () => {
    const seat = await aWebParty(asterisk, seatEndpoint('8001'), 'guessed');
    await seat.invites('shift');
    expect(await seat.answer()).toBe(401);
    seat.leaves();
  });

  test('a browser seat is refused while there is no controller', async () => {
    await controller!.goes();
    const seat = await aWebParty(asterisk, seatEndpoint('8001'), 'browser-secret');
    await seat.invites('shift');
    expect(await seat.answer()).toBe(503);
    seat.leaves();
  });

  test.each<[what: string, headers: string[], number: string, presentation: string]>([
    ['shows her number', ['X-Caller: 13700137000'], '13700137000', 'allowed'],
    ['withholds it', ['X-Caller: 13700137000', 'X-Withhold: 1'], '13700137000', 'prohib'],
    ['writes nonsense', ['X-Caller: 137)"<>:${EXTEN}00,137'], '13700137', 'allowed'],
  ])('who practises as a citizen %s', async (_what, headers, number, presentation) => {
    const page = await aWebParty(asterisk, CITIZEN_ENDPOINT, 'citizen-secret');
    await page.invites('110', headers);
    const taken = await controller!.takes();
    expect(taken.args.slice(0, 4)).toEqual(['call', 'citizen-page', '110', presentation]);
    expect(taken.number).toBe(number);
    page.leaves();
  });

  test('the number to practise with may stand in From', async () => {
    const page = await aWebParty(asterisk, CITIZEN_ENDPOINT, 'citizen-secret', '13600136000');
    await page.invites('12345');
    expect((await controller!.takes()).number).toBe('13600136000');
    page.leaves();
  });

  test('who practises reaches our hotlines only', async () => {
    const page = await aWebParty(asterisk, CITIZEN_ENDPOINT, 'citizen-secret');
    await page.invites('119');
    expect(await page.answer()).toBe(404);
    page.leaves();
  });
});
