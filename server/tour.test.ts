import type { State } from '../routing/staffing/state.ts';
import type { Call, Party } from '../telephony/call.ts';
import { tourOf } from './http/tour-operations.ts';
import { Tour } from './tour.ts';
import type { Change, Wired } from './wire.ts';

const seat = (id: string) => ({ role: 'seat', seat: id }) as Party;
const talk = (...parties: Party[]) => ({ id: 'c', stage: 'talking', parties }) as unknown as Call;

/** A deployment where 8010 is played and 8001, 9001 are left to guests; `sees` tells what has come about. */
function aTryOut() {
  let call: Call | undefined;
  let state = { acts: [], openings: {} } as unknown as State;
  let told: (change: Change) => void = () => undefined;
  const tour = tourOf({
    config: {
      seats: [
        { id: '8001', played: false },
        { id: '9001', played: false },
        { id: '8010', played: true },
      ],
      people: [{ id: 'chen' }],
    },
    calls: { get: () => call && { call } },
    staff: {
      keeper: {
        get state() {
          return state;
        },
      },
    },
    onChange: (listener: typeof told) => void (told = listener),
  } as unknown as Wired);
  const done = () =>
    tour
      .view()
      .steps.filter(({ doneAt }) => doneAt !== null)
      .map(({ id }) => id);
  return {
    tour,
    done,
    calls: (now: Call) => {
      call = now;
      told({ seats: [], calls: ['c'] });
    },
    staffing: (now: Partial<State>) => {
      state = { ...state, ...now };
      told({ seats: [], all: 'everything' });
    },
  };
}

test('steps are ticked when a guest is seen doing them, in whatever order, once and for good', () => {
  const { calls, staffing, done, tour } = aTryOut();
  calls(talk(seat('8010')));
  expect(done()).toEqual([]);
  calls(talk(seat('8010'), seat('9001')));
  expect(done()).toEqual(['answer']);
  calls(talk(seat('8001')));
  expect(done()).toEqual(['answer']);
  calls(talk(seat('8001'), seat('8010')));
  expect(done()).toEqual(['answer', 'hand-over']);

  const act = { of: 'seat', thing: '8010' };
  staffing({ acts: [{ ...act, by: 'rule' }] as unknown as State['acts'] });
  expect(done()).toEqual(['answer', 'hand-over']);
  staffing({ acts: [{ ...act, by: 'chen' }] as unknown as State['acts'] });
  expect(done()).toEqual(['answer', 'hand-over', 'move']);
  staffing({ openings: { storm: { by: 'chen' } } as unknown as State['openings'] });
  tour.did(['wall'], 1);
  expect(done()).toEqual(['answer', 'hand-over', 'move', 'plan', 'wall']);
  const before = tour.view();
  tour.did(['wall', 'answer'], Date.now() + 60_000);
  expect(tour.view()).toEqual(before);
});

test('where nobody is played there is no tour', () => {
  expect(new Tour(null).view()).toEqual({ steps: [] });
});
