import type { Words } from '../../kernel/errors.ts';
import { acted } from './hand.ts';
import type { Forced, Moment, Stepped } from './happenings.ts';
import { unknown, whyMissing, type StaffingRefusal } from './refusals.ts';
import type { State } from './state.ts';

const names: Readonly<Record<Forced['state'], Words>> = {
  ready: { zh: '强制示闲', en: 'made ready' },
  'not-ready': { zh: '强制示忙', en: 'made not ready' },
  'signed-out': { zh: '强制签出', en: 'signed out' },
};

/** Writes down that a manager has put a seat into a state. There is nothing to undo: he can put it into another. */
export function forced(moment: Moment, state: State, asked: Forced): Stepped | StaffingRefusal {
  if (asked.why.trim() === '') return whyMissing();
  const seat = moment.rules.seats.find(({ id }) => id === asked.seat);
  if (!seat) return unknown('seat', asked.seat);
  const { zh, en } = names[asked.state];
  const words = {
    zh: `座席 ${seat.id}（${seat.name}）${zh}${asked.later ? '，通话后生效' : ''}`,
    en: `Seat ${seat.id} (${seat.name}) ${en}${asked.later ? ' after its call' : ''}`,
  };
  const wish = { of: 'seat', thing: seat.id, undoes: null, words, before: {}, after: {} } as const;
  return acted(moment, state, asked, wish);
}
