import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownAddresses } from '../../server/environment.ts';
import { baseFiles, conf } from '../../telephony/asterisk/base-files.ts';
import { asteriskProgram, startAsteriskIn } from '../../tools/parts/asterisk.ts';
import { reservePorts } from '../../tools/parts/ports.ts';
import { toStderr } from '../../tools/parts/progress.ts';

/** A real Asterisk of the test's own, on loopback. */
export interface GivenAsterisk {
  /** http://127.0.0.1:port */
  readonly httpUrl: string;
  /** http://127.0.0.1:port/ari */
  readonly ariUrl: string;
  readonly user: string;
  readonly password: string;
  /** SIP over UDP and TCP on 127.0.0.1; SIP over WebSocket is httpUrl with ws and /ws. */
  readonly sipPort: number;
  readonly rtpRange: { readonly from: number; readonly to: number };
  readonly runDir: string;
  readonly pid: number;
  readonly version: string;
  /** Runs a command of the Asterisk console and returns what it prints. */
  cli(command: string): Promise<string>;
  /** A signal to it. */
  signals(signal: NodeJS.Signals): void;
  /** Starts it again, once it has ended, on the same ports with the same files. */
  comesBack(): Promise<void>;
  /** Ends it at once (SIGKILL) and starts it again on the same ports with the same files. */
  beginsAnew(): Promise<void>;
  /** Ends Asterisk and removes its folder. */
  stop(): Promise<void>;
}

/** What a given file may need to know before Asterisk starts. */
export interface GivenPlan {
  readonly httpPort: number;
  readonly sipPort: number;
  readonly rtpRange: { readonly from: number; readonly to: number };
  readonly user: string;
  readonly password: string;
  readonly runDir: string;
}

type Files = Readonly<Record<string, string>>;

export interface GivenOptions {
  /** How many RTP ports at least; a leg takes two. Default 380. */
  readonly rtpPorts?: number;
  /** The ARI password; default: one of its own. */
  readonly password?: string;
  /** Keeps the run folder (logs) after stop. */
  readonly keep?: boolean;
}

/** What `pjsip.conf` begins with when a test gives none: identification order and transports udp, tcp, ws. */
export function pjsipBase(sipPort: number): string {
  return conf(
    '[global]',
    'type=global',
    'endpoint_identifier_order=username,ip,anonymous',
    'taskprocessor_overload_trigger=pjsip_only',
    '[system]',
    'type=system',
    ...['udp', 'tcp', 'ws'].flatMap((protocol) => [
      `[${protocol}]`,
      'type=transport',
      `protocol=${protocol}`,
      protocol === 'ws' ? 'bind=127.0.0.1' : `bind=127.0.0.1:${sipPort}`,
    ]),
  );
}

/**
 * Starts an Asterisk on ports that are free, with sane defaults; any number side by side.
 * @param files file name -> text, or a function of the plan (ports, password) that returns them;
 *   they win over the defaults of the same name
 * @throws with the last lines of Asterisk's logs when it does not boot
 */
export async function startAsterisk(
  files: Files | ((plan: GivenPlan) => Files | Promise<Files>) = {},
  options: GivenOptions = {},
): Promise<GivenAsterisk> {
  const program = await asteriskProgram(toStderr);
  const ports = await reservePorts((options.rtpPorts ?? 380) + 10, [0, 1]);
  const runDir = await mkdtemp(join(tmpdir(), 'liandong-asterisk-'));
  const plan: GivenPlan = {
    sipPort: ports.from,
    httpPort: ports.from + 1,
    rtpRange: { from: ports.from + 9, to: ports.to },
    user: 'liandong',
    password: options.password ?? randomBytes(12).toString('hex'),
    runDir,
  };
  const tidy = async (): Promise<void> => {
    await ports.release();
    if (!options.keep) await rm(runDir, { recursive: true, force: true });
  };
  try {
    await writeTone(join(runDir, 'moh'));
    const written = {
      ...defaults(plan),
      ...(typeof files === 'function' ? await files(plan) : files),
    };
    let running = await startAsteriskIn(runDir, program, written);
    const httpUrl = `http://127.0.0.1:${plan.httpPort}`;
    return {
      httpUrl,
      ariUrl: `${httpUrl}/ari`,
      user: plan.user,
      password: plan.password,
      sipPort: plan.sipPort,
      rtpRange: plan.rtpRange,
      runDir,
      get pid() {
        return running.pid;
      },
      version: program.version,
      cli: (command) => running.cli(command),
      signals: (signal) => void process.kill(-running.pid, signal),
      async comesBack() {
        await running.ended;
        running = await startAsteriskIn(runDir, program, written);
      },
      async beginsAnew() {
        process.kill(-running.pid, 'SIGKILL');
        await running.ended;
        running = await startAsteriskIn(runDir, program, written);
      },
      async stop() {
        await running.stop(2000);
        await tidy();
      },
    };
  } catch (error) {
    await tidy();
    throw error;
  }
}

function defaults(plan: GivenPlan): Record<string, string> {
  return {
    ...baseFiles({
      httpAddress: '127.0.0.1',
      httpPort: plan.httpPort,
      rtpFrom: plan.rtpRange.from,
      rtpTo: plan.rtpRange.to,
      media: { address: '127.0.0.1', insteadOf: ownAddresses() },
    }),
    'ari.conf': conf(
      '[general]',
      'enabled=yes',
      'websocket_write_timeout=5000',
      `[${plan.user}]`,
      'type=user',
      `password=${plan.password}`,
      'password_format=plain',
    ),
    'pjsip.conf': pjsipBase(plan.sipPort),
    'extensions.conf': '',
    'musiconhold.conf': conf(
      '[general]',
      '[default]',
      'mode=files',
      `directory=${plan.runDir}/moh`,
    ),
  };
}

/** Music for tests: two seconds of a 350 Hz tone, raw 16-bit samples at 8000 Hz. */
async function writeTone(folder: string): Promise<void> {
  const samples = Int16Array.from({ length: 16_000 }, (_, i) =>
    Math.round(8000 * Math.sin((2 * Math.PI * 350 * i) / 8000)),
  );
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'tone.sln'), samples);
}
