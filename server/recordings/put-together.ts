import { createHash } from 'node:crypto';
import { open, rename, type FileHandle } from 'node:fs/promises';
import { RATE, wavHeader } from '../wav.ts';

/** Raw A-law, one byte a sample: what a recorder wrote. */
export interface PartFile {
  readonly path: string;
  readonly bytes: number;
  /** Where it belongs, in ms since the recording began; before that it is cut. */
  readonly atMs: number;
}

export interface Together {
  readonly ms: number;
  /** One for each channel: the citizen's first. What lies between the files is silence. */
  readonly channels: readonly (readonly PartFile[])[];
  /** Nothing of these is kept, whatever the files hold. */
  readonly silences: readonly { readonly fromMs: number; readonly toMs: number }[];
}

const PER_MS = RATE / 1000;
/** A-law of silence. */
const SILENCE = 0xd5;
/** Samples at a time: a fraction of a millisecond of work between two turns. */
const CHUNK = 32 * 1024;

interface Placed {
  readonly file: FileHandle;
  /** Samples, from `at` to `end`, of which the first is the file's `skip`th. */
  readonly at: number;
  readonly end: number;
  readonly skip: number;
}

/**
 * Makes one WAV file of what recorders wrote, in the time in which it was said. The file is whole or is not there.
 * @returns its bytes, and the hash of them all
 */
export async function putTogether(
  { ms, channels, silences }: Together,
  path: string,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const opened: FileHandle[] = [];
  try {
    const placed = await Promise.all(channels.map((files) => places(files, ms * PER_MS, opened)));
    const out = await open(`${path}.new`, 'w');
    opened.push(out);
    const hash = createHash('sha256');
    const width = channels.length === 2 ? 2 : 1;
    const head = wavHeader('alaw', width, ms * PER_MS * width);
    hash.update(head);
    await out.writeFile(head);
    for (let from = 0; from < ms * PER_MS; from += CHUNK) {
      const to = Math.min(from + CHUNK, ms * PER_MS);
      const each = await Promise.all(placed.map((all) => between(all, from, to)));
      for (const sound of each) {
        for (const quiet of silences) {
          sound.fill(
            SILENCE,
            inside(quiet.fromMs * PER_MS - from, to - from),
            inside(quiet.toMs * PER_MS - from, to - from),
          );
        }
      }
      const bytes = interleaved(each);
      hash.update(bytes);
      await out.writeFile(bytes);
    }
    await out.sync();
    await rename(`${path}.new`, path);
    return { bytes: head.length + ms * PER_MS * width, sha256: hash.digest('hex') };
  } finally {
    await Promise.all(opened.map((file) => file.close()));
  }
}

async function places(
  files: readonly PartFile[],
  samples: number,
  opened: FileHandle[],
): Promise<Placed[]> {
  const inOrder = files.toSorted((one, other) => one.atMs - other.atMs);
  const placed: Placed[] = [];
  for (const [i, { path, bytes, atMs }] of inOrder.entries()) {
    const file = await open(path, 'r');
    opened.push(file);
    const start = Math.round(atMs * PER_MS);
    const at = Math.max(0, start);
    const next = inOrder[i + 1];
    const end = Math.min(start + bytes, samples, next ? Math.round(next.atMs * PER_MS) : samples);
    if (end > at) placed.push({ file, at, end, skip: at - start });
  }
  return placed;
}

async function between(placed: readonly Placed[], from: number, to: number): Promise<Buffer> {
  const sound = Buffer.alloc(to - from, SILENCE);
  for (const { file, at, end, skip } of placed) {
    const first = Math.max(at, from);
    const last = Math.min(end, to);
    if (last > first) await file.read(sound, first - from, last - first, skip + first - at);
  }
  return sound;
}

const inside = (sample: number, length: number): number =>
  Math.round(Math.max(0, Math.min(sample, length)));

function interleaved(each: readonly Buffer[]): Buffer {
  const [left, right] = each;
  if (!left || !right) return left ?? Buffer.alloc(0);
  const both = Buffer.alloc(left.length * 2);
  for (let i = 0; i < left.length; i += 1) {
    both[2 * i] = left[i] ?? SILENCE;
    both[2 * i + 1] = right[i] ?? SILENCE;
  }
  return both;
}
