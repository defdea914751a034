import { countsOf, promptFor } from './counts.ts';
import { differences } from './differences.ts';
import type { Fact } from './happenings.ts';
import { nextAt } from './step.ts';
import { aJoin, close, drain, open, rules, signedIn, signedOut, talking, Town } from './town.ts';

const HOUR = 3600;
const wuxi = 'plan:storm/wuxi';
const suzhou = 'plan:storm/suzhou';

/** Both sites have leases. */
function ready(): Town {
  const town = new Town();
  town.does(aJoin('wuxi', { seconds: HOUR }), aJoin('suzhou', { seconds: HOUR, seats: 4 }));
  return town;
}

describe('a plan', () => {
  test('opened reaches its sites, lets in so many seats, tells peers and asks people in', () => {
    const town = ready();
    town.does(signedIn('w3'), open('storm', { hours: 1 }));
    expect(town.reach('12345')).toEqual([
      '12345 1',
      '110 4 after 60',
      'site:suzhou 3 after 30',
      'site:survival 5 after 120',
      'plan:storm/wuxi 2',
      'plan:storm/suzhou 3',
    ]);
    expect(town.queue('12345')?.reach.at(-1)?.not).toEqual(['danger']);
    expect(town.reach('110')).toEqual(['110 1', 'link:stand-in 2 after 20']);
    expect(town.inGroup(suzhou)).toEqual(['suzhou.1', 'suzhou.2', 'suzhou.3']);
    expect(town.inGroup(wuxi)).toEqual(['w3']);
    expect(town.orders).toEqual([
      {
        type: 'tellPeers',
        event: 'diverting',
        plan: 'storm',
        level: 'major',
        queues: ['12345'],
        sites: ['wuxi', 'suzhou'],
        until: HOUR * 1000,
        drill: false,
      },
      {
        type: 'askIn',
        plan: 'storm',
        drill: false,
        sites: [
          { site: 'wuxi', seats: 2 },
          { site: 'suzhou', seats: 3 },
        ],
      },
    ]);
    expect(town.news).toEqual(['plan-opened']);
    expect(promptFor(rules, town.state, '12345')).toBe('storm');
    expect(promptFor(rules, town.state, '110')).toBeNull();
  });

  test('the first who sign in get in, no more than so many; a place of somebody gone is taken', () => {
    const town = ready();
    town.does(open('storm'));
    town.at(1).does(signedIn('w2'));
    town.at(2).does(signedIn('w1'));
    town.at(3).does(signedIn('w3'));
    expect(town.inGroup(wuxi)).toEqual(['w1', 'w2']);
    expect(town.groups('w3')).toEqual(['site:wuxi']);
    town.at(4).does(signedOut('w2'));
    expect(town.inGroup(wuxi)).toEqual(['w1', 'w3']);
    town.at(5).does(signedOut('w1'));
    expect(town.inGroup(wuxi)).toEqual(['w1', 'w3']);
    town.at(6).does(signedIn('w2'));
    expect(town.inGroup(wuxi)).toEqual(['w2', 'w3']);
  });

  test('counts: asked in, signed in, ready', () => {
    const town = ready();
    town.does(open('storm'), signedIn('w1'), signedIn('w2'));
    const seat = { lineUp: true, leaving: false };
    const states: Record<string, string> = {
      w1: 'ready',
      w2: 'talking',
      'suzhou.1': 'ready',
      'suzhou.2': 'signed-out',
      'suzhou.3': 'not-ready',
    };
    const seatOf = (id: string) => (states[id] ? { ...seat, id, state: states[id] } : undefined);
    expect(countsOf(rules, town.state, seatOf as Parameters<typeof countsOf>[2])).toEqual(
      new Map([
        [
          'storm',
          [
            { site: 'wuxi', askedIn: 2, signedIn: 2, ready: 2 },
            { site: 'suzhou', askedIn: 3, signedIn: 2, ready: 1 },
          ],
        ],
      ]),
    );
  });

  test('without a lease its site is not reached; with one it is at once', () => {
    const town = new Town();
    town.does(open('storm'), signedIn('w1'));
    expect(town.reach('12345')).not.toContain('plan:storm/wuxi 2');
    town.does(aJoin('wuxi'));
    expect(town.reach('12345')).toContain('plan:storm/wuxi 2');
  });

  test('draining offers nothing new and closes when the last talk is over', () => {
    const town = ready();
    town.does(signedIn('w1'), open('storm'), talking('w1'), talking('suzhou.2'), drain('storm'));
    expect(town.news).toEqual(['plan-draining']);
    expect(town.orders).toMatchObject([{ type: 'tellPeers', event: 'draining' }]);
    expect(town.reach('12345')?.some((one) => one.startsWith('plan:'))).toBe(false);
    expect(town.inGroup(wuxi)).toEqual([]);
    expect(promptFor(rules, town.state, '12345')).toBeNull();
    town.does(signedIn('w1'));
    expect(town.state.openings.storm?.stage).toBe('draining');
    expect(town.refused(drain('storm')).code).toBe('plan-draining');
    town.does(signedIn('suzhou.2'));
    expect(town.news).toEqual(['plan-closed']);
    expect(town.orders).toMatchObject([{ type: 'tellPeers', event: 'normal' }]);
    expect(town.state.openings).toEqual({});
    expect(town.state.past[0]?.timeline.map(({ what, by }) => [what, by])).toEqual([
      ['opened', 'li'],
      ['draining', 'li'],
      ['closed', '(rule)'],
    ]);
  });

  test('draining while nobody talks closes at once; a draining one can be opened again', () => {
    const town = ready();
    town.does(open('storm'), drain('storm'));
    expect(town.news).toEqual(['plan-draining', 'plan-closed']);
    town.does(open('storm'), talking('suzhou.1'), drain('storm'), open('storm'));
    expect(town.state.openings.storm).toMatchObject({ stage: 'open', leaving: [] });
    expect(town.state.openings.storm?.timeline).toHaveLength(3);
    expect(town.inGroup(suzhou)).toHaveLength(3);
  });

  test('it closes when its time is over, not later than its plan says; and can be extended', () => {
    const town = ready();
    town.does(open('storm', { hours: 100 }));
    expect(town.state.openings.storm?.until).toBe(4 * HOUR * 1000);
    expect(nextAt(rules, town.state)).toBe(HOUR * 1000);
    town.at(2 * HOUR).does({ type: 'extend', plan: 'storm', hours: 3, by: 'wang', why: 'rain' });
    expect(town.state.openings.storm?.until).toBe(5 * HOUR * 1000);
    town.at(5 * HOUR);
    expect(town.reach('12345')).not.toContain('plan:storm/suzhou 3');
    town.does({ type: 'time' });
    expect(town.news).toEqual(['plan-closed']);
  });

  test('it drains by itself when its queues have been well for so long, on end', () => {
    const town = ready();
    const well = (is: boolean): Fact => ({ type: 'well', hotline: '12345', well: is });
    town.does(well(true));
    town.at(100).does(open('storm'), talking('suzhou.1'));
    town.at(200).does(well(false), well(true));
    expect(nextAt(rules, town.state)).toBe(800_000);
    town.at(799).does({ type: 'time' });
    expect(town.news).toEqual([]);
    town.at(800).does({ type: 'time' });
    expect(town.news).toEqual(['plan-draining']);
  });

  test('who may not, says not why, or asks for no time is refused', () => {
    const town = ready();
    expect(town.refused(open('storm', { by: 'zhao' }))).toMatchObject({
      code: 'not-allowed',
      field: 'by',
    });
    expect(town.refused(open('storm', { why: ' ' }))).toMatchObject({ code: 'why-missing' });
    expect(town.refused(open('typhoon'))).toMatchObject({ code: 'unknown-plan', field: 'plan' });
    expect(town.refused(open('constructor'))).toMatchObject({ code: 'unknown-plan' });
    for (const hours of [0, -1, Number.NaN]) {
      expect(town.refused(open('storm', { hours }))).toMatchObject({
        code: 'out-of-range',
        field: 'hours',
      });
    }
    expect(town.refused(drain('storm'))).toMatchObject({ code: 'plan-closed' });
    expect(town.refused(close('storm'))).toMatchObject({ code: 'plan-closed' });
    town.does(open('storm', { by: 'wang' }));
    const again = town.refused(open('storm'));
    expect(again).toMatchObject({ code: 'plan-open' });
    expect(again.words.en).toContain('王强');
  });
});

describe('plans that want the same seats', () => {
  test('the second opens with so many fewer, in words, and gets what the first gives back', () => {
    const town = ready();
    town.does(aJoin('suzhou', { seats: 5, seconds: HOUR }), open('storm'));
    const { news, orders } = town.does(open('flood'));
    expect(news[0]?.words.en).toContain('3 seats fewer of suzhou');
    expect(orders[1]).toMatchObject({ sites: [{ site: 'suzhou', seats: 2 }] });
    expect(town.inGroup(suzhou)).toEqual(['suzhou.1', 'suzhou.2', 'suzhou.3']);
    expect(town.inGroup('plan:flood/suzhou')).toEqual(['suzhou.4', 'suzhou.5']);
    town.does(close('storm'));
    expect(town.inGroup('plan:flood/suzhou')).toHaveLength(5);
  });

  test('a plan does not take back a place with somebody who is let in to another', () => {
    const wuxiOnly = rules.plans.map((one) =>
      one.id === 'flood'
        ? { ...one, sites: [{ site: 'wuxi', seats: 1, preference: 2 as const }] }
        : one,
    );
    const town = new Town({ ...rules, plans: wuxiOnly });
    town.does(aJoin('wuxi', { seconds: HOUR }), open('storm'));
    for (const [i, seat] of ['w1', 'w2', 'w3'].entries()) town.at(i + 1).does(signedIn(seat));
    town.does(open('flood'));
    expect(town.inGroup('plan:flood/wuxi')).toEqual(['w3']);
    town.at(10).does(signedOut('w1'));
    expect(town.inGroup('plan:flood/wuxi')).toEqual(['w3']);
    expect(town.inGroup(wuxi)).toEqual(['w1', 'w2']);
  });

  test('wholly promised elsewhere it is refused, and opened on confirmation', () => {
    const both = {
      ...rules,
      plans: rules.plans.map((one) =>
        one.id === 'storm' ? { ...one, sites: one.sites.filter((s) => s.site === 'suzhou') } : one,
      ),
    };
    const town = new Town(both);
    town.does(aJoin('suzhou', { seats: 5 }), open('flood'));
    const refusal = town.refused(open('storm'));
    expect(refusal).toMatchObject({ code: 'seats-promised', detail: { confirmable: true } });
    town.does(open('storm', { confirm: true }));
    expect(town.inGroup(suzhou)).toEqual([]);
    town.does(close('flood'));
    expect(town.inGroup(suzhou)).toHaveLength(3);
  });
});

describe('a drill', () => {
  const drill = open('storm', { drill: true });

  test('has shadow queues and seats of its own; no real queue reaches them', () => {
    const town = ready();
    town.does(signedIn('w1'), drill);
    expect(town.reach('12345~drill')).toEqual(['drill:storm/wuxi 2', 'drill:storm/suzhou 3']);
    expect(town.groups('w1')).toEqual(['drill:storm/wuxi']);
    expect(town.groups('suzhou.1')).toEqual(['drill:storm/suzhou']);
    expect(town.groups('suzhou.4')).toEqual(['site:suzhou']);
    expect(town.reach('12345')?.some((one) => one.includes('drill'))).toBe(false);
    expect(promptFor(rules, town.state, '12345')).toBeNull();
    expect(town.orders).toMatchObject([{ drill: true }, { drill: true }]);
    const during = town.staffing;
    town.does(close('storm'));
    expect(town.queue('12345~drill')).toBeUndefined();
    expect(town.groups('w1')).toEqual(['site:wuxi']);
    expect(differences(during, town.staffing)).toContainEqual({
      type: 'queueChanged',
      queue: expect.objectContaining({ hotline: '12345~drill', reach: [] }),
    });
  });

  test('gives way at once when its plan is opened in earnest', () => {
    const town = ready();
    town.does(signedIn('w1'), drill);
    town.does(open('storm', { by: 'wang' }));
    expect(town.news).toEqual(['plan-closed', 'plan-opened']);
    expect(town.groups('w1')).toEqual(['site:wuxi', 'plan:storm/wuxi']);
    expect(town.queue('12345~drill')).toBeUndefined();
    expect(town.state.past).toHaveLength(1);
    expect(town.refused(drill).code).toBe('plan-open');
  });

  test('gives its seats to another plan opened in earnest, in words', () => {
    const town = ready();
    town.does(aJoin('suzhou', { seats: 5, seconds: HOUR }), drill);
    const { news } = town.does(open('flood'));
    expect(news.map(({ code }) => code)).toEqual(['plan-opened', 'plan-gives-way']);
    expect(news[1]?.words.en).toContain('gives 3 seats');
    expect(town.inGroup('plan:flood/suzhou')).toHaveLength(5);
    expect(town.inGroup('drill:storm/suzhou')).toEqual([]);
  });

  test('is refused when a real plan has seats that it needs', () => {
    const town = ready();
    town.does(open('flood'));
    expect(town.refused(drill)).toMatchObject({
      code: 'seats-promised',
      detail: { confirmable: false },
    });
  });
});

describe('a forecast', () => {
  const outlook = { inTime: 0.4, meanWaitMs: 60_000 };
  const says = (plan: string): Fact => ({
    type: 'forecast',
    plan,
    seats: 12,
    expected: { without: outlook, with: { ...outlook, inTime: 0.9 } },
  });
  const no = { type: 'dismiss', plan: 'storm', by: 'li', why: 'it ends soon' } as const;

  test('proposes once, is repeated silently, and is accepted by somebody who may', () => {
    const town = ready();
    town.does(says('storm'));
    expect(town.news).toEqual(['plan-proposed']);
    town.at(600).does(says('storm'));
    expect(town.news).toEqual([]);
    expect(town.state.proposals.storm).toMatchObject({ at: 0, expiresAt: 1_500_000, seats: 12 });
    const accept = { type: 'accept', plan: 'storm', by: 'wang', why: 'yes' } as const;
    expect(town.refused({ ...accept, by: 'zhao' }).code).toBe('not-allowed');
    town.does(accept);
    expect(town.state.openings.storm).toMatchObject({ by: 'wang', stage: 'open' });
    expect(town.state.proposals).toEqual({});
    expect(town.refused(accept).code).toBe('no-proposal');
  });

  test('a drill neither answers it nor keeps it quiet', () => {
    const town = ready();
    town.does(says('storm'), open('storm', { drill: true }), close('storm'));
    expect(town.state.proposals.storm).toMatchObject({ seats: 12 });
    town.at(1).does(says('storm'));
    expect(town.state.proposals.storm).toMatchObject({ expiresAt: 901_000 });
  });

  test('turned down it is not heard again for half an hour; unanswered it expires', () => {
    const town = ready();
    expect(town.refused(no).code).toBe('no-proposal');
    town.does(says('storm'), no);
    expect(town.news).toEqual(['proposal-dismissed']);
    town.at(1799).does(says('storm'));
    expect(town.state.proposals).toEqual({});
    town.at(1800).does(says('storm'));
    expect(town.news).toEqual(['plan-proposed']);
    town.at(2700).does({ type: 'time' });
    expect(town.news).toEqual(['proposal-expired']);
  });

  test('opens where the plan says so, by rule; not again soon after a person has closed it', () => {
    const town = ready();
    town.does(says('flood'));
    expect(town.state.openings.flood).toMatchObject({ by: '(rule)' });
    town.does(close('flood'), says('flood'));
    expect(town.state.openings).toEqual({});
    expect(town.state.proposals).toEqual({});
    town.at(1800).does(says('flood'));
    expect(town.state.openings.flood).toMatchObject({ by: '(rule)' });
  });
});
