import { KEPT_ENTRIES } from './chronicle.ts';
import { aJoin, close, open, Town } from './town.ts';

/** What else happened while a plan was open stands in its timeline. */

const whats = (town: Town, plan = 'storm') =>
  (town.state.openings[plan] ?? town.state.past.at(-1))?.timeline.map(({ what }) => what);

test('sites that join or leave, and what a manager changed of its queues and their seats; not what is elsewhere', () => {
  const town = new Town();
  town.does(aJoin('suzhou', { seats: 4 }), open('storm'));
  const granted = { by: 'li', why: 'agreed by telephone' };
  town.at(1).does({ ...aJoin('wuxi'), granted });
  town.at(2).does({ type: 'siteReached', site: 'suzhou', up: false });
  town.at(3).does({ type: 'siteReached', site: 'survival', up: false });
  const hand = { by: 'chen', why: 'noon', version: 0 };
  town.at(4).does({ type: 'setQueue', hotline: '12345', change: { targetMs: 20_000 }, ...hand });
  town.at(5).does({ type: 'setQueue', hotline: '110', change: { targetMs: 20_000 }, ...hand });
  town.at(6).does({ type: 'forced', seat: '8001', state: 'not-ready', later: false, ...hand });
  town.at(7).does(close('storm'));
  expect(whats(town)).toEqual([
    'opened',
    'site-joined',
    'site-lost',
    'queue-changed',
    'seat-changed',
    'closed',
  ]);
  const [, joined] = town.state.past[0]?.timeline ?? [];
  expect(joined).toMatchObject({ at: 1000, by: 'li' });
  expect(joined?.words.en).toMatch(/agreed by telephone$/);
});

test('a line that comes and goes all night leaves the opening and the newest', () => {
  const town = new Town();
  town.does(aJoin('suzhou', { seats: 4 }), open('storm', { hours: 4 }));
  for (let n = 0; n < KEPT_ENTRIES + 50; n++) {
    town.at(1 + n).does({ type: 'siteReached', site: 'suzhou', up: n % 2 === 1 });
  }
  const { timeline } = town.state.openings.storm ?? { timeline: [] };
  expect(timeline).toHaveLength(KEPT_ENTRIES + 1);
  expect([timeline[0]?.what, timeline.at(-1)?.at]).toEqual(['opened', (KEPT_ENTRIES + 50) * 1000]);
});

test('a lease granted by staff needs its why; withdrawn it is gone', () => {
  const town = new Town();
  const join = aJoin('wuxi');
  expect(town.refused({ ...join, granted: { by: 'li', why: ' ' } }).code).toBe('why-missing');
  town.does({ ...join, granted: { by: 'li', why: 'rain' } });
  expect(town.state.leases.wuxi).toBeDefined();
  town.does({ ...join, seconds: 0, granted: { by: 'li', why: 'over' } });
  expect(town.state.leases.wuxi).toBeUndefined();
  expect(town.news).toEqual(['site-left']);
});
