import { isPaused, type Recording, type TrackName } from './recording.ts';

/** What there is of a track: a file of the switch, put to its time. */
export interface Stretch {
  readonly track: TrackName;
  readonly from: number;
  readonly to: number;
}

/** Nothing was kept although it should have been. `lost`: there was a recorder, and its file is not there. */
export interface Gap {
  readonly track: TrackName;
  readonly from: number;
  readonly to: number;
  readonly why: 'late' | 'recorder' | 'lost';
}

/** What is shorter is no gap: a recorder begins within milliseconds. One that fails is followed by another after a second. */
export const GAP_MS = 1_000;

/**
 * Asterisk's snoop channel is woken every 20 ms and loses what it slept through: on a busy switch a file becomes a little
 * shorter than the time it took. So much of it is spread over the whole file, and no gap at its end.
 */
const SPREAD = 0.01;

/**
 * Until when a file reaches that began then and holds so much; `endedAt`: when its recorder ended, if that was heard. Never
 * beyond that: of its beginning it may have been heard late.
 */
export function reaches(from: number, ms: number, endedAt: number | null): number {
  const spread = endedAt !== null && endedAt - (from + ms) < (endedAt - from) * SPREAD;
  return spread ? endedAt : from + ms;
}

/** Where something is missing of a recording that is over, in the order of time; pauses are none. */
export function gapsOf(recording: Recording, kept: readonly Stretch[]): Gap[] {
  const { from, to, tracks, pauses } = recording;
  if (to === null || isPaused(recording)) return [];
  const quiet = pauses.map((one) => ({ from: one.from, to: one.to ?? to }));
  return tracks
    .flatMap(({ name, parts }) => {
      const own = kept.filter(({ track }) => track === name);
      return holes([...own, ...quiet], from, to).map((hole): Gap => {
        const taken = parts.some(({ beganAt, endedAt }) => {
          if (beganAt === null) return false;
          return Math.min(endedAt ?? to, hole.to) - Math.max(beganAt, hole.from) >= GAP_MS;
        });
        const why = taken ? 'lost' : hole.from === from ? 'late' : 'recorder';
        return { track: name, ...hole, why };
      });
    })
    .sort((one, other) => one.from - other.from);
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function holes(covered: readonly Span[], from: number, to: number): Span[] {
  const found: Span[] = [];
  let until = from;
  for (const one of covered.toSorted((a, b) => a.from - b.from)) {
    if (one.from - until >= GAP_MS) found.push({ from: until, to: Math.min(one.from, to) });
    until = Math.max(until, one.to);
  }
  if (to - until >= GAP_MS) found.push({ from: until, to });
  return found.filter((one) => one.to - one.from >= GAP_MS);
}

/** Spans that touch or overlap become one. */
export function joined(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last && from <= last.to)
      all[all.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    else all.push({ from, to });
  }
  return all;
}
