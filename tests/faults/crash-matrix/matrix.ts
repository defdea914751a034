import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { peer, seat } from '../../given/city.ts';
import { compiledNoMore } from '../../given/compiled.ts';
import { expectHears } from '../../given/hearing.ts';
import type { Citizen, Peer } from '../../given/party.ts';
import { aWorld, type PhoneSeat, type World } from '../../given/world.ts';
import { PicksUp, presses, sees, Silence } from './people.ts';

/** The controller dies at one step of one action and is started again; what is heard and seen in the end is the same. */

export const actions = ['answer', 'one-key', 'three-way', 'consult', 'take-back'] as const;
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
}

const preload = resolve('tests/faults/crash-matrix/die.mjs');

export class Matrix {
  private readonly world: World;
  private readonly countsFile: string;
  private inControl = true;

  private constructor(world: World) {
    this.world = world;
    this.countsFile = join(tmpdir(), `liandong-steps-${process.pid}.json`);
  }

  static async open(): Promise<Matrix> {
    const hotline = (config: Record<string, unknown>) =>
      Object.fromEntries(
        Object.entries(config).map(([id, rules]) => [
          id,
          { ...(rules as object), offerSeconds: 10 },
        ]),
      );
    const world = await aWorld(
      (config) => ({
        ...config,
        hotlines: hotline(config.hotlines as Record<string, unknown>),
        peers: { '119': peer('消防', [{ trunk: 'fire', number: '119' }], { ringSeconds: 10 }) },
        seats: [seat('8001')],
      }),
      { ownProcess: true },
    );
    return new Matrix(world);
  }

  async close(): Promise<void> {
    await this.world.ends();
    await compiledNoMore();
    await rm(this.countsFile, { force: true });
  }

  /** Every moment of an action at which it can die, as counted in a run without a kill. */
  async momentsOf(action: Action): Promise<Moment[]> {
    const counts = await this.counted(action);
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
    const citizen = await this.world.citizen();
    const people = { citizen, operator, fire };
    const robots = [operator.phone, fire].map((who) => new PicksUp(who, () => this.inControl));
    let silence: Silence | undefined;
    const guard = this.guards();
    try {
      await before[action](people);
      if (action !== 'answer') silence = new Silence(citizen);
      controller.signals('SIGUSR2');
      await act[action](people);
      silence ??= new Silence(citizen);
      await after[action](people);
      if (dies === 'never') {
        controller.signals('SIGUSR1');
        await sleep(100);
      }
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
    await citizen.isAnswered();
    await sees(operator, 'a call', ({ seat: { state } }) => state === 'talking');
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
  'one-key': three,
  'three-way': three,
  consult: ({ citizen, fire }) => expectHears([citizen, [fire]], [fire, [citizen]]),
  'take-back': async (people) => {
    await people.fire.isHungUp();
    await talks(people);
  },
};
