import type { LegId, SeatId } from '../call.ts';

/**
 * The recording of one call: what the citizen says and hears, from her first word with somebody to the goodbye. It lies
 * beside the call: whatever becomes of it, the call goes on. Why it is so: docs/decisions/0015-recording.md.
 * All are plain values that go through JSON unchanged; times are epoch milliseconds.
 */
export interface Recording {
  /** Id of the call. */
  readonly call: string;
  /** The key by which tickets know the call. */
  readonly key: string;
  /** The switch on which it is. */
  readonly node: string;
  /** The hotline she dialled. */
  readonly hotline: string;
  /** The citizen's. */
  readonly leg: LegId;
  /** When she first talked with somebody. */
  readonly from: number;
  /** The goodbye; null: she is still here. */
  readonly to: number | null;
  readonly tracks: readonly Track[];
  /** The last one is under way while it has no end. */
  readonly pauses: readonly Pause[];
  /** In the order in which they came. */
  readonly shares: readonly Share[];
}

/** Whose sound: hers, what she hears, or both in one. */
export const trackNames = ['citizen', 'others', 'both'] as const;
export type TrackName = (typeof trackNames)[number];

/** Each track has a recorder of its own, which may die and be followed by another. */
export interface Track {
  readonly name: TrackName;
  readonly parts: readonly Part[];
  /** Recorders that have failed one after the other. */
  readonly failures: number;
  /** Another one is tried then; null: nothing has failed. */
  readonly again: number | null;
}

/** What one recorder takes. */
export interface Part {
  /** 1, 2, 3… within its track. */
  readonly n: number;
  readonly askedAt: number;
  /** Null: not heard of yet. */
  readonly beganAt: number | null;
  /** Since when it is to end. */
  readonly endingAt: number | null;
  readonly endedAt: number | null;
}

/** A stretch that is not kept, because secrets are spoken. */
export interface Pause {
  readonly from: number;
  readonly to: number | null;
  /** Then it ends by itself. */
  readonly until: number;
  readonly by: SeatId;
}

/** Who could be heard by her, and she by him, from when to when. */
export interface Share {
  readonly leg: LegId;
  readonly role: 'caller' | 'seat' | 'peer' | 'supervisor';
  /** Of a seat or a manager's place its id, of a peer the hotline; of the citizen ''. */
  readonly who: string;
  readonly from: number;
  readonly to: number | null;
}

/** What is to be done with recorders. A refusal or silence never reaches the call. */
export type RecorderOrder =
  | { readonly do: 'begin'; readonly track: TrackName; readonly n: number }
  | { readonly do: 'end'; readonly track: TrackName; readonly n: number };

/** The configuration, as far as these rules know it. */
export interface RecordingRules {
  /** Citizen and others apart. */
  readonly stereo: boolean;
  /** So long a pause lasts at most. */
  readonly pauseMs: number;
}

/** A recorder's channel and file on the switch are called so; a restarted controller reads them. */
export const recorderName = (call: string, track: TrackName, n: number): string =>
  `${call}_${track}_${n}`;

export interface RecorderId {
  readonly call: string;
  readonly track: TrackName;
  readonly n: number;
}

/** Undefined: that is no recorder of ours. */
export function recorderOf(name: string): RecorderId | undefined {
  const [, call, track, n] = /^([^_]+)_(citizen|others|both)_(\d{1,6})$/.exec(name) ?? [];
  return call === undefined ? undefined : { call, track: track as TrackName, n: Number(n) };
}

export const isPaused = ({ pauses }: Recording): boolean => pauses.at(-1)?.to === null;

/** The recorder of a track that was not heard to have ended. */
export const runningPart = ({ parts }: Track): Part | undefined =>
  parts.at(-1)?.endedAt === null ? parts.at(-1) : undefined;

/** It should run, and in every track it does. */
export const isWell = (recording: Recording): boolean =>
  recording.to !== null ||
  isPaused(recording) ||
  recording.tracks.every((track) => track.failures === 0 || Boolean(runningPart(track)?.beganAt));
