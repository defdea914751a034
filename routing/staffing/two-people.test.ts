import { StaffingRefusal } from './refusals.ts';
import { emptyState, type State } from './state.ts';
import { step } from './step.ts';
import { close, drain, open, rules } from './town.ts';
import type { Happening } from './happenings.ts';

const HOUR = 3_600_000;
const twoPeople = {
  ...rules,
  plans: rules.plans.map((plan) => (plan.id === 'storm' ? { ...plan, twoPeople: true } : plan)),
};

/** What li asks for in turn, each after what was obeyed before. */
function asks(...happenings: readonly Happening[]) {
  let state: State = emptyState;
  const refused = happenings.map((happening, nth) => {
    const done = step(twoPeople, state, happening, HOUR + nth);
    if (done instanceof StaffingRefusal) return done.code;
    state = done.state;
    return null;
  });
  return { refused, state };
}

test('opened and closed in earnest by two; the second stands beside the reason', () => {
  const { refused, state } = asks(
    open('storm', { confirm: true }),
    open('storm', { confirm: true, second: 'li' }),
    open('storm', { confirm: true, second: 'nobody' }),
    open('storm', { confirm: true, second: 'wang' }),
    close('storm'),
    { ...close('storm'), second: 'constructor' },
  );
  expect(refused).toEqual([
    'second-missing',
    'second-not-allowed',
    'second-not-allowed',
    null,
    'second-missing',
    'second-not-allowed',
  ]);
  expect(state.openings.storm?.why).toBe('because（复核 confirmed by 王强）');
  expect(
    asks(open('storm', { confirm: true, second: 'wang' }), { ...close('storm'), second: 'wang' })
      .refused,
  ).toEqual([null, null]);
});

test('a drill, draining, extending and plans without it take one', () => {
  const extend = { type: 'extend', plan: 'storm', hours: 1, by: 'li', why: 'rain' } as const;
  expect(asks(open('flood', { confirm: true }), close('flood')).refused).toEqual([null, null]);
  expect(
    asks(open('storm', { confirm: true, second: 'wang' }), extend, drain('storm')).refused,
  ).toEqual([null, null, null]);
});

test('what is not allowed at all is said first', () => {
  expect(asks({ ...open('storm'), by: 'chen' }, { ...open('storm'), why: ' ' }).refused).toEqual([
    'not-allowed',
    'why-missing',
  ]);
});
