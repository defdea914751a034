import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { anAddress } from '../../tests/given/address.ts';
import { aCity, hotline, seat } from '../../tests/given/city.ts';
import { withAppQueues } from './app-queue.ts';
import { aBenchDeployment, type BenchDeployment } from './deployment.ts';
import { isReady, logIn, openDesk, phonesAt } from './desks.ts';
import { SipHouse, type SipCall } from './sip.ts';

/** Who serves the queue: the product or Asterisk's own app_queue, on the same phones. */
export interface Side {
  readonly name: 'ours' | 'app_queue';
  /** Its queue with all seats. */
  readonly number: string;
  /** Its queue in which nobody works. */
  readonly deserted: string;
  /** What a seat must do after it has let a call ring: ours takes it out, app_queue does not. */
  readonly backToWork: (phone: string) => Promise<void>;
}

export interface HallPlan {
  readonly seats: number;
  readonly ringSeconds: number;
}

/** Callers a second while the hall is filled. */
const RATE = 40;

/** Seats on phones and those who ring them, all played by this process. */
export class Hall {
  readonly deployment: BenchDeployment;
  readonly callers: SipHouse;
  readonly phones: SipHouse;
  readonly ours: Side;
  readonly peer: Side;
  readonly #cookies = new Map<string, string>();
  #desks: Socket[] = [];
  #rung = 0;

  private constructor(deployment: BenchDeployment, callers: SipHouse, phones: SipHouse) {
    this.deployment = deployment;
    this.callers = callers;
    this.phones = phones;
    this.ours = {
      name: 'ours',
      number: '12345',
      deserted: '110',
      backToWork: (phone) => this.#isReady(phone.replace('seat-', '')),
    };
    this.peer = {
      name: 'app_queue',
      number: '12390',
      deserted: '12391',
      backToWork: () => Promise.resolve(),
    };
  }

  static async open({ seats, ringSeconds }: HallPlan): Promise<Hall> {
    const ids = Array.from({ length: seats }, (_, i) => `7${String(i).padStart(3, '0')}`);
    const phonesIp = await anAddress();
    const city = await aCity((config) => ({
      ...config,
      hotlines: {
        '12345': hotline('政务服务便民热线', ['12345'], { offerSeconds: ringSeconds }),
        '110': hotline('报警服务台', ['110']),
      },
      seats: ids.map((id) => ({ ...seat(id), hotlines: ['12345'], line: 'phone' })),
    }));
    const deployment = await aBenchDeployment(city.config, (files) => {
      const pjsip = phonesAt(files['pjsip.conf'] ?? '', ids, phonesIp);
      return withAppQueues({ ...files, 'pjsip.conf': pjsip }, [
        { number: '12390', seats: ids, ringSeconds },
        { number: '12391', seats: [], ringSeconds },
      ]);
    });
    const [callers, phones] = await Promise.all(
      [city.carrier, phonesIp].map((ip) => SipHouse.open(ip, deployment.sip)),
    );
    if (!callers || !phones) throw new Error('no houses');
    const hall = new Hall(deployment, callers, phones);
    deployment.atEnd(() => hall.#leaves());
    for (const id of ids) hall.#cookies.set(id, await logIn(deployment.url, id));
    await hall.allReady();
    return hall;
  }

  /** The pages of all seats, with their live events. */
  async opensDesks(): Promise<void> {
    for (const cookie of this.#cookies.values())
      this.#desks.push(await openDesk(this.deployment.url, cookie));
  }

  /** Somebody rings who has never rung before. */
  rings(number: string): SipCall {
    return this.callers.rings(`138${String(++this.#rung).padStart(8, '0')}`, number);
  }

  /** So many ring, one after another; returns when all are answered, by whomever. */
  async comes(count: number, number: string): Promise<SipCall[]> {
    const calls: SipCall[] = [];
    for (let i = 0; i < count; i++) {
      calls.push(this.rings(number));
      await sleep(1000 / RATE);
    }
    await until('callers are answered', () => calls.every(({ answered }) => answered > 0));
    return calls;
  }

  /** Phones that talk. */
  get talking(): SipCall[] {
    return [...this.phones.calls.values()].filter(({ answered }) => answered > 0);
  }

  /** Everybody hangs up at once, and the switch has nobody left. */
  async empties(): Promise<void> {
    for (const call of this.callers.calls.values()) call.hangsUp();
    await until('all are gone', () => this.callers.calls.size + this.phones.calls.size === 0);
    const { asterisk } = this.deployment;
    const deadline = Date.now() + 10_000;
    for (;;) {
      const said = await asterisk.cli('core show channels count');
      if (/^0 active channels/m.test(said)) break;
      if (Date.now() > deadline) throw new Error(`The switch is not empty: ${said}`);
      await sleep(100);
    }
    // What the last goodbyes mean for the seats is still on its way.
    await sleep(500);
    await this.allReady();
  }

  /** Ours takes out a seat that lets a call ring. */
  async allReady(): Promise<void> {
    for (const id of this.#cookies.keys()) await this.#isReady(id);
  }

  #isReady(id: string): Promise<void> {
    return isReady(this.deployment.url, this.#cookies.get(id) ?? '');
  }

  async #leaves(): Promise<void> {
    for (const desk of this.#desks) desk.destroy();
    await Promise.all([this.callers.close(), this.phones.close()]);
  }
}

/** Looks every few ms; for what is not timed. */
export async function until(what: string, is: () => boolean, withinMs = 15_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!is()) {
    if (Date.now() > deadline) throw new Error(`Waited in vain: ${what}`);
    await sleep(5);
  }
}
