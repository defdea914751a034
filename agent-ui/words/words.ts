import type { citizenWords } from './citizen.ts';
import type { commonWords } from './common.ts';
import type { deskWords } from './desk.ts';
import type { emergencyWords } from './emergency.ts';
import type { logInWords } from './log-in.ts';
import type { manageWords } from './manage.ts';
import type { phoneWords } from './phone.ts';
import type { seatsWords } from './seats.ts';
import type { staffWords } from './staff.ts';
import type { superviseWords } from './supervise.ts';
import type { ticketPageWords } from './ticket-page.ts';
import type { ticketWords } from './tickets.ts';
import type { tourWords } from './tour.ts';
import type { wallWords } from './wall.ts';

/** The pages' own words, each in both languages side by side; those of the server arrive in both. */
export type WordList = Readonly<Record<string, readonly [zh: string, en: string]>>;

export type Language = 'zh' | 'en';

/** Every key of every list. A page knows those of the lists that its entry names to `startWords`. */
export type WordKey =
  | keyof typeof commonWords
  | keyof typeof logInWords
  | keyof typeof seatsWords
  | keyof typeof phoneWords
  | keyof typeof deskWords
  | keyof typeof citizenWords
  | keyof typeof staffWords
  | keyof typeof manageWords
  | keyof typeof superviseWords
  | keyof typeof emergencyWords
  | keyof typeof ticketWords
  | keyof typeof ticketPageWords
  | keyof typeof tourWords
  | keyof typeof wallWords;
