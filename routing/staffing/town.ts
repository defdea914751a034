import { plainQueue, type Queue } from '../queue.ts';
import type { Skill } from '../seats.ts';
import type { Happening, Join, Order, Stepped } from './happenings.ts';
import type { Plan, Rules, SeatRule, Site } from './nouns.ts';
import { StaffingRefusal } from './refusals.ts';
import { staffingOf, type Staffing } from './staffing-of.ts';
import { emptyState, type State } from './state.ts';
import { step } from './step.ts';

/** A town for tests: two hotlines, seats here and elsewhere, two plans; and somebody who does things there. */

const seat = (id: string, more: Partial<SeatRule> = {}): SeatRule => ({
  id,
  name: `座席${id}`,
  hotlines: [],
  skills: [],
  site: null,
  ...more,
});

const site = (id: string, more: Partial<Site> = {}): Site => ({
  id,
  name: { zh: id, en: id },
  region: null,
  line: 'trunk',
  mostSeats: 5,
  skills: [],
  standing: false,
  mostLeaseMs: 3_600_000,
  not: [],
  worst: {
    lower: { roundTripMs: 150, loss: 0.02, mos: 3.8 },
    out: { roundTripMs: 400, loss: 0.08, mos: 3 },
  },
  ...more,
});

const plan = (id: string, more: Partial<Plan>): Plan => ({
  id,
  name: { zh: id, en: id },
  level: 'major',
  mayOpen: ['li', 'wang'],
  queues: ['12345'],
  sites: [],
  prompt: null,
  mostMs: 4 * 3_600_000,
  wellMs: 600_000,
  onForecast: 'proposes',
  twoPeople: false,
  ...more,
});

export const rules: Rules = {
  queues: [
    {
      queue: plainQueue('12345'),
      steps: [
        { group: '110', preference: 4, afterMs: 60_000, whenWaiting: null },
        { group: 'site:suzhou', preference: 3, afterMs: 30_000, whenWaiting: 10 },
        { group: 'site:survival', preference: 5, afterMs: 120_000, whenWaiting: null },
      ],
    },
    {
      queue: { ...plainQueue('110'), needs: [{ skill: 'police', level: 2 }] },
      steps: [{ group: 'link:stand-in', preference: 2, afterMs: 20_000, whenWaiting: null }],
    },
  ],
  seats: [
    seat('8001', { hotlines: ['12345'] }),
    seat('8002', { hotlines: ['12345'], skills: [{ skill: 'english', level: 2 }] }),
    seat('9001', { hotlines: ['110'], skills: [{ skill: 'police', level: 3 }] }),
    seat('9002', { hotlines: ['110'], skills: [{ skill: 'police', level: 1 }] }),
    seat('w1', { site: 'wuxi' }),
    seat('w2', { site: 'wuxi' }),
    seat('w3', { site: 'wuxi' }),
  ],
  links: [{ id: 'stand-in', name: { zh: '互设', en: 'in' }, seats: ['8002'], for: '110' }],
  sites: [
    site('wuxi', { line: 'browser', mostSeats: 0 }),
    site('suzhou', { not: ['danger'] }),
    site('survival', { mostSeats: 2, standing: true }),
  ],
  plans: [
    plan('storm', {
      sites: [
        { site: 'wuxi', seats: 2, preference: 2 },
        { site: 'suzhou', seats: 3, preference: 3 },
      ],
      prompt: 'storm',
    }),
    plan('flood', {
      level: 'extraordinary',
      mayOpen: ['li'],
      queues: ['12345', '110'],
      sites: [{ site: 'suzhou', seats: 5, preference: 2 }],
      onForecast: 'opens',
    }),
  ],
  people: { li: '李敏', wang: '王强' },
};

export const aJoin = (site_: string, more: Partial<Join> = {}): Join => ({
  type: 'join',
  site: site_,
  seats: 3,
  seconds: 600,
  queues: [
    { hotline: '12345', preference: 1 },
    { hotline: '110', preference: 1 },
  ],
  ...more,
});

const why = 'because';
export const open = (id: string, more: object = {}) =>
  ({ type: 'open', plan: id, by: 'li', why, ...more }) as const;
export const drain = (id: string) => ({ type: 'drain', plan: id, by: 'li', why }) as const;
export const close = (id: string) => ({ type: 'close', plan: id, by: 'li', why }) as const;
export const signedIn = (id: string) => ({ type: 'seat', seat: id, state: 'ready' }) as const;
export const signedOut = (id: string) => ({ type: 'seat', seat: id, state: 'signed-out' }) as const;
export const talking = (id: string) => ({ type: 'seat', seat: id, state: 'talking' }) as const;
export const move = (id: string, hotlines: readonly string[], version = 0, more: object = {}) =>
  ({ type: 'moveSeat', seat: id, hotlines, version, by: 'li', why, ...more }) as const;
export const skill = (id: string, skills: readonly Skill[], version = 0, more: object = {}) =>
  ({ type: 'setSkills', seat: id, skills, version, by: 'li', why, ...more }) as const;
export const undo = (act: string, more: object = {}) =>
  ({ type: 'undo', act, by: 'wang', why, ...more }) as const;

/** Lives in the town from 0 on, in seconds; what it does must be allowed unless it says `refused`. */
export class Town {
  readonly rules: Rules;
  state: State = emptyState;
  now = 0;
  news: string[] = [];
  orders: readonly Order[] = [];

  constructor(those: Rules = rules) {
    this.rules = those;
  }

  at(second: number): this {
    this.now = second * 1000;
    return this;
  }

  does(...happenings: Happening[]): Stepped {
    let last: Stepped = { state: this.state, news: [], orders: [] };
    for (const happening of happenings) {
      const stepped = step(this.rules, this.state, happening, this.now);
      if (stepped instanceof StaffingRefusal) throw stepped;
      last = stepped;
      this.state = last.state;
    }
    this.news = last.news.map(({ code }) => code);
    this.orders = last.orders;
    return last;
  }

  refused(happening: Happening): StaffingRefusal {
    const before = JSON.stringify(this.state);
    const refusal = step(this.rules, this.state, happening, this.now);
    if (!(refusal instanceof StaffingRefusal)) throw new Error(`allowed: ${happening.type}`);
    expect(JSON.stringify(this.state)).toBe(before);
    expect(refusal.words.zh.length * refusal.words.en.length).toBeGreaterThan(0);
    return refusal;
  }

  get staffing(): Staffing {
    return staffingOf(this.rules, this.state, this.now);
  }

  queue(hotline: string): Queue | undefined {
    return this.staffing.queues.find((queue) => queue.hotline === hotline);
  }

  /** `group preference`, and `after s` where a wait is asked for. */
  reach(hotline: string): string[] | undefined {
    return this.queue(hotline)?.reach.map(
      ({ group, preference, afterMs }) =>
        `${group} ${preference}${afterMs > 0 ? ` after ${afterMs / 1000}` : ''}`,
    );
  }

  groups(id: string): readonly string[] | undefined {
    return this.staffing.seats.find((one) => one.id === id)?.groups;
  }

  /** Who has a group. */
  inGroup(group: string): string[] {
    return this.staffing.seats.filter(({ groups }) => groups.includes(group)).map(({ id }) => id);
  }
}
