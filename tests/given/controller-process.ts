import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastLines, startProcess, type Running } from '../../tools/parts/processes.ts';
import { compiled } from './compiled.ts';
import type { Parts } from './deployment.ts';

let made = 0;
const PATIENCE_MS = 60_000;

export type Role = 'active' | 'standby';

/** The controller as a process of its own, which can be killed and started again at the same address. */
export class ControllerProcess {
  readonly url: string;
  private readonly parts: Pick<Parts, 'env' | 'asterisk'>;
  private readonly env: NodeJS.ProcessEnv;
  private readonly logFile: string;
  private running: Running | undefined;
  private gone: Running | undefined;

  constructor(parts: Pick<Parts, 'env' | 'asterisk'>) {
    this.parts = parts;
    this.env = { ...parts.env };
    this.logFile = join(parts.asterisk.runDir, `controller-${++made}.log`);
    this.url = `http://127.0.0.1:${parts.env.LIANDONG_HTTP_PORT}`;
  }

  /** A second one of the same deployment, at the next port; `other`: what is different in its environment. */
  beside(other: Readonly<Record<string, string>> = {}): ControllerProcess {
    const { env, asterisk } = this.parts;
    const port = String(Number(env.LIANDONG_HTTP_PORT) + 1);
    return new ControllerProcess({
      env: { ...env, ...other, LIANDONG_HTTP_PORT: port },
      asterisk,
    });
  }

  /**
   * Starts it and waits until it is in control. `preload`: a module that is loaded before ours, with `env` beside the
   * usual. Returns after how many milliseconds it was.
   */
  async starts(preload?: string, env: NodeJS.ProcessEnv = {}): Promise<number> {
    const began = Date.now();
    await this.begins(preload, env);
    await this.is('active');
    return Date.now() - began;
  }

  /** Starts it and waits until it stands by. */
  async standsBy(preload?: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
    await this.begins(preload, env);
    await this.is('standby');
  }

  /** Starts it, and does not wait for anything. */
  async begins(preload?: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
    const main = join(await compiled(), 'server/main.js');
    const imports = preload === undefined ? [] : ['--import', preload];
    const running = await startProcess('the controller', [process.execPath, ...imports, main], {
      logFile: this.logFile,
      env: { ...process.env, ...this.env, ...env },
    });
    this.running = running;
    void running.ended.then(() => (this.gone = running));
  }

  /** Waits until it is well and in this role. @throws after a minute, or when it has ended */
  async is(...roles: readonly Role[]): Promise<Role> {
    const { running } = this;
    let gone: string | undefined;
    const deadline = performance.now() + PATIENCE_MS;
    void running?.ended.then((how) => (gone = how));
    for (;;) {
      const role = await this.role();
      if (role && roles.includes(role)) return role;
      if (gone) throw new Error(`the controller has ended, ${gone}:\n${this.lastWords()}`);
      if (performance.now() > deadline)
        throw new Error(`the controller is ${role}, and not ${roles.join(' or ')}`);
      await sleep(10);
    }
  }

  /** Null: it is not there, or not well. */
  async role(): Promise<Role | null> {
    const reply = await fetch(`${this.url}/api/health`, {
      signal: AbortSignal.timeout(1_000),
    }).catch(() => null);
    if (!reply?.ok) return null;
    return ((await reply.json()) as { role: Role }).role;
  }

  /** SIGKILL. */
  async isKilled(): Promise<void> {
    if (!this.running) return;
    process.kill(this.running.pid, 'SIGKILL');
    await this.running.ended;
  }

  /** Of the process that runs now. */
  get pid(): number {
    if (!this.running) throw new Error('the controller does not run');
    return this.running.pid;
  }

  /** So many milliseconds has it stood ready to run while others had the processor, since it began. */
  waitedForCpuMs(): number {
    const [, waited] = readFileSync(`/proc/${this.pid}/schedstat`, 'utf8').split(' ');
    return Math.round(Number(waited) / 1e6);
  }

  /** Nothing, if it has ended. */
  signals(signal: NodeJS.Signals): void {
    if (this.running && this.running !== this.gone) process.kill(this.running.pid, signal);
  }

  /** Resolves when the one that runs now has ended, with how: `exit code 0`. */
  async ended(): Promise<string | undefined> {
    return this.running?.ended;
  }

  async stops(): Promise<void> {
    await this.running?.stop();
  }

  /** Whether it has written these words since it began. */
  hasSaid(words: string): boolean {
    return readFileSync(this.logFile, 'utf8').includes(words);
  }

  /** Errors that it has logged. */
  complaints(): string[] {
    const lines = readFileSync(this.logFile, 'utf8').split('\n');
    return lines.filter((line) => /"level":[56]0/.test(line));
  }

  lastWords(): string {
    return lastLines([this.logFile], 60);
  }
}
