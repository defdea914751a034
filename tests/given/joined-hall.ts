import type { Clock } from '../../kernel/clock.ts';
import { plainQueue, type Queue } from '../../routing/queue.ts';
import { shadowOf } from '../../routing/staffing/staffing-of.ts';
import { joinCallsAndRouting } from '../../server/join.ts';
import type { Call, Centre, EndReason } from '../../telephony/call.ts';
import type { SwitchOrder } from '../../telephony/calls.ts';
import type { Hotline, WaitStep } from '../../telephony/hotline.ts';
import type { Peer, Trunk } from '../../telephony/trunk.ts';

/** The real calls and the real routing, joined; only the switch is a list of what it was told, and time goes by hand. */

const words = (text: string) => ({ zh: text, en: text });

const waitSteps: readonly WaitStep[] = [
  { do: 'callBack', afterSeconds: 3 },
  { do: 'place', afterSeconds: 8, everySeconds: 20 },
  { do: 'answers', afterSeconds: 15, byKey: { '2': 'answer-hours' } },
];

const aHotline = (id: string): Hotline => ({
  id,
  name: words(id),
  numbers: [id],
  emergency: id === '110',
  welcome: null,
  offerSeconds: 10,
  wrapUpSeconds: id === '110' ? 5 : 0,
  transferSeconds: 30,
  needs: [],
  relax: [],
  strategy: 'longest-idle',
  targetSeconds: 15,
  keepTurnSeconds: 300,
  sameSeatSeconds: 600,
  seatBackSeconds: 3,
  waitSteps: id === '12345' ? waitSteps : [],
  satisfactionSeconds: null,
  callBackTrunk: null,
  leaveAfterSeconds: id === '110' ? 8 : null,
});

const trunk = (name: string): Trunk => ({
  name,
  address: { host: '127.0.0.1', port: 5060 },
  sources: [],
  trusted: true,
  emergency: true,
  carriesForeignNumbers: true,
  ownNumber: '12345',
  passedOnBy: 'diversion',
  drill: false,
  qualifySeconds: 0,
});

const fire: Peer = {
  id: '119',
  name: words('119'),
  routes: [{ trunk: 'fire', number: '119' }],
  ringSeconds: 20,
  leaveAfterSeconds: null,
};

const centre = (id: string, confirm: Centre['confirm']): Centre => ({
  id,
  name: words(id),
  route: { trunk: id, number: '057112345' },
  confirm,
  ringSeconds: 20,
});

const hotlines = { '12345': aHotline('12345'), '110': aHotline('110') };
const nouns = {
  hotlines,
  peers: { '119': fire },
  trunks: { fire: trunk('fire'), hz: trunk('hz'), sz: trunk('sz') },
  hotlineOf: hotlines,
  centres: { hz: centre('hz', 'key'), sz: centre('sz', 'answer') },
  platforms: new Set<string>(),
  announced: () => undefined,
};

type HotlineId = keyof typeof hotlines;

/** Two at 12345, one of them at 110 too; one at 110; one who takes part in a drill. */
const people = [
  { id: '8001', hotlines: ['12345'], line: 'browser' },
  { id: '8002', hotlines: ['12345', '110'], line: 'phone' },
  { id: '9001', hotlines: ['110'], line: 'browser' },
  { id: '8071', hotlines: ['12345'], line: 'browser' },
] as const;
const DRILL = 'drill:storm/hz';

export const seatsOfPeople = people.map(({ id }) => id);
export const seatsByTrunk = ['hz.1', 'hz.2', 'sz.1', 'hz.3'];
export const seatsInDrill: ReadonlySet<string> = new Set(['8071', 'hz.3']);

const groupsOf = (seat: string, own: readonly string[]): readonly string[] =>
  seatsInDrill.has(seat) ? [DRILL] : own;

const reach = (group: string, preference: 1 | 3, afterMs: number) =>
  ({ group, preference, afterMs, not: [] }) as const;
const queues: readonly Queue[] = [
  {
    ...plainQueue('12345'),
    reach: [reach('12345', 1, 0), reach('site:hz', 3, 4_000), reach('site:sz', 3, 4_000)],
  },
  plainQueue('110'),
  { ...plainQueue(shadowOf('12345')), reach: [reach(DRILL, 1, 0)] },
];

class HandClock implements Clock {
  private time = 1_000_000;
  private due: { at: number; then: () => void }[] = [];
  now(): number {
    return this.time;
  }
  after(ms: number, then: () => void): () => void {
    const one = { at: this.time + ms, then };
    this.due.push(one);
    return () => (this.due = this.due.filter((other) => other !== one));
  }
  passes(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const [next] = this.due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.due = this.due.filter((one) => one !== next);
      this.time = Math.max(this.time, next.at);
      next.then();
    }
    this.time = end;
  }
}

/** What became of a call-back: it stands, or how it came to its end. */
type Promised = 'stands' | 'talked' | EndReason;

/** A little world: who is signed in, which legs exist. */
export class Hall {
  readonly clock = new HandClock();
  readonly told: { call: string; order: SwitchOrder }[] = [];
  /** Every call-back that was promised, by its call. */
  readonly promised = new Map<string, Promised>();
  changes = 0;
  private readonly lasting = new Map<string, string>();
  private made = 0;
  private readonly joined = joinCallsAndRouting({
    clock: this.clock,
    config: {
      seats: people.map((seat) => ({
        ...seat,
        hotlines: [...seat.hotlines],
        name: seat.id,
        skills: [],
        site: null,
        autoAnswer: false,
        played: false,
        password: 'none',
      })),
      sip: { host: '127.0.0.1', port: undefined },
    },
    nouns,
    staffing: {
      queues,
      seats: [
        ...people.map(({ id, hotlines: own }) => ({ id, groups: groupsOf(id, own), skills: [] })),
        ...seatsByTrunk.map((id) => ({
          id,
          groups: groupsOf(id, [`site:${id.slice(0, 2)}`]),
          skills: [],
        })),
      ],
    },
    promptFor: (hotline) => (hotline === '110' ? 'storm' : null),
    onSiteNotReached: () => undefined,
    theSwitch: {
      carryOut: (call, orders) => {
        this.told.push(...orders.map((order) => ({ call: call.id, order })));
        return Promise.resolve();
      },
    },
    store: { write: () => Promise.resolve(), finished: () => undefined },
    whereToRing: ({ node }) => node,
    lastingLeg: (seat) => this.lasting.get(seat),
    onCallChange: ({ call }) => {
      this.changes++;
      this.follow(call);
    },
    onFloorChange: () => this.changes++,
  });
  readonly calls = this.joined.calls;
  readonly floor = this.joined.dispatcher;
  readonly promptsChanged = this.joined.promptsChanged;

  /** Everybody comes to work; a centre's seats are there by themselves. */
  constructor() {
    for (const seat of [...seatsOfPeople, ...seatsByTrunk]) {
      this.floor.happened({ type: 'signedIn', seat });
      this.lineUp(seat);
      this.floor.happened({ type: 'ready', seat });
    }
  }

  /** One of three numbers; every fourth is handed over by another platform, every seventh withholds hers. */
  arrives(hotline: HotlineId, drill: boolean): void {
    const n = ++this.made;
    const id = `${hotline}-${n}`;
    const caller = {
      leg: `caller.${n}`,
      trunk: 'fire',
      number: `1380013800${n % 3}`,
      withheld: n % 7 === 0,
      asserted: true,
      passedOnBy: [],
    };
    const handedOver = n % 4 === 0;
    this.calls.arrive({
      id,
      key: id,
      node: '',
      hotline: hotlines[hotline],
      caller,
      handedOver,
      drill,
      waitedMs: 0,
    });
  }

  lineUp(seat: string): void {
    if (people.some(({ id, line }) => id === seat && line === 'browser')) {
      this.lasting.set(seat, `lasting.${seat}.${++this.made}`);
    }
    this.floor.happened({ type: 'line', seat, up: true });
  }

  lineGoes(seat: string): void {
    const leg = this.lasting.get(seat);
    this.lasting.delete(seat);
    this.floor.happened({ type: 'line', seat, up: false });
    if (leg !== undefined) this.calls.legFact(leg, { type: 'legGone', leg, cause: 'lost' });
  }

  under(): Call[] {
    return this.calls.all().flatMap(({ call }) => (call.stage === 'ended' ? [] : [call]));
  }

  private follow(call: Call): void {
    if (isPromised(call)) this.promised.set(call.id, 'stands');
    else if (this.promised.get(call.id) === 'stands') {
      this.promised.set(call.id, call.stage === 'ended' ? call.how : 'talked');
    }
  }
}

/** She has been told that she will be rung, whether or not she is still there. */
const isPromised = (call: Call): boolean => 'callBack' in call && call.callBack !== null;
