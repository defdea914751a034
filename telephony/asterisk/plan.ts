import { isIP } from 'node:net';
import type { Route, Trunk } from '../trunk.ts';

/** All that Asterisk must be told about one installation. */
export interface AsteriskPlan {
  /** The Stasis application that takes the calls. */
  readonly app: string;
  /** Its name among several; the ids of its channels begin with it. '': there is but one. */
  readonly node: string;
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
    /** Nobody sits there: Asterisk is its voice when its leg is made by `PLAYED_SEATS`. */
    readonly played?: boolean;
  }[];
  /** The page from which one may call as a citizen; null: there is none. */
  readonly citizens: { readonly secret: string } | null;
  /** Numbers that Asterisk answers itself when they are dialled on a trunk with the address `practice`. */
  readonly practicePeers: readonly string[];
  /** The same for remote centres: they answer and press the key by which a person takes the caller. */
  readonly practiceCentres: readonly string[];
  readonly lines: readonly Line[];
  /** Folder of the prompts please-wait, sorry-try-later, press-1-to-take and practice-peer. */
  readonly soundsDir: string;
  /** The files of the music, without their endings. */
  readonly music: readonly string[];
  readonly musicDirs: { readonly music: string; readonly ringback: string };
}

/** One of our hotlines, as far as Asterisk must know it when no controller does. */
export interface Line {
  /** Its id, under which it hands its callers on. */
  readonly hotline: string;
  /** Dialled numbers that mean it. */
  readonly numbers: readonly string[];
  /** Its callers are offered before others, and are never sent on because too many wait. */
  readonly emergency: boolean;
  /** How long a caller whom no controller takes waits for `survival`, and again between two tries. */
  readonly patienceSeconds: number;
  /** Where she goes then; null: nowhere, she is told to ring later, and may stay. */
  readonly survival: Survival | null;
}

/** A centre that Asterisk rings by itself. */
export interface Survival {
  /** Tried in this order. */
  readonly routes: readonly Route[];
  readonly ringSeconds: number;
  /** Whether a person there has to press 1, or has taken her by answering. */
  readonly confirm: 'key' | 'answer';
}

/** All numbers that Asterisk answers itself. */
export const practiceNumbers = (plan: AsteriskPlan): readonly string[] => [
  ...plan.practicePeers,
  ...plan.practiceCentres,
];

const numbersOf = ({ lines }: AsteriskPlan): readonly string[] =>
  lines.flatMap(({ numbers }) => numbers);

/**
 * The global variable that a controller writes anew every second, as long as it can: `<beat>:<others>:<emergency>:<full>`.
 * Callers with tickets up to the second or, of emergency lines, the third may be offered; from the fourth on others go to
 * the survival site.
 */
export const BEAT = 'LD_BEAT';

/** The music of those who wait in the dialplan, with a word before it. */
export const WORD = 'music-after-a-word';
/** The same, when there is nobody to whom she could go on. */
export const SORRY = 'music-after-sorry';

/** Where legs that we rang go when they are answered; its context and its one extension. */
export const LEGS = 'legs';

/** Contexts of those whom Asterisk plays: a leg to a seat's number in the first is that seat's lasting leg. */
export const PLAYED_SEATS = 'played-seats';
/** What the other end of such a leg, or a citizen's, says: extensions `VOICES`. */
export const PLAYED_VOICES = 'played-voices';
/** Prompts of the same names; each is said again and again, until somebody hangs up. */
export const VOICES = {
  citizen: ['citizen-1', 'citizen-2', 'citizen-3', 'citizen-4'],
  seat: ['operator-1', 'operator-2', 'operator-3'],
} as const;

/** Host of a trunk that Asterisk answers itself. */
export const PRACTICE = 'practice';

/** The endpoint of those who call from the citizen page, and its SIP user. */
export const CITIZEN_ENDPOINT = 'citizen';

/** The trunk name under which calls from the citizen page arrive. */
export const CITIZEN_TRUNK = 'citizen-page';

/**
 * The endpoint of a seat, which is its SIP user too. Not the bare id: a caller on a trunk whose
 * number is 8001 would be taken for the seat 8001 and asked for its password.
 */
export const seatEndpoint = (seat: string): string => `seat-${seat}`;

// What may stand in the files.

const NAME = /^[a-z][a-z0-9-]{0,30}$/;
const ID = /^[a-z0-9][a-z0-9-]{0,30}$/;
const NUMBER = /^\+?\d{2,15}$/;
const USER = /^\w[\w.-]{0,40}$/;
const SECRET = /^[\w.~+/=-]{4,128}$/;
// Neither what Asterisk reads as syntax nor what parts file names in Playback.
const FOLDER = /^\/[^\n\r\t;,$"'\\()[\]{}&|#]*$/;
const HOST = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i;
const TAKEN = new Set(['udp', 'tcp', 'ws', 'global', 'system', CITIZEN_ENDPOINT, CITIZEN_TRUNK]);

export function check(plan: AsteriskPlan): void {
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
    must('seat id', seat.id, ID);
    must(`secret of seat ${seat.id}`, seat.secret, SECRET);
  }
  if (plan.citizens) must('citizens.secret', plan.citizens.secret, SECRET);
  for (const line of plan.lines) checkLine(line, plan);
  for (const number of [...numbersOf(plan), ...practiceNumbers(plan)])
    must('number', number, NUMBER);
  must('soundsDir', plan.soundsDir, FOLDER);
  for (const file of plan.music) must('music', file, FOLDER);
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
  once('number', numbersOf(plan));
  once('practice number', practiceNumbers(plan));
}

function checkTrunk(trunk: Trunk, plan: AsteriskPlan): void {
  const { name, address, sources, qualifySeconds } = trunk;
  must('trunk name', name, NAME);
  mustBe('trunk name', name, !TAKEN.has(name) && !/^(seat-|practice-peers$)/.test(name));
  mustBe(
    `qualifySeconds of trunk ${name}`,
    qualifySeconds,
    Number.isInteger(qualifySeconds) && qualifySeconds >= 0,
  );
  for (const source of sources) {
    const [ip = '', prefix = '0', ...more] = source.split('/');
    const isSource = isIP(ip) !== 0 && /^\d{1,3}$/.test(prefix) && more.length === 0;
    mustBe(`source of trunk ${name}`, source, isSource);
  }
  if (address.host === PRACTICE) {
    mustBe(`address of trunk ${name}`, PRACTICE, practiceNumbers(plan).length > 0);
    return;
  }
  mustBe(
    `host of trunk ${name}`,
    address.host,
    isIP(address.host) !== 0 || HOST.test(address.host),
  );
  mustBe(`port of trunk ${name}`, address.port, isPort(address.port));
}

function checkLine({ hotline, patienceSeconds, survival }: Line, { trunks }: AsteriskPlan): void {
  must('hotline', hotline, ID);
  mustBeSeconds(`patienceSeconds of ${hotline}`, patienceSeconds);
  if (!survival) return;
  mustBeSeconds(`ringSeconds of ${hotline}`, survival.ringSeconds);
  for (const { trunk, number } of survival.routes) {
    mustBe(
      `trunk of ${hotline}`,
      trunk,
      trunks.some(({ name }) => name === trunk),
    );
    must(`survival number of ${hotline}`, number, NUMBER);
  }
}

const mustBeSeconds = (what: string, value: number): void =>
  mustBe(what, value, Number.isInteger(value) && value > 0);

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
