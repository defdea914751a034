import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastLines, startProcess } from '../../tools/parts/processes.ts';
import type { Parts } from './deployment.ts';

/** A controller in a process of its own, which can be killed or hang. */
export interface ControllerProcess {
  readonly url: string;
  /** It stands still from now on (SIGSTOP), its connections open. */
  hangs(): void;
  goesOn(): void;
  /** Warnings and errors that it has logged. */
  complaints(): string[];
  /** SIGKILL. */
  dies(): Promise<void>;
}

const patienceMs = 30_000;
let started = 0;

/** `make run`'s own program, from source. */
export async function aController({ env, asterisk }: Parts): Promise<ControllerProcess> {
  const logFile = join(asterisk.runDir, `controller-${++started}.log`);
  const program = [process.execPath, '--import', './tools/with-ts.js', 'server/main.ts'];
  const running = await startProcess('controller', program, {
    logFile,
    env: { PATH: process.env.PATH, ...env },
  });
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const log = existsSync(logFile) ? readFileSync(logFile, 'utf8') : '';
    const [, url] = /is ready at (http:[^"\s]+)/.exec(log) ?? [];
    if (url !== undefined) {
      return {
        url,
        hangs: () => void process.kill(running.pid, 'SIGSTOP'),
        goesOn: () => void process.kill(running.pid, 'SIGCONT'),
        complaints: () =>
          readFileSync(logFile, 'utf8')
            .split('\n')
            .filter((line) => /"level":[456]0/.test(line)),
        async dies() {
          process.kill(running.pid, 'SIGKILL');
          await running.ended;
        },
      };
    }
    if (Date.now() > deadline) throw new Error(`No controller:\n${lastLines([logFile])}`);
    await sleep(50);
  }
}
