import { secretFor } from '../../server/environment.ts';
import { seatEndpoint } from '../../telephony/asterisk/plan.ts';
import { aBrowser, type BrowserPage, type GivenBrowser } from './browser.ts';
import { aCity, type City } from './city.ts';
import type { ControllerProcess } from './controller-process.ts';
import {
  aDeployment,
  type Deployment,
  type DeploymentOptions,
  type Written,
} from './deployment.ts';
import { Desk } from './desk.ts';
import type { ToneName } from './hearing.ts';
import { logsIn } from './log-in.ts';
import { aCitizen, aPeer, aPhone, aTrunk, type Citizen, type Peer, type Phone } from './party.ts';

const seatTones: Readonly<Record<string, ToneName>> = {
  '8001': 'operator',
  '8002': 'secondOperator',
  '9001': 'police',
  '9002': 'supervisor',
  '8051': 'operator',
  '8052': 'secondOperator',
  '9051': 'police',
};

/** A person with an ordinary SIP phone. */
export interface PhoneSeat {
  readonly desk: Desk;
  readonly phone: Phone;
}

/** A person with the desk open in a real browser; keys are pressed through `desk` or on the page. */
export interface BrowserSeat {
  readonly desk: Desk;
  readonly page: BrowserPage;
}

/** A city with its deployment, and everybody whom a story puts into it. */
export class World {
  readonly city: City;
  readonly deployment: Deployment;
  private browser: GivenBrowser | undefined;
  private readonly desks: Desk[] = [];
  private leaving: (() => Promise<unknown>)[] = [];
  private carrier: Awaited<ReturnType<typeof aTrunk>> | undefined;

  constructor(city: City, deployment: Deployment) {
    this.city = city;
    this.deployment = deployment;
  }

  /** A citizen behind the city's carrier; any number of them. */
  async citizen(number = '13800138000', tone: ToneName = 'citizen'): Promise<Citizen> {
    if (!this.carrier) {
      this.carrier = await aTrunk({ ip: this.city.carrier, asterisk: this.deployment.sip });
      this.leaving.push(async () => {
        await this.carrier?.close();
        this.carrier = undefined;
      });
    }
    return this.stays(await aCitizen({ number, tone, trunk: this.carrier }));
  }

  async fireBrigade(options: { silent?: boolean } = {}): Promise<Peer> {
    return this.stays(await aPeer({ number: '119', ip: this.city.fire, ...options }));
  }

  async ambulance(options: { silent?: boolean } = {}): Promise<Peer> {
    return this.stays(await aPeer({ number: '120', ip: this.city.ambulance, ...options }));
  }

  /** Logged in and ready, with the phone registered. */
  async phoneSeat(seat: string): Promise<PhoneSeat> {
    const secret = secretFor(this.deployment.environment, `seat ${seat}`);
    const tone = seatTones[seat] ?? 'operator';
    const { sip: asterisk } = this.deployment;
    const others = this.deployment.sips.slice(1);
    const phone = this.stays(
      await aPhone({ id: seatEndpoint(seat), secret, asterisk, others, tone }),
    );
    const desk = await this.logsIn(seat);
    await desk.until('the line is up', (view) => view.seat.lineUp);
    await desk.does('ready');
    return { desk, phone };
  }

  /** Logged in on the real page with its lasting leg up, and ready. */
  async browserSeat(seat: string): Promise<BrowserSeat> {
    const { page, desk } = await this.opensDesk(seat);
    await desk.does('ready');
    return { desk, page };
  }

  /** Logged in on the real page with its lasting leg up, in whatever state the seat is. */
  async opensDesk(seat: string): Promise<BrowserSeat> {
    const legs = this.deployment.controller ? null : this.deployment.running.wired.nodes;
    const old = legs?.all()[0]?.seatLegs.of(seat);
    const page = await this.browserPage(seatTones[seat] ?? 'operator');
    await page.page.goto(`${this.deployment.url}/desk`);
    await logsIn(page.page, seat);
    const desk = await this.logsIn(seat);
    // A page that was closed a moment ago may have left its leg behind.
    const isNew = () =>
      !legs ||
      (legs.all()[0]?.seatLegs.of(seat) !== undefined && legs.all()[0]?.seatLegs.of(seat) !== old);
    await desk.until('the line is up', (view) => view.seat.lineUp && isNew());
    return { desk, page };
  }

  /** An empty page of the one Chromium, with a voice of its own. */
  async browserPage(tone: ToneName): Promise<BrowserPage> {
    this.browser ??= await aBrowser();
    return this.stays(await this.browser.aPage({ tone }));
  }

  /** A desk through the API alone. */
  async logsIn(seat: string): Promise<Desk> {
    const desk = new Desk(this.deployment.url, seat);
    await desk.logsIn(seat);
    this.desks.push(desk);
    return desk;
  }

  /** This controller is in control from now on, and is what everybody reaches. */
  goesOnAt(controller: ControllerProcess): void {
    this.deployment.goesOnAt(controller);
    for (const desk of this.desks) desk.url = controller.url;
  }

  /** After a story: everybody leaves, every seat is signed out, no call is left but `others`, which are not its own. */
  async clear(others = 0): Promise<void> {
    for (const leave of this.leaving.splice(0).reverse()) await leave().catch(() => undefined);
    const desks = this.desks.splice(0);
    if (this.deployment.controller) return this.clearOfProcess(desks, others);
    const { calls, dispatcher } = this.deployment.running.wired;
    const deadline = Date.now() + 10_000;
    const under = () => calls.all().filter(({ call }) => call.stage !== 'ended');
    while (under().length > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const left = under().map(({ call }) => `${call.id} ${call.stage}`);
    for (const { id } of this.deployment.running.wired.config.seats) {
      dispatcher.happened({ type: 'signedOut', seat: id });
    }
    if (left.length > 0) throw new Error(`calls are left after the story: ${left.join(', ')}`);
  }

  private async clearOfProcess(desks: readonly Desk[], others: number): Promise<void> {
    const deadline = Date.now() + 10_000;
    const [desk] = desks;
    for (;;) {
      const health = (await desk?.get('/api/health'))?.body as { calls: number } | undefined;
      if (!health || health.calls <= others) break;
      if (Date.now() > deadline)
        throw new Error(`${health.calls - others} calls are left after the story`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    for (const one of desks) await one.post('/api/log-out');
  }

  async ends(): Promise<void> {
    await this.browser?.close();
    await this.deployment.stop();
  }

  /** Goes home with everybody else when the story is over. */
  stays<P extends { leaves(): Promise<unknown> }>(person: P): P {
    this.leaving.push(() => person.leaves());
    return person;
  }
}

/** A city on real parts; `change` alters its configuration first. */
export async function aWorld(
  change: (config: Written) => Written = (config) => config,
  options: DeploymentOptions = {},
): Promise<World> {
  const city = await aCity(change);
  return new World(city, await aDeployment(city.config, options));
}
