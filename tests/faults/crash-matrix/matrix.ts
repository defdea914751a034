import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { aCentre, centreAt, withCentre, type CentreAt } from '../../given/centre.ts';
import { hotline, peer, seat } from '../../given/city.ts';
import { compiledNoMore } from '../../given/compiled.ts';
import { expectHears, expectHearsWithin } from '../../given/hearing.ts';
import type { Citizen, Peer } from '../../given/party.ts';
import { aWorld, type PhoneSeat, type World } from '../../given/world.ts';
import { patienceMs, PicksUp, presses, sees, Silence } from './people.ts';

/** The controller dies at one step of one action and is started again; what is heard and seen in the end is the same. */

export const actions = [
  'answer',
  'one-key',
  'three-way',
  'consult',
  'take-back',
  'overflow',
] as const;
export type Action = (typeof actions)[number];

/** Right before or after which of its orders to Asterisk, or of its writings to Redis, counted from 1. */
export interface Moment {
  readonly what: 'ari' | 'redis';
  readonly when: 'before' | 'after';
  readonly nth: number;
}

export interface Cell {
  readonly died: boolean;
  /** Null: it ended as without the kill. */
  readonly wrong: string | null;
  /** How long the citizen heard nothing at a stretch, in milliseconds. */
  readonly silenceMs: number;
  /** From the kill until there was control again, in milliseconds. */
  readonly backMs: number;
  /** How often operator and target were rung. */
  readonly rung: number;
}

interface People {
  readonly citizen: Citizen;
  readonly operator: PhoneSeat;
  readonly fire: Peer;
  /** A centre elsewhere, to which 12315 overflows after a second. */
  readonly centre: Peer;
}

/** Actions with which a call begins: before them there is nothing to hear. */
const rung: ReadonlySet<Action> = new Set(['answer', 'overflow']);

const preload = resolve('tests/faults/crash-matrix/die.mjs');

export class Matrix {
  private readonly world: World;
  private readonly province: CentreAt;
  private readonly countsFile: string;
  private inControl = true;

  private constructor(world: World, province: CentreAt) {
    this.world = world;
    this.province = province;
    this.countsFile = join(tmpdir(), `liandong-steps-${randomUUID()}.json`);
  }

  static async open(): Promise<Matrix> {
    const hotlines = (config: Record<string, unknown>) =>
      Object.fromEntries(
        Object.entries(config).map(([id, rules]) => [
          id,
          { ...(rules as object), offerSeconds: 10 },
        ]),
      );
    const province = await centreAt('province', '02512300');
    const steps = [{ after: 1, reach: 'site:province' }];
    const world = await aWorld(
      (config) =>
        withCentre(
          {
            ...config,
            hotlines: hotlines({
              ...(config.hotlines as object),
              '12315': hotline('消费者', ['12315'], { steps, keepTurnSeconds: 0 }),
            }),
            peers: { '119': peer('消防', [{ trunk: 'fire', number: '119' }], { ringSeconds: 10 }) },
            seats: [seat('8001')],
          },
          province,
          { standing: true, confirm: 'answer', ringSeconds: 10 },
        ),
      { ownProcess: true },
    );
    return new Matrix(world, province);
  }

  async close(): Promise<void> {
    await this.world.ends();
    await compiledNoMore();
    await rm(this.countsFile, { force: true });
  }

  /** Every moment of an action at which it can die, as counted in a run without a kill. */
  async momentsOf(action: Action): Promise<Moment[]> {
    const counts = await this.counted(action);
    if (counts.ari === 0 || counts.redis === 0)
      throw new Error(`${action}: ${JSON.stringify(counts)} were counted`);
    const all = (what: Moment['what'], n: number) =>
      Array.from({ length: n }, (_, i) => i + 1).flatMap((nth) => [
        { what, when: 'before', nth } as const,
        { what, when: 'after', nth } as const,
      ]);
    return [...all('redis', counts.redis), ...all('ari', counts.ari)];
  }

  /** One cell: dies there, is started again at once, and everybody goes on. */
  async dies(action: Action, moment: Moment): Promise<Cell> {
    return this.plays(action, `${moment.what} ${moment.when} ${moment.nth}`);
  }

  private async counted(action: Action): Promise<{ ari: number; redis: number }> {
    await rm(this.countsFile, { force: true });
    const cell = await this.plays(action, 'never');
    if (cell.wrong !== null) throw new Error(`${action} without a kill: ${cell.wrong}`);
    return JSON.parse(await readFile(this.countsFile, 'utf8')) as { ari: number; redis: number };
  }

  private get controller() {
    const { controller } = this.world.deployment;
    if (!controller) throw new Error('the controller is no process of its own');
    return controller;
  }

  private async plays(action: Action, dies: string): Promise<Cell> {
    const { controller } = this;
    await controller.stops();
    const env = { LIANDONG_DIE: dies, LIANDONG_DIE_COUNTS: this.countsFile };
    await controller.starts(preload, env);
    this.inControl = true;
    const operator = await this.world.phoneSeat('8001');
    const fire = await this.world.fireBrigade();
    const centre = await aCentre(this.world, this.province, { tone: 'supervisor' });
    const citizen = await this.world.citizen();
    const people = { citizen, operator, fire, centre };
    const robots = [operator.phone, fire, centre].map(
      (who) => new PicksUp(who, () => this.inControl),
    );
    let silence: Silence | undefined;
    const guard = this.guards();
    try {
      await before[action](people);
      if (!rung.has(action)) silence = new Silence(citizen);
      controller.signals('SIGUSR2');
      await act[action](people);
      silence ??= new Silence(citizen);
      await after[action](people);
      return await this.judged(people, robots, guard, silence, null);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      return await this.judged(people, robots, guard, silence, words);
    }
  }

  private async judged(
    { citizen }: People,
    robots: readonly PicksUp[],
    guard: ReturnType<Matrix['guards']>,
    silence: Silence | undefined,
    wrong: string | null,
  ): Promise<Cell> {
    const silenceMs = (await silence?.stops()) ?? 0;
    // A moment that did not come shall not come while people go home.
    if (!guard.hasDied()) {
      this.controller.signals('SIGUSR1');
      await sleep(100);
    }
    // It may have come just before.
    const { died, backMs } = await guard.ends();
    for (const robot of robots) await robot.stops();
    const rung = robots.reduce((sum, robot) => sum + robot.rung(), 0);
    const hungUp = citizen.call.ending ? 'the citizen was hung up' : null;
    const cleared = await this.world.clear().then(
      () => null,
      (error: Error) => error.message,
    );
    const left = await this.leftOver();
    return { died, backMs, silenceMs, rung, wrong: wrong ?? hungUp ?? cleared ?? left };
  }

  /** A supervisor of processes: starts it again as soon as it has died. */
  private guards() {
    const { controller } = this;
    let over = false;
    let backMs = 0;
    const died = controller.ended().then(async () => {
      if (over) return;
      this.inControl = false;
      backMs = await controller.starts();
      this.inControl = true;
    });
    let hasDied = false;
    void controller.ended().then(() => (hasDied = !over));
    return {
      hasDied: () => hasDied,
      ends: async () => {
        over = true;
        if (hasDied) await died;
        return { died: hasDied, backMs };
      },
    };
  }

  /** Nothing may stay on the switch when everybody has gone. */
  private async leftOver(): Promise<string | null> {
    const { asterisk } = this.world.deployment;
    const deadline = Date.now() + 2_000;
    for (;;) {
      const [channels, bridges] = [
        await asterisk.cli('core show channels concise'),
        await asterisk.cli('bridge show all'),
      ];
      const left = [...lines(channels), ...lines(bridges).slice(1)];
      if (left.length === 0) return null;
      if (Date.now() > deadline) return `left on the switch: ${left.join('; ')}`;
      await sleep(100);
    }
  }
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

const talks = ({ citizen, operator }: People) =>
  expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
const three = ({ citizen, operator, fire }: People) =>
  expectHears(
    [citizen, [operator.phone, fire]],
    [operator.phone, [citizen, fire]],
    [fire, [citizen, operator.phone]],
  );

async function answered(people: People): Promise<void> {
  await people.citizen.rings('12345');
  await sees(people.operator, 'a call', ({ seat: { state } }) => state === 'talking');
  await talks(people);
}

const before: Record<Action, (people: People) => Promise<void>> = {
  answer: () => Promise.resolve(),
  overflow: () => Promise.resolve(),
  'one-key': answered,
  'three-way': answered,
  consult: answered,
  'take-back': async (people) => {
    await answered(people);
    await presses(people.operator, 'transfer:three-way:119', isThree);
    await three(people);
  },
};

const isThree = ({ call }: { call: { stage: string; legs: readonly unknown[] } | null }) =>
  call?.stage === 'talking' && call.legs.length === 3;

const act: Record<Action, (people: People) => Promise<void>> = {
  answer: async ({ citizen, operator }) => {
    await citizen.rings('12345');
    await citizen.isAnswered(patienceMs);
    await sees(operator, 'a call', ({ seat: { state } }) => state === 'talking');
  },
  overflow: async ({ citizen, centre }) => {
    await citizen.rings('12315');
    await citizen.isAnswered(patienceMs);
    await expectHearsWithin(patienceMs, [citizen, [centre.tone]]);
  },
  'one-key': ({ operator }) => presses(operator, 'transfer:one-key:119', isThree),
  'three-way': ({ operator }) => presses(operator, 'transfer:three-way:119', isThree),
  consult: async ({ operator }) => {
    await presses(operator, 'transfer:consult:119', ({ call }) => call?.stage === 'consulting');
    await presses(operator, 'complete', ({ call }) => call === null);
  },
  'take-back': ({ operator }) =>
    presses(operator, 'take-back', ({ call }) => call?.legs.length === 2),
};

const after: Record<Action, (people: People) => Promise<void>> = {
  answer: talks,
  overflow: ({ citizen, centre }) => expectHears([citizen, [centre]], [centre, [citizen]]),
  'one-key': three,
  'three-way': three,
  consult: ({ citizen, fire }) => expectHears([citizen, [fire]], [fire, [citizen]]),
  'take-back': async (people) => {
    await people.fire.isHungUp();
    await talks(people);
  },
};
