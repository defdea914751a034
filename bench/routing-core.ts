import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Floor } from '../routing/dispatch.ts';
import { plainQueue } from '../routing/queue.ts';
import type { Seat, Skill, Want } from '../routing/seats.ts';
import { Chance } from '../routing/simulator/chance.ts';
import { home } from '../tools/build.ts';

/**
 * What one decision of the routing core costs, alone in this process, no clock and no network.
 * 64 skills on 4 hotlines. Seats are of 100 teams, each with 3 to 6 of the skills at levels 1 to 3 and one or two
 * hotlines; a caller needs one skill of some team at a level, one in ten needs two. For information the same again with
 * seats of which almost no two are alike: then what a choice looks through grows with the seats.
 * - callers wait: a random seat ends its talk and gets the first caller it can take, who is put through; another
 *   caller comes and waits. One decision is all three happenings.
 * - seats are idle: a caller comes and gets the seat that has been idle longest among those who can take her; she is
 *   put through; a random seat that talks ends its talk. One decision is again all three.
 * A value is a batch of 1,000 decisions; each size runs alone, after a warm-up. Aims (issue 3): 200,000 decisions a second; at 5,000/5,000 at most 1.5 times the cost at 50/50.
 */

const SIZES = [
  { seats: 50, callers: 50 },
  { seats: 500, callers: 500 },
  { seats: 5_000, callers: 5_000 },
  { seats: 20_000, callers: 100_000 },
];
const SKILLS = 64;
const HOTLINES = ['12345', '110', '12333', '12315'];
const BATCH = 1000;
const BATCHES = Number(process.env.BENCH_N ?? 200);
const WARM_UP = 60;
const TEAMS = 100;

type Place = Pick<Seat, 'id' | 'groups' | 'skills'>;

/** A floor kept at the same load, on which decision after decision is taken. */
class Hall {
  readonly places: Place[];
  readonly floor: Floor;
  readonly #chance: Chance;
  readonly #teams: readonly Omit<Place, 'id'>[];
  readonly #talking: string[] = [];
  #calls = 0;
  now = 1e12;
  decisions = 0;

  constructor(seats: number, seed: number, teams: number) {
    this.#chance = new Chance(seed);
    this.#teams = Array.from({ length: Math.min(teams, seats) }, () => ({
      groups: this.#some(HOTLINES, 1 + this.#below(2)),
      skills: this.#skills(3 + this.#below(4)),
    }));
    this.places = Array.from({ length: seats }, (_, i) => {
      const { groups, skills } = this.#teams[i % this.#teams.length] as Omit<Place, 'id'>;
      return { id: `s${i}`, groups, skills };
    });
    const queues = HOTLINES.map((hotline) => plainQueue(hotline));
    this.floor = new Floor({ seats: this.places, queues, now: this.now });
    for (const { id } of this.places) {
      this.floor.happened({ type: 'signedIn', seat: id }, this.now);
      this.floor.happened({ type: 'line', seat: id, up: true }, this.now);
    }
  }

  /** All seats talk and so many callers wait whom some seat could take. */
  fillWithCallers(callers: number): void {
    for (const { id } of this.places) {
      this.floor.happened({ type: 'talking', seat: id }, this.now);
      this.#talking.push(id);
    }
    for (let i = 0; i < callers; i++) this.#arrives();
  }

  /** Half of the seats talk, the others are idle. */
  fillWithIdleSeats(): void {
    for (const [i, { id }] of this.places.entries()) {
      this.now += 1;
      this.floor.happened({ type: i % 2 ? 'talking' : 'ready', seat: id }, this.now);
      if (i % 2) this.#talking.push(id);
    }
  }

  whileCallersWait(): void {
    this.now += 1;
    this.#oneEnds();
    this.#arrives();
  }

  whileSeatsAreIdle(): void {
    this.now += 1;
    this.#arrives();
    this.#oneEnds();
  }

  #arrives(): void {
    const place = this.#teams[this.#below(this.#teams.length)] as Omit<Place, 'id'>;
    const hotline = place.groups[this.#below(place.groups.length)] as string;
    const needs: Skill[] = [];
    for (let n = this.#below(10) === 0 ? 2 : 1; n > 0; n--) {
      const has = place.skills[this.#below(place.skills.length)] as Skill;
      if (needs[0]?.skill === has.skill) continue;
      needs.push({ skill: has.skill, level: 1 + this.#below(has.level) });
    }
    const want: Want = {
      call: `c${this.#calls++}`,
      hotline,
      needs,
      matters: [],
      since: this.now,
      standing: 'arrival',
      why: 'arrival',
      not: [],
      prefer: null,
      caller: null,
    };
    this.#putThrough(this.floor.happened({ type: 'wanted', want }, this.now));
  }

  #oneEnds(): void {
    const i = this.#below(this.#talking.length);
    const seat = this.#talking[i];
    const last = this.#talking.pop();
    if (seat === undefined || last === undefined) return;
    if (i < this.#talking.length) this.#talking[i] = last;
    const ended = { type: 'free', seat, after: 'talk', wrapUpMs: 0 } as const;
    this.#putThrough(this.floor.happened(ended, this.now));
  }

  #putThrough({ choices }: ReturnType<Floor['happened']>): void {
    for (const { seat } of choices) {
      this.decisions += 1;
      this.floor.happened({ type: 'talking', seat }, this.now);
      this.#talking.push(seat);
    }
  }

  #below(n: number): number {
    return Math.floor(this.#chance.next() * n);
  }

  #some<T>(all: readonly T[], n: number): T[] {
    const left = [...all];
    return Array.from({ length: n }, () => left.splice(this.#below(left.length), 1)[0] as T);
  }

  #skills(n: number): Skill[] {
    const all = Array.from({ length: SKILLS }, (_, i) => `skill-${i}`);
    return this.#some(all, n).map((skill) => ({ skill, level: 1 + this.#below(3) }));
  }
}

interface Row {
  readonly what: string;
  readonly unit: 'µs';
  /** Decisions measured. */
  readonly n: number;
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
  /** p50 over the p50 at 50/50. */
  readonly ratio: number;
  readonly aim: string;
  readonly met: boolean;
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
};

function measure(
  what: string,
  teams: number,
  fill: (hall: Hall, callers: number) => void,
  step: (hall: Hall) => void,
): Row[] {
  const halls = SIZES.map(({ seats, callers }, i) => {
    const hall = new Hall(seats, 7 + i, teams);
    fill(hall, callers);
    const costs: number[] = [];
    let [n, ms] = [0, 0];
    for (let batch = -WARM_UP; batch < BATCHES; batch++) {
      const before = hall.decisions;
      const began = performance.now();
      for (let i = 0; i < BATCH; i++) step(hall);
      const took = performance.now() - began;
      if (batch < 0) continue;
      costs.push((took * 1000) / (hall.decisions - before));
      n += hall.decisions - before;
      ms += took;
    }
    return { costs, n, ms };
  });
  const base = percentile(halls[0]?.costs ?? [], 0.5);
  return halls.map(({ costs, n, ms }, i) => {
    const { seats, callers } = SIZES[i] as (typeof SIZES)[number];
    const p50 = percentile(costs, 0.5);
    const perSecond = Math.round((n / ms) * 1000);
    const ratio = rounded(p50 / base);
    const same = seats === 5_000;
    const asked = teams === TEAMS;
    return {
      what: `${what}, ${seats} seats${what.includes('callers') ? `, ${callers} callers` : ''}`,
      unit: 'µs',
      n,
      p50: rounded(p50),
      p99: rounded(percentile(costs, 0.99)),
      perSecond,
      ratio,
      aim: asked ? `>= 200000/s${same ? ', ratio <= 1.5' : ''}` : '-',
      met: !asked || (perSecond >= 200_000 && (!same || ratio <= 1.5)),
    };
  });
}

const rows = [TEAMS, Infinity].flatMap((teams) => {
  const seats = teams === TEAMS ? '' : 'all different, ';
  return [
    ...measure(
      `${seats}callers wait`,
      teams,
      (hall, n) => hall.fillWithCallers(n),
      (hall) => hall.whileCallersWait(),
    ),
    ...measure(
      `${seats}seats are idle`,
      teams,
      (hall) => hall.fillWithIdleSeats(),
      (hall) => hall.whileSeatsAreIdle(),
    ),
  ];
});
const processors = cpus();
const machine =
  `${processors.length} x ${processors[0]?.model ?? 'cpu'}, ` +
  `${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
const folder = join(home, 'bench/results');
await mkdir(folder, { recursive: true });
const result = { name: 'routing-core', at: new Date().toISOString(), machine, rows };
await writeFile(join(folder, 'routing-core.json'), `${JSON.stringify(result, null, 2)}\n`);
const cells = [
  ['what', 'decisions', 'µs p50', 'p99', 'a second', 'ratio to 50', 'aim', 'met'],
  ...rows.map(({ what, n, p50, p99, perSecond, ratio, aim, met }) => [
    what,
    ...[n, p50, p99, perSecond, ratio].map(String),
    aim,
    met ? 'yes' : 'NO',
  ]),
];
const widths = (cells[0] ?? []).map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
console.log(`routing-core: ${machine}`);
for (const row of cells) console.log(row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  '));
