import { Dispatcher } from '../routing/dispatcher.ts';
import type { StoredState } from '../routing/staffing/restore.ts';
import { rules } from '../routing/staffing/town.ts';
import type { Centre } from '../telephony/call.ts';
import { HandClock } from '../tests/given/hand-clock.ts';
import { Staff } from './staff.ts';

/** The survival route of a town, a centre by trunk with two seats that needs no lease, is lost and found again. */

const survival: Centre = {
  id: 'survival',
  name: { zh: '兜底', en: 'Survival' },
  route: { trunk: 'province', number: '02512300' },
  confirm: 'key',
  ringSeconds: 15,
};

async function aTown(clock = new HandClock(), stored: StoredState | null = null) {
  const kept = { state: stored };
  const staff = await Staff.start({
    clock,
    rules,
    centres: { survival },
    store: {
      read: () => Promise.resolve(kept.state),
      write: (state) => Promise.resolve(void (kept.state = state)),
    },
    onNews: () => undefined,
    onOrder: () => undefined,
    onTrouble: (words) => {
      throw new Error(words);
    },
  });
  const dispatcher = new Dispatcher({
    clock,
    ...staff.keeper.staffing,
    onChosen: () => undefined,
    onHopeless: () => undefined,
    onChange: (seats) => staff.seatsChanged(seats),
  });
  staff.joins(dispatcher);
  staff.begins();
  const seats = () =>
    ['survival.1', 'survival.2'].map((id) => {
      const seat = dispatcher.seat(id);
      return `${seat?.state} ${seat?.lineUp ? 'up' : 'down'}`;
    });
  const isReached = () => staff.keeper.state.lines.survival?.reached ?? true;
  return { clock, staff, kept, seats, isReached };
}

test('not reached: all its seats are out at once, and it is tried again after a minute', async () => {
  const { clock, staff, seats, isReached } = await aTown();
  expect(seats()).toEqual(['ready up', 'ready up']);
  staff.siteNotReached('survival');
  expect(seats()).toEqual(['not-ready down', 'not-ready down']);
  expect(isReached()).toBe(false);
  await clock.passes(59_999);
  expect(isReached()).toBe(false);
  await clock.passes(1);
  expect(isReached()).toBe(true);
  expect(seats()).toEqual(['ready up', 'ready up']);
  await staff.close();
});

test('its trunk is lost and found: so are its seats; another trunk is nothing to it', async () => {
  const { staff, seats, isReached } = await aTown();
  staff.trunkReached('other', false, null);
  expect(isReached()).toBe(true);
  staff.trunkReached('province', false, null);
  expect([isReached(), ...seats()]).toEqual([false, 'not-ready down', 'not-ready down']);
  staff.trunkReached('province', true, 12);
  expect([isReached(), ...seats()]).toEqual([true, 'ready up', 'ready up']);
  expect(staff.keeper.state.seen.measured.survival?.roundTripMs).toBe(12);
  await staff.close();
});

test('what was not reached before a restart is tried again after it', async () => {
  const before = await aTown();
  before.staff.siteNotReached('survival');
  await before.staff.close();
  const { clock, staff, seats, isReached } = await aTown(before.clock, before.kept.state);
  expect([isReached(), ...seats()]).toEqual([false, 'not-ready down', 'not-ready down']);
  await clock.passes(60_000);
  expect([isReached(), ...seats()]).toEqual([true, 'ready up', 'ready up']);
  await staff.close();
});
