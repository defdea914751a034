/**
 * The judge. It knows nothing of our code: it holds against one another what Asterisk has, what is written in Redis, what
 * was told, and what the people on the lines heard and saw. Each finding is a sentence.
 */

/** A channel as ARI lists it. */
export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly dialplan: { readonly app_name: string; readonly app_data: string };
}

/** A bridge as ARI lists it. */
export interface Bridge {
  readonly id: string;
  readonly channels: readonly string[];
}

interface Legged {
  readonly leg: string;
  readonly seat?: string;
  /** Of a browser: its lasting leg, which stays when the call has gone. */
  readonly line?: string;
}

/** A call as it is written under `liandong:<deployment>:call:<id>`; each stage has some of this. */
export interface StoredCall {
  readonly id: string;
  readonly stage: string;
  readonly callerHere: boolean;
  readonly caller: { readonly leg: string; readonly number: string | null };
  readonly parties?: readonly Legged[];
  readonly target?: Legged;
  readonly offer?: Legged | null;
  readonly seek?: { readonly leg?: string; readonly offer?: Legged | null };
  /** She is called back. */
  readonly leg?: string;
}

/** One entry of the stream `liandong:<deployment>:news`. */
export interface Told {
  readonly id: string;
  readonly call: string;
  readonly code: string;
  readonly words: { readonly en: string };
}

/** All that can be read of a deployment from outside, at about one time. */
export interface Evidence {
  readonly channels: readonly Channel[];
  readonly bridges: readonly Bridge[];
  readonly calls: readonly StoredCall[];
  /** Seat -> its state, from the hash `liandong:<deployment>:seats`. */
  readonly seats: Readonly<Record<string, string>>;
  readonly told: readonly Told[];
  /** Channel -> packets of sound that Asterisk sent to it while it was looked at. */
  readonly sound: Readonly<Record<string, number>>;
}

/** Somebody on the line, as he himself knows it. */
export interface Witness {
  readonly name: string;
  /** Who ended his call, and why; null: it goes on. */
  readonly over: string | null;
  /** What he hears, tone by tone; undefined: nobody listened. */
  readonly hears?: readonly string[];
}

/** A phone was rung. Times in milliseconds. */
export interface RungAt {
  readonly who: string;
  readonly caller: string;
  readonly from: number;
  /** Until it was answered or rang no more; null: it rings. */
  readonly until: number | null;
}

const EVERYWHERE = /^(caller-left|ended|arrived)$/;

/** Legs that a call has by its record. */
export function legsOf(call: StoredCall): string[] {
  const all = [
    call.callerHere ? call.caller.leg : undefined,
    ...(call.parties ?? []).map(({ leg }) => leg),
    call.target?.leg,
    call.offer?.leg,
    call.seek?.leg,
    call.seek?.offer?.leg,
    call.leg,
  ];
  return all.filter((leg) => leg !== undefined);
}

/** Calls that the citizen did not end herself. */
export const dropped = (witnesses: readonly Witness[]): string[] =>
  witnesses.flatMap(({ name, over }) => (over === null ? [] : [`${name} was cut off: ${over}`]));

/** Citizens who hear neither anybody nor music, by their own ears or by what Asterisk sends them. */
export function silent(
  { calls, sound, channels }: Evidence,
  witnesses: readonly Witness[],
): string[] {
  const ears = witnesses.flatMap(({ name, over, hears }) =>
    over === null && hears?.length === 0 ? [`${name} hears nothing`] : [],
  );
  const lines = channels
    .filter(({ id, state }) => state === 'Up' && sound[id] === 0)
    .filter(({ id }) => calls.some(({ caller, callerHere }) => callerHere && caller.leg === id))
    .map(({ id, name }) => `nothing is sent to the citizen on ${name} (${id})`);
  return [...ears, ...lines];
}

/** What the switch has and no record knows, and the other way about. */
export function strays({ channels, bridges, calls }: Evidence): string[] {
  const living = calls.filter(({ stage }) => stage !== 'ended');
  const known = new Set(living.flatMap(legsOf));
  const there = new Set(channels.map(({ id }) => id));
  return [
    ...channels
      .filter(({ id, dialplan }) => !known.has(id) && !isLastingLeg(dialplan))
      .filter(({ id }) => !living.some((call) => isRecorderOf(call, id)))
      .map(({ id, name, state }) => `${name} (${id}, ${state}) belongs to no call`),
    ...bridges
      .filter(({ id }) => !living.some((call) => call.id === id))
      .map(({ id, channels: held }) => `bridge ${id} with ${held.length} belongs to no call`),
    ...living.flatMap((call) =>
      legsOf(call)
        .filter((leg) => !there.has(leg))
        .map((leg) => `${call.stage} call ${call.id}: its leg ${leg} is not on the switch`),
    ),
    ...living.flatMap((call) => apart(call, bridges)),
    ...calls
      .filter(({ stage }) => stage === 'ended')
      .map(({ id }) => `call ${id} has ended and is still listed`),
  ];
}

/** Who talks must be where the others are. */
function apart(call: StoredCall, bridges: readonly Bridge[]): string[] {
  if (call.stage !== 'talking') return [];
  const held = bridges.find(({ id }) => id === call.id)?.channels ?? [];
  return legsOf(call)
    .filter((leg) => !held.includes(leg))
    .map((leg) => `talking call ${call.id}: ${leg} is not in its bridge`);
}

/** `<call>_<track>_<n>`: it listens to the citizen of a call and is no leg of it. */
const isRecorderOf = (call: StoredCall, channel: string): boolean =>
  call.callerHere && new RegExp(`^${call.id}_[a-z]+_\\d+$`).test(channel);

/** A browser's leg lasts for the shift, with or without a call: `Stasis(app,seat,…)`. */
const isLastingLeg = ({ app_name, app_data }: Channel['dialplan']): boolean =>
  app_name === 'Stasis' && app_data.split(',')[1] === 'seat';

/** Seats that are kept by a call that does not have them, or had by a call that they do not know of. */
export function stuck({ calls, seats }: Evidence): string[] {
  const had = new Map(
    calls
      .filter(({ stage }) => stage !== 'ended')
      .flatMap((call) =>
        [...(call.parties ?? []), call.target, call.offer, call.seek?.offer].flatMap((one) =>
          one?.seat === undefined ? [] : [[one.seat, call] as const],
        ),
      ),
  );
  const busy = (state: string | undefined) => state === 'offered' || state === 'talking';
  return [
    ...Object.entries(seats)
      .filter(([seat, state]) => busy(state) && !had.has(seat))
      .map(([seat, state]) => `seat ${seat} is ${state} without a call`),
    ...[...had]
      .filter(([seat]) => !seat.includes('.') && !busy(seats[seat]))
      .map(([seat, { id }]) => `seat ${seat} is ${seats[seat]}, and call ${id} has it`),
  ];
}

/** Asterisk sends a CANCEL and the next INVITE from two threads: on a busy machine they cross. Nobody hears two. */
const CROSSING_MS = 40;

/** One offer rings once: not two at a time, and not more often than offers were told. */
export function rungTwice(rungs: readonly RungAt[], { told }: Pick<Evidence, 'told'>): string[] {
  const people = [...new Set(rungs.map(({ who }) => who))];
  return people.flatMap((who) => {
    const own = rungs.filter((rung) => rung.who === who).sort((a, b) => a.from - b.from);
    const twice = own.flatMap((rung, i) => {
      const before = own[i - 1];
      if (!before || (before.until !== null && before.until <= rung.from + CROSSING_MS)) return [];
      const alike = before.until === null ? 'still' : `for ${before.until - rung.from} ms more`;
      return [
        `${who} was rung for ${rung.caller} while it rang already, for ${before.caller}, ${alike}`,
      ];
    });
    const offers = told.filter(
      ({ code, words }) => code === 'offered' && words.en.endsWith(` ${who}`),
    ).length;
    return [
      ...twice,
      ...(offers > 0 && own.length > offers
        ? [`${who} was rung ${own.length} times for ${offers} offers`]
        : []),
    ];
  });
}

/** The same line twice running in one call, or what can be true but once. */
export function toldTwice({ told }: Pick<Evidence, 'told'>): string[] {
  const last = new Map<string, Told>();
  const once = new Set<string>();
  const found: string[] = [];
  for (const one of told) {
    const before = last.get(one.call);
    const mark = `${one.call} ${one.code}`;
    const again = before?.code === one.code && before.words.en === one.words.en;
    if (again || (EVERYWHERE.test(one.code) && once.has(mark)))
      found.push(`told twice in call ${one.call}: ${one.words.en}`);
    last.set(one.call, one);
    once.add(mark);
  }
  return found;
}

/** Who was there first is served first. Names of `served` that are not in `arrived` do not count. */
export function outOfTurn(arrived: readonly string[], served: readonly string[]): string[] {
  const places = served.map((who) => arrived.indexOf(who)).filter((place) => place >= 0);
  return places.flatMap((place, i) => {
    const before = places[i - 1];
    return before === undefined || before < place
      ? []
      : [`${arrived[place]} came before ${arrived[before]} and was served after`];
  });
}

/** All of it but the turns. */
export const judged = (
  evidence: Evidence,
  witnesses: readonly Witness[],
  rungs: readonly RungAt[],
): string[] => [
  ...dropped(witnesses),
  ...silent(evidence, witnesses),
  ...strays(evidence),
  ...stuck(evidence),
  ...rungTwice(rungs, evidence),
  ...toldTwice(evidence),
];
