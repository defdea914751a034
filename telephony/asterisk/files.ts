import { isIP } from 'node:net';
import type { Trunk } from '../trunk.ts';
import { baseFiles, conf } from './base-files.ts';

/** All that Asterisk must be told about one installation. */
export interface AsteriskPlan {
  /** The Stasis application that takes the calls. */
  readonly app: string;
  readonly hosts: {
    /** Address of ARI and of SIP over WebSocket. */
    readonly http: string;
    /** Address of SIP and RTP; 0.0.0.0 or :: for all. */
    readonly sip: string;
  };
  /** Addresses of the machine that Asterisk runs on, beside loopback. */
  readonly ownAddresses: readonly string[];
  readonly ports: {
    readonly http: number;
    readonly sip: number;
    readonly rtpFrom: number;
    readonly rtpTo: number;
  };
  readonly ari: { readonly user: string; readonly password: string };
  readonly trunks: readonly Trunk[];
  readonly seats: readonly {
    readonly id: string;
    readonly line: 'browser' | 'phone';
    /** SIP password; not the one the person logs in with. */
    readonly secret: string;
  }[];
  /** The page from which one may call as a citizen; null: there is none. */
  readonly citizens: { readonly secret: string } | null;
  /** Numbers that Asterisk answers itself when they are dialled on a trunk with the address `practice`. */
  readonly practicePeers: readonly string[];
  /** Dialled numbers of all our hotlines. */
  readonly numbers: readonly string[];
  /** Folder of the prompts please-wait, sorry-try-later and practice-peer. */
  readonly soundsDir: string;
  readonly musicDirs: { readonly music: string; readonly ringback: string };
}

/** What happens while no controller takes a call. */
export interface Patience {
  /** Between two tries to hand the call over. */
  readonly retrySeconds: number;
  /** Tries before the citizen is asked to call later. */
  readonly tries: number;
}

/** Every two seconds for ten minutes. */
const PATIENCE: Patience = { retrySeconds: 2, tries: 300 };

/** Host of a trunk that Asterisk answers itself. */
const PRACTICE = 'practice';

/** The endpoint of those who call from the citizen page, and its SIP user. */
export const CITIZEN_ENDPOINT = 'citizen';

/** The trunk name under which calls from the citizen page arrive. */
export const CITIZEN_TRUNK = 'citizen-page';

/**
 * The endpoint of a seat, which is its SIP user too. Not the bare id: a caller on a trunk whose
 * number is 8001 would be taken for the seat 8001 and asked for its password.
 */
export const seatEndpoint = (seat: string): string => `seat-${seat}`;

/**
 * The configuration files of one Asterisk, name -> text.
 *
 * Calls arrive in the Stasis application with these arguments:
 * - `call, trunk, dialled number, presentation of the number (CALLERID num-pres),` then in base64
 *   `Diversion, User-to-User, History-Info, Call-Info`; empty where absent, headers of one name
 *   joined by newlines. `)` stands there as `%29`.
 * - `seat, endpoint` (see `seatEndpoint`)
 * @throws TypeError when a value could be taken for something else in a file of Asterisk
 */
export function asteriskFiles(
  plan: AsteriskPlan,
  patience: Patience = PATIENCE,
): Record<string, string> {
  check(plan);
  return {
    ...baseFiles({
      httpAddress: plan.hosts.http,
      httpPort: plan.ports.http,
      rtpFrom: plan.ports.rtpFrom,
      rtpTo: plan.ports.rtpTo,
      media: plan.hosts.sip.startsWith('127.')
        ? { address: plan.hosts.sip, insteadOf: plan.ownAddresses }
        : null,
    }),
    'ari.conf': conf(
      '[general]',
      'enabled=yes',
      'websocket_write_timeout=5000',
      `[${plan.ari.user}]`,
      'type=user',
      `password=${plan.ari.password}`,
      'password_format=plain',
    ),
    'musiconhold.conf': conf(
      '[general]',
      '[music]',
      'mode=files',
      `directory=${plan.musicDirs.music}`,
      '[ringback]',
      'mode=files',
      `directory=${plan.musicDirs.ringback}`,
    ),
    'pjsip.conf': pjsip(plan),
    'extensions.conf': extensions(plan, patience),
  };
}

// ---- pjsip.conf ----

function pjsip(plan: AsteriskPlan): string {
  const bound = bracketed(plan.hosts.sip);
  return [
    section('global', 'global', {
      user_agent: 'Liandong',
      // By address alone a trunk on 127.0.0.1 would swallow every browser behind a local proxy.
      endpoint_identifier_order: 'username,ip,auth_username,anonymous',
      ignore_uri_user_options: 'yes',
      taskprocessor_overload_trigger: 'pjsip_only',
      unidentified_request_count: 5,
      unidentified_request_period: 5,
      unidentified_request_prune_interval: 30,
    }),
    section('system', 'system', {}),
    section('udp', 'transport', { protocol: 'udp', bind: `${bound}:${plan.ports.sip}` }),
    section('tcp', 'transport', { protocol: 'tcp', bind: `${bound}:${plan.ports.sip}` }),
    section('ws', 'transport', { protocol: 'ws', bind: bound }),
    ...plan.trunks.map((trunk) => trunkSections(trunk, plan)),
    ...practiceSections(plan),
    ...plan.seats.map((seat) => seatSections(seat, plan)),
    plan.citizens ? citizenSections(plan.citizens.secret, plan) : '',
  ].join('\n');
}

/** What all parties have in common: the voice goes through us, A-law first. */
const media = (plan: AsteriskPlan): Record<string, string> => ({
  disallow: 'all',
  direct_media: 'no',
  rtp_symmetric: 'yes',
  ...(isWildcard(plan.hosts.sip)
    ? {}
    : { media_address: plan.hosts.sip, bind_rtp_to_media_address: 'yes' }),
});

function trunkSections(trunk: Trunk, plan: AsteriskPlan): string {
  const practice = trunk.address.host === PRACTICE;
  const to = practice
    ? { host: ownAddress(plan), port: plan.ports.sip }
    : { host: bracketed(trunk.address.host), port: trunk.address.port };
  return [
    section(trunk.name, 'endpoint', {
      transport: 'udp',
      context: 'from-trunk',
      aors: trunk.name,
      identify_by: 'ip',
      ...media(plan),
      allow: 'alaw,ulaw',
      allow_overlap: 'no',
      // P-Asserted-Identity, Privacy, Diversion and History-Info are written by the controller:
      // Asterisk itself tells only the last who passed the citizen on, and shows one number in From and PAI.
      send_pai: 'no',
      trust_id_inbound: yes(trunk.trusted),
      trust_id_outbound: yes(trunk.emergency),
      send_diversion: 'no',
      send_history_info: 'no',
    }),
    section(trunk.name, 'aor', { contact: `sip:${to.host}:${to.port}` }),
    practice || trunk.sources.length === 0
      ? ''
      : section(trunk.name, 'identify', {
          endpoint: trunk.name,
          match: trunk.sources.join(','),
        }),
  ].join('\n');
}

/** What Asterisk sends to itself comes in here. */
function practiceSections(plan: AsteriskPlan): string[] {
  if (plan.practicePeers.length === 0) return [];
  return [
    section('practice-peers', 'endpoint', {
      transport: 'udp',
      context: 'practice-peers',
      identify_by: 'ip',
      ...media(plan),
      allow: 'alaw,ulaw',
      allow_overlap: 'no',
      trust_id_inbound: 'yes',
    }),
    section('practice-peers', 'identify', {
      endpoint: 'practice-peers',
      match: `${ownAddress(plan)}:${plan.ports.sip}`,
    }),
  ];
}

function seatSections(
  { id, line, secret }: AsteriskPlan['seats'][number],
  plan: AsteriskPlan,
): string {
  const name = seatEndpoint(id);
  const how: Record<string, string> =
    line === 'browser'
      ? { webrtc: 'yes', transport: 'ws', context: 'seats', allow: 'alaw,opus,ulaw' }
      : {
          transport: 'udp',
          context: 'phones',
          allow: 'alaw,ulaw',
        };
  return [
    section(name, 'endpoint', {
      ...media(plan),
      ...how,
      aors: name,
      auth: name,
      identify_by: 'username,auth_username',
    }),
    section(name, 'auth', { auth_type: 'digest', username: name, password: secret }),
    section(name, 'aor', { max_contacts: 1, remove_existing: 'yes' }),
  ].join('\n');
}

function citizenSections(secret: string, plan: AsteriskPlan): string {
  return [
    section(CITIZEN_ENDPOINT, 'endpoint', {
      ...media(plan),
      webrtc: 'yes',
      transport: 'ws',
      context: 'from-citizens',
      allow: 'alaw,opus,ulaw',
      auth: CITIZEN_ENDPOINT,
      identify_by: 'username,auth_username',
      allow_overlap: 'no',
    }),
    section(CITIZEN_ENDPOINT, 'auth', {
      auth_type: 'digest',
      username: CITIZEN_ENDPOINT,
      password: secret,
    }),
  ].join('\n');
}

const section = (
  name: string,
  type: string,
  settings: Readonly<Record<string, string | number>>,
): string =>
  conf(
    `[${name}]`,
    `type=${type}`,
    ...Object.entries(settings).map(([key, value]) => `${key}=${value}`),
  );

const yes = (value: boolean): string => (value ? 'yes' : 'no');
const bracketed = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);
const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::';

/** Where Asterisk reaches itself. */
const ownAddress = (plan: AsteriskPlan): string =>
  isWildcard(plan.hosts.sip) ? '127.0.0.1' : bracketed(plan.hosts.sip);

// ---- extensions.conf ----

/** Bytes of each header that are handed over; all together must fit into Asterisk's 8192 after base64. */
const HEADERS = [
  { name: 'Diversion', variable: 'LD_DIV', lines: 5, each: 400 },
  { name: 'User-to-User', variable: 'LD_UUI', lines: 1, each: 600 },
  { name: 'History-Info', variable: 'LD_HI', lines: 8, each: 250 },
  { name: 'Call-Info', variable: 'LD_CI', lines: 2, each: 300 },
] as const;

function extensions(plan: AsteriskPlan, patience: Patience): string {
  return [
    fromTrunk(plan),
    plan.citizens ? fromCitizens(plan) : '',
    handOver(plan, patience),
    seats(plan),
    plan.practicePeers.length > 0 ? practicePeers(plan) : '',
  ].join('\n');
}

/** Other numbers than ours are refused with 404 before a channel exists. */
const fromTrunk = (plan: AsteriskPlan): string =>
  conf(
    '[from-trunk]',
    ...plan.numbers.flatMap((number) =>
      extension(
        number,
        'Set(LD_TRUNK=${CHANNEL(endpoint)})',
        ...callerId,
        'Goto(hand-over,${EXTEN},1)',
      ),
    ),
  );

/** The number to practise with stands in X-Caller, or in From; X-Withhold: 1 hides it. */
const fromCitizens = (plan: AsteriskPlan): string =>
  conf(
    '[from-citizens]',
    ...plan.numbers.flatMap((number) =>
      extension(
        number,
        `Set(LD_TRUNK=${CITIZEN_TRUNK})`,
        ...readInto('LD_ONE', 'PJSIP_HEADER(read,X-Caller)', ''),
        'GotoIf($[${LEN(${LD_ONE})} > 0]?given)',
        ...readInto('LD_ONE', 'CALLERID(num)', ''),
        '(given)Set(LD_ONE=${FILTER(0-9,${LD_ONE:0:40})})',
        'Set(CALLERID(all)="" <${LD_ONE:0:15}>)',
        ...readInto('LD_ONE', 'PJSIP_HEADER(read,X-Withhold)'),
        'Set(LD_ONE=${FILTER(1,${LD_ONE:0:1})})',
        'Set(CALLERID(pres)=${IF($["${LD_ONE}" = "1"]?prohib:allowed)})',
        'Goto(hand-over,${EXTEN},1)',
      ),
    ),
  );

/**
 * Collects what came with the call and gives it to the controller. While there is none, the caller
 * is answered, hears music, and is offered again and again.
 */
function handOver({ app, soundsDir }: AsteriskPlan, patience: Patience): string {
  const args = ['call', '${LD_TRUNK}', '${EXTEN}', '${CALLERID(num-pres)}'];
  for (const { variable } of HEADERS) args.push(`\${${variable}}`);
  return conf(
    '[hand-over]',
    ...extension(
      '_[+0-9]!',
      'Set(LD_NEWLINE=${BASE64_DECODE(Cg==)})',
      ...HEADERS.flatMap(readHeader),
      'Set(LD_TRY=0)',
      `(offer)Stasis(${[app, ...args].join(',')})`,
      'GotoIf($["${STASISSTATUS}" = "SUCCESS"]?bye)',
      'ExecIf($[${LD_TRY} = 0]?Answer())',
      'Set(LD_TRY=$[${LD_TRY} + 1])',
      `GotoIf($[\${LD_TRY} > ${patience.tries}]?sorry)`,
      'GotoIf($[${LD_TRY} % 15 != 1]?music)',
      `Playback(${soundsDir}/please-wait)`,
      'Goto(offer)',
      `(music)MusicOnHold(music,${patience.retrySeconds})`,
      'Goto(offer)',
      `(sorry)Playback(${soundsDir}/sorry-try-later)`,
      '(bye)Hangup()',
    ),
  );
}

/** Values come from outside: each stands alone in a Set, never in an expression or a condition. */
function readHeader({ name, variable, lines, each }: (typeof HEADERS)[number]): string[] {
  const label = variable.toLowerCase().replace('_', '');
  const read = Array.from({ length: lines }, (_, i) => [
    ...readInto('LD_ONE', `PJSIP_HEADER(read,${name},${i + 1})`),
    `GotoIf($[\${LEN(\${LD_ONE})} = 0]?${i === 0 ? `${label}none` : label})`,
    `Set(${variable}=\${${variable}}\${LD_ONE:0:${each}}\${LD_NEWLINE})`,
  ]);
  return [
    ...read.flat(),
    `(${label})Set(${variable}=\${BASE64_ENCODE(\${${variable}})})`,
    `(${label}none)NoOp()`,
  ];
}

/** A `)` followed by a `:` in a value would end the function that the value is given to. */
const readInto = (variable: string, source: string, instead = '%29'): string[] => [
  `Set(${variable}=\${${source}})`,
  `Set(${variable}=\${STRREPLACE(${variable},),${instead})})`,
];

/**
 * A withheld number stays withheld on every trunk (Asterisk heeds Privacy on trusted ones alone),
 * and what has no digits is no number.
 */
const callerId: readonly string[] = [
  ...readInto('LD_ONE', 'PJSIP_HEADER(read,Privacy)'),
  'Set(LD_ONE=${FILTER(a-zA-Z,${LD_ONE:0:60})})',
  'ExecIf($["${LD_ONE}" =~ "(id|user|header)"]?Set(CALLERID(pres)=prohib))',
  ...readInto('LD_ONE', 'CALLERID(num)', ''),
  'GotoIf($[${LEN(${FILTER(0-9,${LD_ONE})})} > 0]?number)',
  'Set(CALLERID(num)=)',
  'Set(LD_ONE=${FILTER(a-zA-Z,${LD_ONE:0:60})})',
  'Set(CALLERID(pres)=${IF($["${LD_ONE}" =~ "anonymous"]?prohib:unavailable)})',
  '(number)NoOp()',
];

/** A browser's one leg of the shift, whatever it dials; phones only take calls. */
const seats = ({ app }: AsteriskPlan): string =>
  conf(
    '[seats]',
    ...extension('_[a-z0-9][a-z0-9]!', `Stasis(${app},seat,\${CHANNEL(endpoint)})`, 'Hangup(34)'),
    '',
    '[phones]',
    ...extension('_[+*#0-9]!', 'Congestion(1)', 'Hangup()'),
  );

const practicePeers = ({ practicePeers: numbers, soundsDir }: AsteriskPlan): string =>
  conf(
    '[practice-peers]',
    ...numbers.flatMap((number) =>
      extension(
        number,
        'Ringing()',
        'Wait(2)',
        'Answer()',
        `Playback(${soundsDir}/practice-peer)`,
        'Echo()',
        'Hangup()',
      ),
    ),
  );

/** The steps of one extension; `(label)` may stand before a step. */
const extension = (pattern: string, ...steps: readonly string[]): string[] =>
  steps.map((step, index) => {
    const [, label = '', application = step] = /^(\([a-z]+\))(.*)$/s.exec(step) ?? [];
    return index === 0
      ? `exten => ${pattern},1${label},${application}`
      : ` same => n${label},${application}`;
  });

// ---- what may stand in the files ----

const NAME = /^[a-z][a-z0-9-]{0,30}$/;
const SEAT = /^[a-z0-9][a-z0-9-]{0,30}$/;
const NUMBER = /^\+?\d{2,15}$/;
const USER = /^\w[\w.-]{0,40}$/;
const SECRET = /^[\w.~+/=-]{4,128}$/;
// Neither what Asterisk reads as syntax nor what parts file names in Playback.
const FOLDER = /^\/[^\n\r\t;,$"'\\()[\]{}&|#]*$/;
const HOST = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i;
const TAKEN = new Set(['udp', 'tcp', 'ws', 'global', 'system', CITIZEN_ENDPOINT, CITIZEN_TRUNK]);

function check(plan: AsteriskPlan): void {
  must('app', plan.app, USER);
  mustBe('hosts.http', plan.hosts.http, isIP(plan.hosts.http) !== 0);
  mustBe('hosts.sip', plan.hosts.sip, isIP(plan.hosts.sip) !== 0);
  for (const [name, port] of Object.entries(plan.ports))
    mustBe(`ports.${name}`, port, isPort(port));
  must('ari.user', plan.ari.user, USER);
  mustBe('ari.user', plan.ari.user, plan.ari.user !== 'general');
  must('ari.password', plan.ari.password, SECRET);
  for (const trunk of plan.trunks) checkTrunk(trunk, plan);
  for (const seat of plan.seats) {
    must('seat id', seat.id, SEAT);
    must(`secret of seat ${seat.id}`, seat.secret, SECRET);
  }
  if (plan.citizens) must('citizens.secret', plan.citizens.secret, SECRET);
  for (const number of [...plan.numbers, ...plan.practicePeers]) must('number', number, NUMBER);
  must('soundsDir', plan.soundsDir, FOLDER);
  must('musicDirs.music', plan.musicDirs.music, FOLDER);
  must('musicDirs.ringback', plan.musicDirs.ringback, FOLDER);
  once(
    'trunk',
    plan.trunks.map(({ name }) => name),
  );
  once(
    'seat',
    plan.seats.map(({ id }) => id),
  );
  once('number', plan.numbers);
  once('practice number', plan.practicePeers);
}

function checkTrunk({ name, address, sources }: Trunk, plan: AsteriskPlan): void {
  must('trunk name', name, NAME);
  mustBe('trunk name', name, !TAKEN.has(name) && !/^(seat-|practice-peers$)/.test(name));
  for (const source of sources) {
    const [ip = '', prefix = '0', ...more] = source.split('/');
    const isSource = isIP(ip) !== 0 && /^\d{1,3}$/.test(prefix) && more.length === 0;
    mustBe(`source of trunk ${name}`, source, isSource);
  }
  if (address.host === PRACTICE) {
    mustBe(`address of trunk ${name}`, PRACTICE, plan.practicePeers.length > 0);
    return;
  }
  mustBe(
    `host of trunk ${name}`,
    address.host,
    isIP(address.host) !== 0 || HOST.test(address.host),
  );
  mustBe(`port of trunk ${name}`, address.port, isPort(address.port));
}

const isPort = (port: number): boolean => Number.isInteger(port) && port > 0 && port < 65536;

function must(what: string, value: string, form: RegExp): void {
  mustBe(what, value, form.test(value));
}

function mustBe(what: string, value: string | number, fits: boolean): void {
  if (fits) return;
  const shown = /secret|password/.test(what) ? '(not shown)' : JSON.stringify(value);
  throw new TypeError(`Not fit for Asterisk's files: ${what} ${shown}`);
}

function once(what: string, values: readonly string[]): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) throw new TypeError(`Twice in Asterisk's files: ${what} "${twice}"`);
}
