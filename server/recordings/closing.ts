import { rm } from 'node:fs/promises';
import { gapsOf, reaches, type Stretch } from '../../telephony/recording/gaps.ts';
import {
  recorderName,
  trackNames,
  type Part,
  type Recording,
  type TrackName,
} from '../../telephony/recording/recording.ts';
import type { Recorders } from '../../telephony/asterisk/recorders.ts';
import { RATE } from '../wav.ts';
import { putTogether, type PartFile } from './put-together.ts';
import type { Kept, Shelf } from './shelf.ts';

interface Found extends PartFile {
  readonly track: TrackName;
  readonly n: number;
  readonly endedAt: number | null;
}

/**
 * Closes a recording that is over: brings what recorders wrote from the switch, makes one file of it, hashes it, writes
 * what is known of it beside it, and only then lets the switch forget. Done again it comes to the same.
 * @param final the switch is not waited for any more: what it has not given is lost
 * @throws while the switch does not answer, or where the files cannot be written
 */
export async function closes(
  recording: Recording,
  recorders: Pick<Recorders, 'fetches' | 'forgets'>,
  shelf: Shelf,
  final: boolean,
): Promise<Kept> {
  const { call, key, hotline, from, pauses, shares } = recording;
  const to = recording.to ?? from;
  const identity = { id: call, startedAt: from };
  const done = await shelf.find(call, from);
  if (done) {
    // It was closed before, and that was not heard of.
    await forgets(recording, recorders, shelf);
    return done;
  }
  await shelf.makesRoom(identity);
  const found = await fetched(recording, recorders, shelf, final);
  const ms = Math.max(0, Math.round(to - from));
  const since = (time: number): number => Math.max(0, Math.min(ms, Math.round(time - from)));
  const between = (one: { readonly from: number; readonly to: number | null }) => ({
    fromMs: since(one.from),
    toMs: since(one.to ?? to),
  });
  const stretches = found.map((file): Stretch => ({
    track: file.track,
    from: from + file.atMs,
    to: reaches(from + file.atMs, msOf(file.bytes), file.endedAt),
  }));
  const silences = pauses.map(between);
  const channels = trackNames
    .filter((name) => recording.tracks.some((track) => track.name === name))
    .map((name) => found.filter(({ track }) => track === name));
  const sound =
    found.length === 0
      ? { bytes: 0, sha256: null }
      : await putTogether({ ms, channels, silences }, shelf.soundOf(identity));
  const kept: Kept = {
    format: 1,
    ...identity,
    call: key,
    hotline,
    ms,
    stereo: channels.length === 2,
    ...sound,
    parts: stretches.map((one, i) => ({
      track: one.track,
      n: found[i]?.n ?? 0,
      ...between(one),
    })),
    gaps: gapsOf({ ...recording, to }, stretches).map(({ track, why, ...gap }) => ({
      track,
      why,
      ...between(gap),
    })),
    pauses: pauses.map((one, i) => ({ ...(silences[i] ?? between(one)), by: one.by })),
    shares: shares.map(({ leg, role, who, ...share }) => ({ leg, role, who, ...between(share) })),
    tickets: null,
    deletedAt: null,
  };
  await shelf.write(kept);
  await forgets(recording, recorders, shelf);
  return kept;
}

async function forgets(
  { call, node, tracks }: Recording,
  recorders: Pick<Recorders, 'forgets'>,
  shelf: Shelf,
): Promise<void> {
  for (const { name: track, parts } of tracks) {
    for (const { n } of parts) {
      const name = recorderName(call, track, n);
      await recorders.forgets(node, name);
      await rm(shelf.scratchOf(`${name}.alaw`), { force: true });
    }
  }
}

async function fetched(
  { call, node, from, tracks }: Recording,
  recorders: Pick<Recorders, 'fetches'>,
  shelf: Shelf,
  final: boolean,
): Promise<Found[]> {
  const all: Found[] = [];
  for (const { name: track, parts } of tracks) {
    for (const part of parts) {
      const name = recorderName(call, track, part.n);
      const path = shelf.scratchOf(`${name}.alaw`);
      const bytes = await recorders.fetches(node, name, path).catch((error: unknown) => {
        if (!final) throw error;
        return null;
      });
      if (!bytes) continue;
      const { n, endedAt } = part;
      all.push({ path, bytes, track, n, endedAt, atMs: beganAt(part, bytes) - from });
    }
  }
  return all;
}

const msOf = (bytes: number): number => (bytes * 1000) / RATE;

/** A recorder of whose beginning nothing was heard is put where its end says, if that is known. */
function beganAt({ askedAt, beganAt: began, endedAt }: Part, bytes: number): number {
  if (began !== null) return began;
  return endedAt === null ? askedAt : Math.max(askedAt, endedAt - msOf(bytes));
}
