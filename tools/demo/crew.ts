import type { Chance } from '../../routing/simulator/chance.ts';
import type { FloorSeat, FloorView } from '../../server/http/floor-views.ts';
import type { FloorCall } from '../../server/http/supervise-views.ts';
import type { DeskView } from '../../server/http/views.ts';
import { VOICES } from '../../telephony/asterisk/plan.ts';
import { Client } from '../parts/client.ts';
import { intends, situationOf, type Intention } from './habits.ts';
import type { Switchboard } from './switchboard.ts';

export interface Place {
  readonly id: string;
  readonly password: string;
  /** Null: here. */
  readonly site: string | null;
}

export interface CrewNeeds {
  readonly url: string;
  readonly switchboard: Switchboard;
  readonly tempo: number;
  readonly chance: Chance;
}

/** Between two people who sign in, in milliseconds at tempo 1. */
const ARRIVING_MS = 4_000;
/** A leg that has not come up by then is made anew. */
const LEG_MS = 10_000;
/** Who was sent home by a manager is back after so long. */
const HOME_MS = 30_000;
/** A person elsewhere tells so often how good the line is. */
const REPORT_MS = 5_000;

/** A person who sits at a seat of the real server and works through its API. */
class Player {
  readonly place: Place;
  readonly #needs: CrewNeeds;
  readonly #client: Client;
  readonly #voice: string;
  #legMadeAt = -Infinity;
  #signedInAt = -Infinity;
  #reportedAt = -Infinity;
  #intention: Intention | null = null;
  #seen = '';
  #busy = false;

  constructor(place: Place, nth: number, needs: CrewNeeds) {
    this.place = place;
    this.#needs = needs;
    this.#client = new Client(needs.url);
    this.#voice = VOICES.seat[nth % VOICES.seat.length] ?? VOICES.seat[0];
  }

  get signedIn(): boolean {
    return this.#signedInAt > -Infinity;
  }

  /** Looks at the floor and does what is due; one thing at a time. */
  async goesOn(seat: FloorSeat, call: FloorCall | undefined, now: number): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      await this.#does(seat, call, now);
    } finally {
      this.#busy = false;
    }
  }

  async signsIn(now: number): Promise<void> {
    this.#signedInAt = now;
    await this.#client.logsInAs({ seat: this.place.id }, this.place.password);
  }

  /** Not while there is a call. */
  async signsOut(seat: FloorSeat | undefined): Promise<void> {
    if (!this.signedIn || seat?.state === 'talking' || seat?.state === 'offered') return;
    const reply = await this.#client.post('/api/log-out');
    if (reply.status < 300) this.#signedInAt = -Infinity;
  }

  async #does(seat: FloorSeat, call: FloorCall | undefined, now: number): Promise<void> {
    const { chance, switchboard, tempo } = this.#needs;
    if (seat.state === 'signed-out' && now > this.#signedInAt + HOME_MS) return this.signsIn(now);
    if (seat.state !== 'signed-out' && !seat.lineUp && now > this.#legMadeAt + LEG_MS) {
      this.#legMadeAt = now;
      return void (await switchboard.sitsDown(this.place.id, this.#voice));
    }
    if (this.place.site !== null && now > this.#reportedAt + REPORT_MS) {
      this.#reportedAt = now;
      const [some, more] = [chance.next(), chance.next()];
      const line = { roundTripMs: 18 + 14 * some, jitterMs: 2 + 4 * more, loss: 0.004 * some };
      await this.#client.post('/api/seat/line-quality', line);
    }
    const situation = situationOf(seat, call);
    if (situation !== this.#seen) {
      this.#seen = situation;
      this.#intention = intends(seat, call, tempo, chance, now);
    }
    if (this.#intention === null || now < this.#intention.at) return;
    const { keys } = this.#intention;
    this.#intention = null;
    const desk = (await this.#client.get('/api/desk')).body as DeskView;
    const allowed = desk.actions.filter((action) => action.allowed);
    const key = keys.flatMap((id) => allowed.find((one) => one.id === id) ?? [])[0];
    if (key) await this.#client.post(key.request.path, key.request.body);
    // What cannot be done now is thought over again.
    else this.#seen = '';
  }
}

/** All who are played. Those here are there from the first; those of a site come one by one when it is asked in. */
export class Crew {
  readonly #players: readonly Player[];
  readonly #needs: CrewNeeds;
  #nextArrivalAt = 0;

  constructor(places: readonly Place[], needs: CrewNeeds) {
    this.#needs = needs;
    this.#players = places.map((place, nth) => new Player(place, nth, needs));
  }

  /** @param invited sites that are asked in */
  async goesOn(floor: FloorView, invited: ReadonlySet<string>, now: number): Promise<void> {
    const seats = new Map(floor.seats.map((seat) => [seat.id, seat]));
    const calls = new Map(floor.calls.flatMap((call) => call.seats.map((seat) => [seat, call])));
    // One who cannot go on keeps nobody else from it.
    const goes = async (player: Player): Promise<void> => {
      const { id, site } = player.place;
      const seat = seats.get(id);
      const wanted = site === null || invited.has(site);
      if (!wanted) return player.signsOut(seat);
      if (!player.signedIn) return this.#arrives(player, now);
      if (seat) await player.goesOn(seat, calls.get(id), now);
    };
    await Promise.all(this.#players.map(goes));
  }

  async leaves(floor: FloorView): Promise<void> {
    const seats = new Map(floor.seats.map((seat) => [seat.id, seat]));
    for (const player of this.#players) await player.signsOut(seats.get(player.place.id));
  }

  async #arrives(player: Player, now: number): Promise<void> {
    if (player.place.site !== null) {
      if (now < this.#nextArrivalAt) return;
      this.#nextArrivalAt = now + ARRIVING_MS * this.#needs.tempo;
    }
    await player.signsIn(now);
  }
}
