import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastLines, startProcess, type Running } from '../../tools/parts/processes.ts';
import { compiled } from './compiled.ts';
import type { Parts } from './deployment.ts';

let made = 0;

/** The controller as a process of its own, which can be killed and started again at the same address. */
export class ControllerProcess {
  readonly url: string;
  private readonly env: NodeJS.ProcessEnv;
  private readonly logFile: string;
  private running: Running | undefined;

  constructor({ env, asterisk }: Pick<Parts, 'env' | 'asterisk'>) {
    this.env = { ...env };
    this.logFile = join(asterisk.runDir, `controller-${++made}.log`);
    this.url = `http://127.0.0.1:${env.LIANDONG_HTTP_PORT}`;
  }

  /**
   * Starts it and waits until it is in control. `preload`: a module that is loaded before ours, with `env` beside the
   * usual. Returns after how many milliseconds it answered.
   */
  async starts(preload?: string, env: NodeJS.ProcessEnv = {}): Promise<number> {
    const began = Date.now();
    const main = join(await compiled(), 'server/main.js');
    const imports = preload === undefined ? [] : ['--import', preload];
    this.running = await startProcess('the controller', [process.execPath, ...imports, main], {
      logFile: this.logFile,
      env: { ...process.env, ...this.env, ...env },
    });
    let gone = false;
    void this.running.ended.then(() => (gone = true));
    for (;;) {
      if (await this.isThere()) return Date.now() - began;
      if (gone) throw new Error(`the controller has ended:\n${this.lastWords()}`);
      await sleep(20);
    }
  }

  /** SIGKILL. */
  async isKilled(): Promise<void> {
    if (!this.running) return;
    process.kill(this.running.pid, 'SIGKILL');
    await this.running.ended;
  }

  signals(signal: NodeJS.Signals): void {
    if (this.running) process.kill(this.running.pid, signal);
  }

  /** Resolves when the one that runs now has ended. */
  async ended(): Promise<void> {
    await this.running?.ended;
  }

  async stops(): Promise<void> {
    await this.running?.stop();
  }

  /** Errors that it has logged. */
  complaints(): string[] {
    const lines = readFileSync(this.logFile, 'utf8').split('\n');
    return lines.filter((line) => /"level":[56]0/.test(line));
  }

  lastWords(): string {
    return lastLines([this.logFile], 60);
  }

  private async isThere(): Promise<boolean> {
    return fetch(`${this.url}/api/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}
