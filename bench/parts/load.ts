import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Written } from '../../tests/given/deployment.ts';
import { anAddress } from '../../tests/given/address.ts';
import { seat } from '../../tests/given/city.ts';
import { startSipp, type SippRun } from '../../tests/given/sipp.ts';
import type { BenchDeployment } from './deployment.ts';
import { isReady, logIn, openDesk, phonesAt } from './desks.ts';

/** So long at most does the load stay. */
const SECONDS = 900;

const RATE = 20;

/**
 * The other calls: citizens and phones played by SIPp, without sound; each seat has its desk open.
 * Every step adds calls to those that are there.
 */
export class Load {
  readonly #seats: readonly string[];
  /** Where the phones of the load are. */
  readonly #phones: string;
  #runs: SippRun[] = [];
  #desks: Socket[] = [];
  #calls = 0;
  #answering: SippRun | undefined;

  private constructor(seats: readonly string[], phones: string) {
    this.#seats = seats;
    this.#phones = phones;
  }

  static async of(most: number): Promise<Load> {
    const seats = Array.from({ length: most }, (_, i) => `7${String(i).padStart(3, '0')}`);
    return new Load(seats, await anAddress());
  }

  seats(): Written[] {
    return this.#seats.map((id) => ({ ...seat(id), hotlines: ['12345'], line: 'phone' }));
  }

  pjsip(text: string): string {
    return phonesAt(text, this.#seats, this.#phones);
  }

  /** Brings it to so many calls under way, all talking. */
  async grow(calls: number, deployment: BenchDeployment, ip: string): Promise<void> {
    const { url, sip: asterisk } = deployment;
    const more = calls - this.#calls;
    if (more <= 0) return;
    this.#answering ??= await startSipp({
      scenario: 'peer-answers',
      ip: this.#phones,
      asterisk,
      calls: this.#seats.length + 1,
      stayMs: SECONDS * 1000,
      seconds: SECONDS,
    });
    for (const id of this.#seats.slice(this.#calls, calls)) {
      const cookie = await logIn(url, id);
      await isReady(url, cookie);
      if (process.env.BENCH_DESKS !== 'closed') this.#desks.push(await openDesk(url, cookie));
    }
    this.#runs.push(
      await startSipp({
        scenario: 'citizen',
        ip,
        asterisk,
        number: '12345',
        calls: more,
        rate: RATE,
        stayMs: SECONDS * 1000,
        seconds: SECONDS,
      }),
    );
    this.#calls = calls;
    await this.#stands(deployment);
  }

  async leaves(): Promise<void> {
    for (const desk of this.#desks) desk.destroy();
    const all = [...this.#runs, ...(this.#answering ? [this.#answering] : [])];
    await Promise.all(all.map((run) => run.stop().catch(() => undefined)));
  }

  /** Two bridged channels a call on the switch, and the controller agrees. */
  async #stands({ url, asterisk }: BenchDeployment): Promise<void> {
    const deadline = Date.now() + 10_000 + (this.#calls / RATE) * 2000;
    for (;;) {
      const { calls } = (await (await fetch(`${url}/api/health`)).json()) as { calls: number };
      const said = await asterisk.cli('core show channels count');
      const channels = Number(/(\d+) active channel/.exec(said)?.[1]);
      if (calls === this.#calls && channels === 2 * this.#calls) return;
      if (Date.now() > deadline) {
        throw new Error(`The load does not stand: ${calls} calls, ${said}, not ${this.#calls}`);
      }
      await sleep(200);
    }
  }
}
