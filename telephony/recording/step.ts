import type { Call, SeatId } from '../call.ts';
import { Refusal } from '../../kernel/errors.ts';
import { partyOfSeat, partiesOf, saidGoodbye } from '../table/step.ts';
import {
  isPaused,
  recorderOf,
  runningPart,
  type Part,
  type Pause,
  type Recording,
  type RecorderOrder,
  type RecordingRules,
  type Track,
  type TrackName,
} from './recording.ts';
import { sharesAfter } from './shares.ts';

/** What has happened, to the call or to a recorder, in whatever order it is heard. */
export type RecordingFact =
  /** The call stands so now; null: it is known no more. */
  | { readonly type: 'call'; readonly call: Call | null }
  /** The recorder takes what is said from now on. */
  | { readonly type: 'began'; readonly track: TrackName; readonly n: number }
  /** Its file is closed, whoever wanted that; or it never came about. */
  | { readonly type: 'ended'; readonly track: TrackName; readonly n: number }
  /** The switch was looked at: these recorders run, since when; `at`: what was ordered later is not in it. */
  | { readonly type: 'looked'; readonly running: ReadonlyMap<string, number>; readonly at: number }
  /** It may be the time of something. */
  | { readonly type: 'time' };

export interface RecordingStep {
  readonly recording: Recording;
  readonly orders: readonly RecorderOrder[];
}

/** Who has not begun or ended by then does not any more. */
const ANSWER_MS = 5_000;
/** A recorder that ran for so long was well: whoever follows it is tried at once again. */
const RAN_WELL_MS = 10_000;
/** After so many failures one after the other the next is tried; the last holds for all that follow. */
const AGAIN_MS = [1_000, 2_000, 5_000, 10_000, 30_000] as const;
/** After so many recorders a track of this call is given up. */
const MOST_PARTS = 500;

/**
 * The recording of a call begins when she talks with somebody for the first time; null: not yet, or it is over.
 * A call that nobody began to record in time has a gap at its beginning.
 */
export function beginning(call: Call, rules: RecordingRules, now: number): RecordingStep | null {
  if (call.firstTalkAt === null || !call.callerHere || saidGoodbye(call)) return null;
  const track = (name: TrackName): Track => ({ name, parts: [], failures: 0, again: null });
  const recording: Recording = {
    call: call.id,
    key: call.key,
    node: call.node,
    hotline: call.hotline,
    leg: call.caller.leg,
    from: Math.min(call.firstTalkAt, now),
    to: null,
    tracks: rules.stereo ? [track('citizen'), track('others')] : [track('both')],
    pauses: [],
    shares: [],
  };
  return onRecordingFact(recording, { type: 'call', call }, now);
}

/** Answers a fact; any may come at any time, twice, or not at all. */
export function onRecordingFact(
  recording: Recording,
  fact: RecordingFact,
  now: number,
): RecordingStep {
  switch (fact.type) {
    case 'call':
      return goesOn(withCall(recording, fact.call, now), now);
    case 'began':
      return goesOn(
        changed(recording, fact.track, (track) =>
          part(track, fact.n, (it) =>
            it.endedAt === null ? { ...it, beganAt: it.beganAt ?? now } : it,
          ),
        ),
        now,
      );
    case 'ended':
      return goesOn(
        changed(recording, fact.track, (track) => ended(track, fact.n, now)),
        now,
      );
    case 'looked':
      return looked(recording, fact, now);
    case 'time':
      return goesOn(recording, now);
  }
}

/**
 * 暂停录音: while secrets are spoken nothing is kept, for a limited time.
 * @returns a Refusal where the seat is not in the talk, or nothing is recorded
 */
export function pauses(
  recording: Recording,
  by: SeatId,
  call: Call,
  rules: RecordingRules,
  now: number,
): RecordingStep | Refusal {
  const why = wouldRefusePause(recording, by, call);
  if (why) return why;
  if (isPaused(recording)) return refusals.paused();
  const pause: Pause = { from: now, to: null, until: now + rules.pauseMs, by };
  return goesOn({ ...recording, pauses: [...recording.pauses, pause] }, now);
}

/** 恢复录音. @returns a Refusal where the seat is not in the talk, or it is not paused */
export function resumes(
  recording: Recording,
  by: SeatId,
  call: Call,
  now: number,
): RecordingStep | Refusal {
  const why = wouldRefusePause(recording, by, call);
  if (why) return why;
  if (!isPaused(recording)) return refusals.notPaused();
  return goesOn(unpaused(recording, now), now);
}

/** Null: this seat may pause it, and let it go on. */
export function wouldRefusePause(
  recording: Recording | undefined,
  by: SeatId,
  call: Call,
): Refusal | null {
  if (!recording || recording.to !== null) return notRecorded();
  return partyOfSeat(partiesOf(call), by) ? null : refusals.notInTalk();
}

/** When it is to be told of the time next; null: nothing is waited for. */
export function wakeAt(recording: Recording): number | null {
  const times: number[] = [];
  const last = recording.pauses.at(-1);
  if (recording.to === null && last?.to === null) times.push(last.until);
  for (const track of recording.tracks) {
    const running = runningPart(track);
    if (running) {
      const since = waitsSince(running);
      if (since !== null) times.push(since + ANSWER_MS);
    } else if (wanted(recording) && track.again !== null && track.parts.length < MOST_PARTS) {
      times.push(track.again);
    }
  }
  return times.length === 0 ? null : Math.min(...times);
}

/** Nothing more comes: what was kept can be put together. */
export const isOver = ({ to, tracks }: Recording): boolean =>
  to !== null && tracks.every((track) => !runningPart(track));

/** Since when something is to be heard of it. */
const waitsSince = ({ askedAt, beganAt, endingAt }: Part): number | null =>
  endingAt ?? (beganAt === null ? askedAt : null);

const wanted = (recording: Recording): boolean => recording.to === null && !isPaused(recording);

function withCall(recording: Recording, call: Call | null, now: number): Recording {
  if (recording.to !== null) return recording;
  const here = call !== null && call.callerHere && !saidGoodbye(call);
  const shares = sharesAfter(recording.shares, here ? call : null, now);
  const next = shares === recording.shares ? recording : { ...recording, shares };
  if (!here) return { ...unpaused(next, now), to: now };
  const pause = next.pauses.at(-1);
  // Who has paused it and has left cannot let it go on any more.
  const left = pause?.to === null && !partyOfSeat(partiesOf(call), pause.by);
  return left ? unpaused(next, now) : next;
}

function unpaused(recording: Recording, now: number): Recording {
  if (!isPaused(recording)) return recording;
  const pauses = recording.pauses.map((one) => (one.to === null ? { ...one, to: now } : one));
  return { ...recording, pauses };
}

/** Orders whatever is not as it should be. */
function goesOn(before: Recording, now: number): RecordingStep {
  const pause = before.pauses.at(-1);
  const recording =
    pause?.to === null && now >= pause.until ? unpaused(before, pause.until) : before;
  const steps = recording.tracks.map((track) => trackGoesOn(track, recording, now));
  const same = steps.every(({ track }, i) => track === recording.tracks[i]);
  return {
    recording: same ? recording : { ...recording, tracks: steps.map(({ track }) => track) },
    orders: steps.flatMap(({ orders }) => orders),
  };
}

function trackGoesOn(
  given: Track,
  recording: Recording,
  now: number,
): { readonly track: Track; readonly orders: readonly RecorderOrder[] } {
  const { track, orders } = unanswered(given, now);
  const running = runningPart(track);
  const { name, parts } = track;
  if (running && running.endingAt === null && !wanted(recording)) {
    const { n } = running;
    return {
      track: part(track, n, (it) => ({ ...it, endingAt: now })),
      orders: [...orders, { do: 'end', track: name, n }],
    };
  }
  const may = !running && wanted(recording) && parts.length < MOST_PARTS;
  if (!may || (track.again !== null && now < track.again)) return { track, orders };
  const n = (parts.at(-1)?.n ?? 0) + 1;
  const next: Part = { n, askedAt: now, beganAt: null, endingAt: null, endedAt: null };
  return {
    track: { ...track, parts: [...parts, next] },
    orders: [...orders, { do: 'begin', track: name, n }],
  };
}

/** A recorder of which nothing is heard is told to end once more, and counts as ended. */
function unanswered(
  track: Track,
  now: number,
): { readonly track: Track; readonly orders: readonly RecorderOrder[] } {
  const running = runningPart(track);
  const since = running && waitsSince(running);
  if (!running || since === null || since === undefined || now - since < ANSWER_MS) {
    return { track, orders: [] };
  }
  const { n, endingAt } = running;
  const orders = [{ do: 'end', track: track.name, n }] as const;
  return { track: ended(track, n, endingAt ?? now), orders };
}

/** Its end was wanted, or it is followed by another, the later the oftener this has failed. */
function ended(track: Track, n: number, at: number): Track {
  const running = runningPart(track);
  if (running?.n !== n) return track;
  const over = part(track, n, (it) => ({ ...it, endedAt: Math.max(at, it.askedAt) }));
  if (running.endingAt !== null) return { ...over, failures: 0, again: null };
  const well = running.beganAt !== null && at - running.beganAt >= RAN_WELL_MS;
  const failures = well ? 1 : track.failures + 1;
  const again = at + (AGAIN_MS[Math.min(failures, AGAIN_MS.length) - 1] ?? 0);
  return { ...over, failures, again };
}

/** Recorders that run and should not are ended; those that should and do not have ended meanwhile. */
function looked(
  recording: Recording,
  { running, at }: Extract<RecordingFact, { type: 'looked' }>,
  now: number,
): RecordingStep {
  const ours = [...running].flatMap(([name, since]) => {
    const id = recorderOf(name);
    return id?.call === recording.call ? [{ ...id, since }] : [];
  });
  const seen = recording.tracks.map((track) => {
    const one = runningPart(track);
    if (!one || one.askedAt >= at) return track;
    const found = ours.find(({ track: name, n }) => name === track.name && n === one.n);
    if (!found) return ended(track, one.n, now);
    return part(track, one.n, (it) => ({ ...it, beganAt: it.beganAt ?? found.since }));
  });
  const step = goesOn({ ...recording, tracks: seen }, now);
  const stray = ours.flatMap(({ track: name, n }): RecorderOrder[] => {
    const track = step.recording.tracks.find((one) => one.name === name);
    const known = track && runningPart(track);
    return known?.n === n && known.endingAt === null ? [] : [{ do: 'end', track: name, n }];
  });
  const given = new Set(step.orders.map((order) => JSON.stringify(order)));
  const ends = stray.filter((order) => !given.has(JSON.stringify(order)));
  return { ...step, orders: [...step.orders, ...ends] };
}

function changed(recording: Recording, name: TrackName, change: (track: Track) => Track) {
  const tracks = recording.tracks.map((one) => (one.name === name ? change(one) : one));
  return { ...recording, tracks };
}

function part(track: Track, n: number, change: (part: Part) => Part): Track {
  const parts = track.parts.map((one) => (one.n === n ? change(one) : one));
  return { ...track, parts };
}

/** A refusal: there is nothing to pause. */
export const notRecorded = (): Refusal =>
  new Refusal('not-recorded', { zh: '本通话未录音', en: 'This call is not recorded' });

const refusals = {
  notInTalk: () =>
    new Refusal('not-in-talk', { zh: '您不在通话中', en: 'You are not in this talk' }),
  paused: () =>
    new Refusal('recording-paused', {
      zh: '录音已暂停',
      en: 'The recording is paused already',
    }),
  notPaused: () =>
    new Refusal('recording-not-paused', {
      zh: '录音未暂停',
      en: 'The recording is not paused',
    }),
} as const;
