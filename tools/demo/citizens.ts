import { VOICES } from '../../telephony/asterisk/plan.ts';
import { exponential, logNormal, type Chance } from '../../routing/simulator/chance.ts';
import type { FloorCall } from '../../server/http/supervise-views.ts';
import { TALK_MS } from './habits.ts';
import type { Switchboard } from './switchboard.ts';

/** So many are on the line at once at most: the machine of a newcomer is small. */
export const MOST_AT_ONCE = 25;
/** Who talks with a person gets all the time that she needs, and yet an end. */
const LONGEST_TALK_MS = 180_000;

const patience = exponential(75_000);
const talkWithCentre = logNormal(TALK_MS, 0.5);

interface Citizen {
  readonly channel: string;
  readonly number: string;
  readonly gaveUpAt: number;
  /** When somebody first talked with her; null: nobody has. */
  talksSince: number | null;
  readonly talkMs: number;
}

export interface CitizensNeeds {
  readonly switchboard: Switchboard;
  /** By which Asterisk rings itself. */
  readonly trunk: string;
  /** Hotline -> the number that is dialled for it. */
  readonly numbers: Readonly<Record<string, string>>;
  /** Seats that are played: they say goodbye themselves. */
  readonly played: ReadonlySet<string>;
  readonly tempo: number;
  readonly chance: Chance;
}

/** Those who ring; at most `MOST_AT_ONCE` at a time. */
export class Citizens {
  /** How many have rung since the play began. */
  rung = 0;
  readonly #needs: CitizensNeeds;
  #on: Citizen[] = [];

  constructor(needs: CitizensNeeds) {
    this.#needs = needs;
  }

  get onTheLine(): number {
    return this.#on.length;
  }

  /** One more rings; nobody does while too many are on the line. */
  async rings(hotline: string, now: number): Promise<void> {
    const { switchboard, numbers, trunk, tempo, chance } = this.#needs;
    const dialled = numbers[hotline];
    if (dialled === undefined || this.#on.length >= MOST_AT_ONCE) return;
    const number = this.#nextNumber();
    const voice = VOICES.citizen[this.rung % VOICES.citizen.length] ?? VOICES.citizen[0];
    const channel = await switchboard.rings(dialled, number, trunk, voice);
    this.#on.push({
      channel,
      number,
      gaveUpAt: now + tempo * patience(chance) + 10_000,
      talksSince: null,
      talkMs: tempo * talkWithCentre(chance),
    });
  }

  /**
   * Who has lost patience hangs up, and who has talked long enough where nobody played ends it.
   * @param there channels that are there
   * @param calls who talks with whom; numbers with their middle hidden
   */
  async go(there: ReadonlySet<string>, calls: readonly FloorCall[], now: number): Promise<void> {
    this.#on = this.#on.filter(({ channel }) => there.has(channel));
    const by = new Map(calls.map((call) => [call.number, call]));
    for (const citizen of this.#on) {
      const call = by.get(hidden(citizen.number));
      if (call) citizen.talksSince ??= now;
      if (this.#hasEnough(citizen, call, now)) {
        await this.#needs.switchboard.hangsUp(citizen.channel);
      }
    }
  }

  #hasEnough({ gaveUpAt, talksSince, talkMs }: Citizen, call: FloorCall | undefined, now: number) {
    if (talksSince === null) return now >= gaveUpAt;
    const among = (seat: string) => this.#needs.played.has(seat);
    // A centre by trunk and a peer are Asterisk's echo, which ends nothing.
    const nobody = call !== undefined && call.seats.every((seat) => seat.includes('.'));
    const withPlayed = call !== undefined && call.seats.some(among);
    const most = nobody ? talkMs : withPlayed ? LONGEST_TALK_MS / 2 : LONGEST_TALK_MS;
    return now >= talksSince + most;
  }

  /** No two who are on the line have the same first three and last four digits. */
  #nextNumber(): string {
    const serial = this.rung++ % 10_000;
    const prefixes = ['138', '139', '150', '158', '186', '189'];
    const middle = 1000 + Math.floor(9000 * this.#needs.chance.next());
    const last = String((serial * 37 + 1024) % 10_000).padStart(4, '0');
    return `${prefixes[serial % prefixes.length]}${middle}${last}`;
  }
}

const hidden = (number: string): string => `${number.slice(0, 3)}****${number.slice(-4)}`;
