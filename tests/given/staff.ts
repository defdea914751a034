import { setTimeout as sleep } from 'node:timers/promises';
import type {
  FloorSeat,
  FloorView,
  LeaseView,
  PlanView,
  QueueView,
} from '../../server/http/floor-views.ts';
import type { Failure } from '../../server/http/views.ts';
import { Client } from '../../tools/parts/client.ts';
import type { Written } from './deployment.ts';
import type { World } from './world.ts';

const patienceMs = 12_000;

/** A manager or one of the emergency staff, logged in, who works through the API as the page does. */
export class Person extends Client {
  readonly id: string;

  constructor(url: string, id: string) {
    super(url);
    this.id = id;
  }

  async sees(): Promise<FloorView> {
    return (await this.get('/api/floor')).body as FloorView;
  }

  async seat(id: string): Promise<FloorSeat> {
    return found((await this.sees()).seats, id);
  }

  /** @param id 12345, in a drill 12345~drill */
  async queue(id: string): Promise<QueueView> {
    return found((await this.sees()).queues, id);
  }

  async plan(id: string): Promise<PlanView> {
    return found((await this.sees()).plans, id);
  }

  /** Waits until the floor shows what `is` accepts. */
  until(what: string, is: (floor: FloorView) => boolean): Promise<FloorView> {
    return shows(`${this.id}: ${what}`, () => this.sees(), is);
  }

  /** Moves a seat as it is now; must be obeyed. */
  async moves(seat: string, hotlines: string[], why = 'test'): Promise<FloorSeat> {
    const { version } = await this.seat(seat);
    return this.obeyed(`/api/seats/${seat}/move`, { hotlines, version, why });
  }

  /** Does something to a plan that must be obeyed; such as `open`, { drill: true }. */
  plans(plan: string, verb: string, more: object = {}): Promise<PlanView> {
    return this.obeyed(`/api/plans/${plan}/${verb}`, { why: 'test', ...more });
  }
}

/** A site elsewhere, logged in. */
export class SiteClient extends Client {
  readonly id: string;

  constructor(url: string, id: string) {
    super(url);
    this.id = id;
  }

  async sees(): Promise<LeaseView> {
    return (await this.get('/api/lease')).body as LeaseView;
  }

  until(what: string, is: (lease: LeaseView) => boolean): Promise<LeaseView> {
    return shows(`${this.id}: ${what}`, () => this.sees(), is);
  }

  /** Joins or renews; must be granted. */
  joins(seats: number, seconds = 600, hotlines = ['12345']): Promise<LeaseView> {
    const queues = hotlines.map((hotline) => ({ hotline, preference: 1 }));
    return this.obeyed('/api/lease', { seats, seconds, queues });
  }

  leaves(): Promise<LeaseView> {
    return this.obeyed('/api/lease', { seconds: 0 });
  }
}

/** Logs in somebody of the configuration's `people`; passwords of given people are their ids. */
export async function aPerson(world: World, id: string): Promise<Person> {
  const person = new Person(world.deployment.url, id);
  await person.logsInAs({ person: id }, id);
  return person;
}

/** Logs in one of the configuration's `sites`; passwords of given sites are their ids. */
export async function aSite(world: World, id: string): Promise<SiteClient> {
  const site = new SiteClient(world.deployment.url, id);
  await site.logsInAs({ site: id }, id);
  return site;
}

/** After a story: plans are closed, sites have left, what was done by hand is undone. */
export async function asConfigured(world: World): Promise<void> {
  const { rules, staff } = world.deployment.running.wired;
  const { keeper } = staff;
  const why = 'the story is over';
  for (const plan of rules.plans) {
    const [by = ''] = plan.mayOpen;
    await keeper.happened({ type: 'close', plan: plan.id, by, why });
  }
  for (const { id: site } of rules.sites) {
    await keeper.happened({ type: 'join', site, seats: 0, seconds: 0, queues: [] });
  }
  for (const { id: act, undoes, undoneBy } of [...keeper.state.acts].reverse()) {
    if (undoes !== null || undoneBy !== null) continue;
    await keeper.happened({ type: 'undo', act, by: 'test', why, confirm: true });
  }
}

/** Asks for something that must be refused; returns why. */
export async function isRefused(
  client: Client,
  path: string,
  body: object,
): Promise<Failure & { status: number }> {
  const reply = await client.post(path, body);
  if (reply.status < 400) throw new Error(`${path} was obeyed, not refused`);
  return { ...(reply.body as Failure), status: reply.status };
}

const words = (zh: string, en: string) => ({ zh, en });

/** Adds people, a site of browsers with two seats, and a plan to a city's configuration. */
export const staffed = (config: Written): Written => ({
  ...config,
  people: [
    { id: 'chen', name: '陈明', roles: ['manager'], password: 'chen' },
    { id: 'wang', name: '王强', roles: ['manager'], password: 'wang' },
    { id: 'duty', name: '冯磊', roles: ['emergency'], password: 'duty' },
    { id: 'night', name: '许静', roles: ['emergency'], password: 'night' },
  ],
  sites: {
    suzhou: {
      name: words('苏州职场', 'Suzhou'),
      region: '320500',
      line: 'browser',
      password: 'suzhou',
      not: ['danger'],
    },
  },
  seats: [
    ...(config.seats as Written[]),
    ...['su01', 'su02'].map((id) => ({
      id,
      name: `苏州${id}`,
      hotlines: ['12345'],
      line: 'browser',
      site: 'suzhou',
      password: id,
    })),
  ],
  plans: {
    storm: {
      name: words('暴雨', 'Rainstorm'),
      level: 'major',
      mayOpen: ['duty'],
      queues: ['12345'],
      sites: [{ site: 'suzhou', seats: 2, preference: 2 }],
      hours: 12,
    },
  },
});

function found<T extends { readonly id: string }>(all: readonly T[], id: string): T {
  const one = all.find((it) => it.id === id);
  if (!one) throw new Error(`the floor does not show ${id}: ${all.map((it) => it.id).join(' ')}`);
  return one;
}

async function shows<View>(
  what: string,
  look: () => Promise<View>,
  is: (view: View) => boolean,
): Promise<View> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const view = await look();
    if (is(view)) return view;
    if (Date.now() > deadline) throw new Error(`waited for ${what}\n${JSON.stringify(view)}`);
    await sleep(25);
  }
}
