import type { WordList } from './words.ts';

/** States of seats, as all desks call them. */
export const seatsWords = {
  'seat.signed-out': ['签出', 'Signed out'],
  'seat.not-ready': ['示忙', 'Not ready'],
  'seat.ready': ['示闲', 'Ready'],
  'seat.offered': ['振铃', 'Ringing'],
  'seat.talking': ['通话', 'Talking'],
  'seat.wrap-up': ['话后整理', 'Wrap-up'],
} as const satisfies WordList;
