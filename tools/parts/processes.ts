import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A child process that we started and that we end. */
export interface Running {
  readonly name: string;
  readonly pid: number;
  /** Where to read what it said. */
  readonly logs: readonly string[];
  /** Resolves once, when the process is gone, with how it ended in words: `exit code 1`, `signal SIGTERM`. */
  readonly ended: Promise<string>;
  /** Sends the signal that ends it (SIGTERM, unless another was named), after `graceMs` (default 8000) SIGKILL; resolves when the process is gone. May be called twice. */
  stop(graceMs?: number): Promise<void>;
}

export interface StartOptions {
  /** Takes stdout and stderr; made anew at each start, unless `append`. */
  readonly logFile: string;
  readonly append?: boolean;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What it is ended by; SIGTERM, unless told otherwise. */
  readonly endedBy?: 'TERM' | 'INT';
  /** Switches of setpriv besides that: who it is and what it may. */
  readonly as?: readonly string[];
}

const living = new Set<Running>();
const helpers = new Set<ChildProcess>();

/** Ends all that this process started and that still lives, the last started first. */
export async function stopAll(graceMs?: number): Promise<void> {
  for (const helper of helpers) helper.kill('SIGTERM');
  for (const running of [...living].reverse()) await running.stop(graceMs);
}

const SETPRIV = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));

/**
 * Starts a program that the kernel tells to end when this process dies, however it dies
 * (setpriv of util-linux, which every Debian has), and that Ctrl-C in the terminal does not reach:
 * its end is ours to order.
 * @throws when the program cannot be started
 */
export async function startProcess(
  name: string,
  command: readonly string[],
  options: StartOptions,
): Promise<Running> {
  const { endedBy = 'TERM', as = [] } = options;
  const [program, ...args] = SETPRIV
    ? [SETPRIV, ...as, '--pdeathsig', endedBy, '--', ...command]
    : [...command];
  if (program === undefined) throw new Error(`${name}: nothing to start`);
  await mkdir(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, options.append ? 'a' : 'w');
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  let gone = false;
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      gone = true;
      resolve(signal ? `signal ${signal}` : `exit code ${code}`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) =>
      reject(new Error(`${name} cannot be started: ${error.message}`)),
    );
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${name} cannot be started`);
  const running: Running = {
    name,
    pid,
    logs: [options.logFile],
    ended,
    async stop(graceMs = 8000) {
      if (gone) return;
      child.kill(`SIG${endedBy}`);
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
  living.add(running);
  void ended.then(() => living.delete(running));
  return running;
}

/** The last `count` lines of the files that exist, each file under its name. */
export function lastLines(files: readonly string[], count = 15): string {
  return files
    .filter((file) => existsSync(file))
    .map((file) => {
      const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count);
      return [`--- ${file}`, ...lines].join('\n');
    })
    .join('\n');
}

/**
 * Runs a program to its end.
 * @returns its stdout
 * @throws with the last lines of its output when the exit code is not 0 or the program is not there
 */
export async function output(
  command: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; timeoutMs?: number; tail?: number } = {},
): Promise<string> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
    });
    helpers.add(child);
    let stdout = '';
    let all = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      all += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      all += text;
    });
    child.once('error', (error) => {
      helpers.delete(child);
      reject(new Error(`${program}: ${error.message}`));
    });
    child.once('close', (code, signal) => {
      helpers.delete(child);
      if (code === 0) resolve(stdout);
      else {
        const tail = all
          .trimEnd()
          .split('\n')
          .slice(-(options.tail ?? 15))
          .join('\n');
        reject(new Error(`${command.join(' ')} ended with ${signal ?? `code ${code}`}:\n${tail}`));
      }
    });
  });
}
