import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { debianRoot } from '../../tools/parts/debian-root.ts';
import { toStderr } from '../../tools/parts/progress.ts';
import { takesSip } from './address.ts';
import { SipMessage } from './sip-message.ts';
import { SIP_PORT, type Address } from './wire.ts';

/** The files in tests/given/sipp. */
export type Scenario =
  | 'citizen'
  | 'flood'
  | 'peer-answers'
  | 'peer-busy'
  | 'peer-refuses-foreign-number'
  | 'peer-silent';

export interface SippOptions {
  readonly scenario: Scenario;
  /** Its own address on loopback (`anAddress()`), where it takes and sends SIP at port 5060. */
  readonly ip: string;
  /** Where Asterisk takes SIP over UDP. */
  readonly asterisk: Address;
  /** The number that a citizen rings. */
  readonly number?: string;
  /** What the scenario asks for by [name]; see there. */
  readonly keys?: Readonly<Record<string, string>>;
  /** Ends by itself after so many calls; default 1. */
  readonly calls?: number;
  /** Calls begun per second; default 10. */
  readonly rate?: number;
  /** How long a call stays if the other side does not hang up; default 2000. */
  readonly stayMs?: number;
  /** Ends at the latest after so many seconds; default 30. */
  readonly seconds?: number;
  /** Each caller has a number of her own: the key `caller`, and her place after it; `pai` does not count. */
  readonly ownNumbers?: boolean;
  /** Says back whatever sound it hears. */
  readonly echoes?: boolean;
}

export interface SippMessage {
  readonly direction: 'sent' | 'received';
  readonly message: SipMessage;
}

/** Of a scenario that takes times, in milliseconds: one for each call of which it came. */
export interface SippTimes {
  readonly first: readonly number[];
  readonly answered: readonly number[];
}

export interface SippReport {
  /** 0: every call went as the scenario says; 1: one did not; 97 or 99: time was over, or no call came. */
  readonly exitCode: number | null;
  readonly counts: { readonly successful: number; readonly failed: number };
  /** Of `flood` none: they would be too many. */
  readonly messages: readonly SippMessage[];
  readonly times: SippTimes;
  /** What SIPp remarked; a call that stayed for its time is remarked, too. */
  readonly errors: string;
  /** The requests of one method that came, in their order. */
  received(method: string): SipMessage[];
}

export interface SippRun {
  /** Resolves when SIPp has ended. */
  readonly report: Promise<SippReport>;
  /** How its calls have ended up to about a second ago. */
  counts(): Promise<SippReport['counts']>;
  /** Ends it, if it has not ended. */
  stop(): Promise<SippReport>;
}

const SCENARIOS = fileURLToPath(new URL('./sipp/', import.meta.url));

const defaultKeys = (ip: string): Readonly<Record<string, string>> => ({
  caller: '13800138000',
  pai: `<sip:13800138000@${ip}>`,
  privacy: 'none',
  own: '12345',
});

/** Runs a scenario of an independent SIP implementation to its end. */
export async function runSipp(options: SippOptions): Promise<SippReport> {
  return (await startSipp(options)).report;
}

/** Starts a scenario; when it returns, whoever waits for calls takes them. */
export async function startSipp(options: SippOptions): Promise<SippRun> {
  const { seconds = 30 } = options;
  const folder = await mkdtemp(join(tmpdir(), 'liandong-sipp-'));
  if (options.ownNumbers) await writeNumbered(options.scenario, folder);
  const [program = '', ...before] = await sippCommand();
  const process = spawn(program, [...before, ...sippArguments(options, folder)], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/bin:/bin', TERM: 'dumb' },
  });
  const said: string[] = [];
  process.stdout.on('data', (text: Buffer) => void said.push(text.toString()));
  process.stderr.on('data', (text: Buffer) => void said.push(text.toString()));
  // It has a time limit of its own; this one is for the case that it hangs.
  const late = setTimeout(() => process.kill('SIGKILL'), (seconds + 5) * 1000);
  const ended = new Promise<number | null>((resolve, reject) => {
    process.once('error', reject);
    process.once('close', resolve);
  });
  const report = ended
    .then((exitCode) => readReport(exitCode, folder, said.join('')))
    .finally(async () => {
      clearTimeout(late);
      await rm(folder, { recursive: true, force: true });
    });
  report.catch(() => undefined);
  await isListening(options.ip, process);
  const counts = async () => parseCounts(await readFile(join(folder, 'counts.csv'), 'utf8'));
  return { report, counts, stop: () => stop(process, report) };
}

/** SIPp puts nothing into a key's value: the scenario itself says where the place of each stands. */
async function writeNumbered(scenario: Scenario, folder: string): Promise<void> {
  const text = await readFile(join(SCENARIOS, `${scenario}.xml`), 'utf8');
  const own = '[caller][call_number]';
  const numbered = text.replaceAll('[caller]', own).replaceAll('[pai]', `<sip:${own}@[local_ip]>`);
  await writeFile(join(folder, `${scenario}.xml`), numbered);
}

/** The machine's own, or the one of the private root. */
async function sippCommand(): Promise<readonly string[]> {
  if (existsSync('/usr/bin/sipp')) return ['/usr/bin/sipp'];
  return (await debianRoot(toStderr)).command('usr/bin/sipp');
}

function sippArguments(options: SippOptions, folder: string): string[] {
  const { scenario, ip, asterisk, number, calls = 1, rate = 10 } = options;
  const { stayMs = 2000, seconds = 30 } = options;
  const keys = Object.entries({ ...defaultKeys(ip), ...options.keys });
  return [
    ...['-sf', join(options.ownNumbers ? folder : SCENARIOS, `${scenario}.xml`)],
    ...['-i', ip, '-p', `${SIP_PORT}`, '-bind_local', '-mi', ip],
    ...['-m', `${calls}`, '-r', `${rate}`, '-l', `${calls}`],
    ...(scenario === 'flood' ? [] : ['-recv_timeout', `${stayMs}`]),
    ...['-timeout', `${seconds}s`, '-timeout_error'],
    ...keys.flatMap(([name, value]) => ['-key', name, value]),
    ...(number ? ['-s', number] : []),
    ...['-nostdin', '-aa', ...(options.echoes ? ['-rtp_echo'] : [])],
    ...(scenario === 'flood'
      ? ['-d', `${stayMs}`, '-trace_rtt', '-rtt_freq', '1']
      : ['-trace_msg', '-message_file', join(folder, 'messages.log')]),
    ...['-trace_err', '-error_file', join(folder, 'errors.log')],
    ...['-trace_stat', '-stf', join(folder, 'counts.csv'), '-fd', '1'],
    `${asterisk.host}:${asterisk.port}`,
  ];
}

async function isListening(ip: string, process: ChildProcess): Promise<void> {
  while (process.exitCode === null && process.signalCode === null && !(await takesSip(ip)))
    await sleep(10);
}

async function stop(process: ChildProcess, report: Promise<SippReport>): Promise<SippReport> {
  for (const signal of ['SIGUSR1', 'SIGUSR1', 'SIGTERM', 'SIGKILL'] as const) {
    if (process.exitCode !== null || process.signalCode !== null) break;
    process.kill(signal);
    await Promise.race([report.catch(() => undefined), sleep(500)]);
  }
  return report;
}

async function readReport(
  exitCode: number | null,
  folder: string,
  said: string,
): Promise<SippReport> {
  const rtt = (await readdir(folder)).find((name) => name.endsWith('_rtt.csv'));
  const text = (name: string) => readFile(join(folder, name), 'utf8').catch(() => '');
  const messages = parseMessages(await text('messages.log'));
  const errors = await text('errors.log');
  return {
    exitCode,
    counts: parseCounts(await text('counts.csv')),
    messages,
    times: parseTimes(await text(rtt ?? '')),
    errors: errors || (exitCode === 0 ? '' : said.slice(-2000)),
    received: (method) =>
      messages
        .filter(({ direction, message }) => direction === 'received' && message.method === method)
        .map(({ message }) => message)
        .filter(({ status }) => status === 0),
  };
}

/** `---- time` / `UDP message sent (519 bytes):` / empty line / the message, again and again. */
function parseMessages(log: string): SippMessage[] {
  const heads = [...log.matchAll(/^-{20,}[^\n]*\nUDP message (sent|received)[^\n]*\n\n/gm)];
  return heads.map((head, i) => {
    const from = head.index + head[0].length;
    const raw = log.slice(from, heads[i + 1]?.index ?? log.length);
    return { direction: head[1] as SippMessage['direction'], message: new SipMessage(raw) };
  });
}

/** `when;milliseconds;number` */
function parseTimes(csv: string): SippTimes {
  const lines = csv
    .trim()
    .split('\n')
    .map((line) => line.split(';'));
  const of = (nth: string) =>
    lines.flatMap(([, ms, name]) => (name?.trim() === nth ? [Number(ms)] : []));
  return { first: of('1'), answered: of('2') };
}

/** The last line holds the sums. */
function parseCounts(csv: string): SippReport['counts'] {
  const lines = csv.trim().split('\n');
  const names = lines[0]?.split(';') ?? [];
  const last = lines.at(-1)?.split(';') ?? [];
  const count = (name: string) => Number(last[names.indexOf(name)]) || 0;
  return { successful: count('SuccessfulCall(C)'), failed: count('FailedCall(C)') };
}
