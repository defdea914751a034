import { setTimeout as sleep } from 'node:timers/promises';
import { anAddress } from '../given/address.ts';
import { centreAt, withCentre, type CentreAt } from '../given/centre.ts';
import { aCity, hotline, peer, seat, type City } from '../given/city.ts';
import { compiledNoMore } from '../given/compiled.ts';
import type { ControllerProcess } from '../given/controller-process.ts';
import {
  aDeployment,
  trunkTo,
  type Deployment,
  type DeploymentOptions,
  type Written,
} from '../given/deployment.ts';
import { Desk } from '../given/desk.ts';
import { expectHears, type Hearing, type ToneName } from '../given/hearing.ts';
import type { Citizen, Phone } from '../given/party.ts';
import { Proxy } from '../given/proxy.ts';
import { startSipp, type SippRun } from '../given/sipp.ts';
import { supervisorAt9900 } from '../given/supervisor.ts';
import { World } from '../given/world.ts';
import { judged, type RungAt } from './checker.ts';
import { Reader } from './evidence.ts';
import { Guests, witness } from './people.ts';

/** How many stand in the queue of 12329, where nobody works, played by SIPp, which says back what it hears. */
const CROWD = 44;
/** How long SIPp stays at most. */
const HALL_SECONDS = 3_000;
/** So long may it take until switch, records and people agree after a fault. */
const SETTLING_MS = 6_000;

/** Pairs that talk all the time, each with tones of its own. */
const pairs: readonly (readonly [seat: string, citizen: ToneName])[] = [
  ['8031', 'citizen'],
  ['8032', 'secondCitizen'],
  ['8033', 'citizen'],
  ['8034', 'secondCitizen'],
];

/** Where the parties of a hall are. */
interface Ground extends City {
  readonly crowd: string;
  readonly flood: string;
  readonly standing: string;
  readonly province: CentreAt;
}

/**
 * A running deployment on real parts with fifty calls up: 44 citizens wait (SIPp), 2 wait and 4 talk with tones. Rows
 * bring guests of their own, who ring 12345 (seats 8001 to 8009), 110 (9001, 9002), 12315, which overflows after a
 * second to the centre `province`, or 12320, which goes to the site suzhou (browsers su01, su02) and then to that centre, where 12345 goes too when there is no controller for five seconds.
 * The controller is a process of its own; its lines to Asterisk and Redis can be cut.
 */
export class Hall {
  readonly deployment: Deployment;
  readonly ariWire: Proxy;
  readonly redisWire: Proxy;
  readonly guests: Guests;
  readonly reader: Reader;
  readonly province: CentreAt;
  /** Where a trunk is from which nobody rings otherwise. */
  readonly flood: string;
  /** Those who talk all the time. */
  readonly talkers: { readonly citizen: Citizen; readonly phone: Phone }[] = [];
  /** Those who wait all the time and have ears. */
  readonly waiters: Citizen[] = [];
  readonly #ground: Ground;
  readonly #standing: World;
  #crowd: SippRun | undefined;
  #since = '-';

  private constructor(
    ground: Ground,
    deployment: Deployment,
    wires: readonly [ari: Proxy, redis: Proxy],
  ) {
    this.#ground = ground;
    this.province = ground.province;
    this.flood = ground.flood;
    this.deployment = deployment;
    [this.ariWire, this.redisWire] = wires;
    this.guests = new Guests(ground, deployment);
    this.#standing = new World({ ...ground, carrier: ground.standing }, deployment);
    const { asterisk, redis } = deployment;
    this.reader = new Reader({
      ariUrl: asterisk.ariUrl,
      user: asterisk.user,
      password: asterisk.password,
      redisUrl: redis.url,
      deployment: 'city',
    });
  }

  /** Brings it up; it takes some ten seconds. `twoNodes`: all that stand in it are on the first, and the second is empty. */
  static async open(
    change: (config: Written) => Written = (config) => config,
    options: Pick<DeploymentOptions, 'twoNodes'> = {},
  ): Promise<Hall> {
    const ground = await theGround(change);
    const wires: Proxy[] = [];
    const wireTo = async (port: number) => {
      const wire = await Proxy.to(port);
      wires.push(wire);
      return wire.port;
    };
    const deployment = await aDeployment(ground.config, {
      ...options,
      ownProcess: true,
      redisAt: wireTo,
      ariAt: wireTo,
    });
    const [redis, ari] = wires as [Proxy, Proxy];
    const hall = new Hall(ground, deployment, [ari, redis]);
    try {
      await hall.#fills();
      return hall;
    } catch (error) {
      await hall.ends();
      throw error;
    }
  }

  get controller(): ControllerProcess {
    const { controller } = this.deployment;
    if (!controller) throw new Error('the controller is no process of its own');
    return controller;
  }

  /** This one is in control from now on. */
  goesOnAt(controller: ControllerProcess): void {
    this.guests.goesOnAt(controller);
    this.#standing.goesOnAt(controller);
  }

  /** How many calls stand in the hall without guests. */
  get standing(): number {
    return CROWD + pairs.length + this.waiters.length;
  }

  /** After a row: guests go home, and the judge looks until it finds nothing, or for six seconds. */
  async isJudged(): Promise<string[]> {
    const left = await this.guests.clear(this.standing).then(
      () => [],
      (error: Error) => [error.message],
    );
    return [...left, ...(await this.judgedNow())];
  }

  /** What is wrong while guests are still there; what will have gone within so long is not told. */
  async judgedNow(patienceMs = SETTLING_MS): Promise<string[]> {
    const rungs = this.guests.rungs();
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const found = await this.#look(rungs).catch((error: Error) => [`no look: ${error.message}`]);
      if (found.length === 0 || Date.now() > deadline) {
        this.#since = await this.lastNews();
        return found;
      }
      await sleep(200);
    }
  }

  /** Id of the last thing told; for what has been told since, `reader.told(id)`. */
  async lastNews(): Promise<string> {
    return (await this.reader.told(this.#since)).at(-1)?.id ?? this.#since;
  }

  /** An order to Asterisk behind the controller's back; its status. */
  async order(method: 'POST' | 'DELETE', path: string): Promise<number> {
    const { ariUrl, user, password } = this.deployment.asterisk;
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    return (await fetch(`${ariUrl}/${path}`, { method, headers: { authorization } })).status;
  }

  /** Whether these hear exactly whom they must, within four seconds; what is not so, in words. */
  async hear(...rows: Hearing[]): Promise<string[]> {
    return expectHears(...rows).then(
      () => [],
      (error: Error) => [error.message],
    );
  }

  async ends(): Promise<void> {
    this.reader.close();
    await this.guests.clear(Infinity).catch(() => undefined);
    await this.#standing.clear(Infinity).catch(() => undefined);
    await this.#crowd?.stop().catch(() => undefined);
    for (const wire of [this.ariWire, this.redisWire]) wire.goesOn();
    await this.deployment.stop();
    for (const wire of [this.ariWire, this.redisWire]) await wire.ends();
    await compiledNoMore();
  }

  async #look(rungs: readonly RungAt[]): Promise<string[]> {
    const people = [
      ...this.waiters,
      ...this.talkers.flatMap(({ citizen, phone }) => [citizen, phone]),
    ];
    const [evidence, witnesses, crowd] = await Promise.all([
      this.reader.reads(this.#since),
      Promise.all(people.map(witness)),
      this.#crowd?.counts(),
    ]);
    const gone = (crowd?.successful ?? 0) + (crowd?.failed ?? 0);
    const { calls } = (await (await fetch(`${this.deployment.url}/api/health`)).json()) as {
      calls: number;
    };
    return [
      ...judged(evidence, witnesses, rungs),
      ...(gone === 0 ? [] : [`${gone} of the crowd were cut off`]),
      ...(calls >= this.standing ? [] : [`the controller knows ${calls} calls`]),
    ];
  }

  async #fills(): Promise<void> {
    const { sip: asterisk } = this.deployment;
    for (const [id, tone] of pairs) {
      const { phone } = await this.#standing.phoneSeat(id);
      const citizen = await this.#standing.citizen(`1380013${id}`, tone);
      await citizen.rings('12346');
      await phone.isRung();
      await phone.answers();
      this.talkers.push({ citizen, phone });
    }
    for (const number of ['13800139001', '13800139002']) {
      const citizen = await this.#standing.citizen(number);
      await citizen.rings('12329');
      await citizen.isAnswered();
      this.waiters.push(citizen);
    }
    this.#crowd = await startSipp({
      scenario: 'citizen',
      ip: this.#ground.crowd,
      asterisk,
      number: '12329',
      calls: CROWD,
      rate: 20,
      stayMs: HALL_SECONDS * 1000,
      seconds: HALL_SECONDS,
      echoes: true,
    });
    const deadline = Date.now() + 20_000;
    const desk = new Desk(this.deployment.url, '8009');
    for (;;) {
      const { body } = await desk.get('/api/health');
      const { calls } = body as { calls: number };
      if (calls === this.standing) return;
      if (Date.now() > deadline) throw new Error(`${calls} calls stand, not ${this.standing}`);
      await sleep(100);
    }
  }
}

async function theGround(change: (config: Written) => Written): Promise<Ground> {
  const [crowd, flood, standing] = [await anAddress(), await anAddress(), await anAddress()];
  const province = await centreAt('province', '02512300');
  const ids = Array.from({ length: 9 }, (_, i) => `800${i + 1}`);
  const survival = { survivalSeconds: 5, survival: 'province' };
  const browser = { hotlines: ['12320'], line: 'browser' };
  const waits = { offerSeconds: 10, keepTurnSeconds: 0 };
  const city = await aCity((config) => {
    const plain = withCentre(
      {
        ...config,
        admission: { callsPerSecond: 30 },
        hotlines: {
          '12345': hotline('政务服务便民热线', ['12345'], { ...waits, ...survival }),
          '110': hotline('报警服务台', ['110'], { ...waits, emergency: true }),
          '12346': hotline('常话', ['12346'], waits),
          '12329': hotline('常候', ['12329'], waits),
          '12320': hotline('异地', ['12320'], {
            ...waits,
            steps: [
              { after: 0, reach: 'site:suzhou', preference: 2 },
              { after: 2, reach: 'site:province', preference: 5 },
            ],
          }),
          '12315': hotline('溢出', ['12315'], {
            ...waits,
            steps: [{ after: 1, reach: 'site:province', preference: 5 }],
          }),
        },
        trunks: {
          ...(config.trunks as Written),
          crowd: trunkTo(crowd),
          flood: trunkTo(flood),
          standing: trunkTo(standing),
        },
        peers: {
          '119': peer('消防', [{ trunk: 'fire', number: '119' }], { ringSeconds: 10 }),
          '120': peer('急救', [{ trunk: 'ambulance', number: '120' }], { ringSeconds: 10 }),
        },
        people: [supervisorAt9900],
        sites: {
          suzhou: {
            name: { zh: '苏州', en: 'Suzhou' },
            region: '320500',
            line: 'browser',
            password: 'suzhou',
          },
        },
        seats: [
          ...['su01', 'su02'].map((id) => seat(id, { ...browser, site: 'suzhou' })),
          ...ids.map((id) => seat(id, { hotlines: ['12345', '12315'] })),
          ...['9001', '9002', '8051', '8052'].map((id) => seat(id)),
          ...pairs.map(([id]) => seat(id, { hotlines: ['12346'] })),
          seat('8041', { hotlines: ['12329'] }),
        ],
      },
      province,
      { standing: true, confirm: 'answer', seats: 3 },
    );
    return change(plain);
  });
  return { ...city, crowd, flood, standing, province };
}
