import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Gap } from '../../telephony/recording/gaps.ts';
import type { Share, TrackName } from '../../telephony/recording/recording.ts';

/** What is known of a recording that is over: the small file beside it. Times are ms since it began, unless told. */
export interface Kept {
  readonly format: 1;
  /** Of the call; there is one recording of each. */
  readonly id: string;
  /** The key by which tickets know the call. */
  readonly call: string;
  readonly hotline: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly ms: number;
  /** Left the citizen, right whom she hears. */
  readonly stereo: boolean;
  readonly bytes: number;
  /** Of the whole file, in hex; null: nothing at all could be taken, so there is none. */
  readonly sha256: string | null;
  readonly parts: readonly {
    readonly track: TrackName;
    readonly n: number;
    readonly fromMs: number;
    readonly toMs: number;
  }[];
  readonly gaps: readonly (Stretch & { readonly track: TrackName; readonly why: Gap['why'] })[];
  readonly pauses: readonly (Stretch & { readonly by: string })[];
  readonly shares: readonly (Stretch & Pick<Share, 'leg' | 'role' | 'who'>)[];
  /** Ids of the tickets in whose stories its hash stands; null: not yet. */
  readonly tickets: readonly string[] | null;
  /** Epoch milliseconds: its sound was deleted by rule; null: it is there. */
  readonly deletedAt: number | null;
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Asia/Shanghai; China has had one time without summer time since 1991. */
const EAST_MS = 8 * 3_600_000;
const MOST_KNOWN = 1_000;
const isDay = /^\d{4}-\d{2}-\d{2}$/;
const isId = /^[a-z0-9-]{1,80}$/;

/**
 * Finished recordings in a folder: for each day (in China) one folder, in it a sound and a small JSON file for each call.
 * Whatever is written is whole or is not there.
 */
export class Shelf {
  readonly folder: string;
  /** Sounds that were found whole, and the size and times that they had. */
  readonly #whole = new Map<string, string>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Where its sound is, or would be. */
  soundOf({ id, startedAt }: Pick<Kept, 'id' | 'startedAt'>): string {
    return `${this.#stem(id, startedAt)}.wav`;
  }

  /** Where what is not put together yet lies. */
  scratchOf(name: string): string {
    return join(this.folder, 'parts', name);
  }

  /** Null: it is not kept here. */
  async find(id: string, startedAt: number): Promise<Kept | null> {
    if (!isId.test(id)) return null;
    return read(await readFile(`${this.#stem(id, startedAt)}.json`, 'utf8').catch(() => ''));
  }

  /** The folders that are needed for this one are there. */
  async makesRoom(kept: Pick<Kept, 'id' | 'startedAt'>): Promise<void> {
    await mkdir(dirname(this.soundOf(kept)), { recursive: true });
    await mkdir(join(this.folder, 'parts'), { recursive: true });
  }

  async write(kept: Kept): Promise<void> {
    const path = `${this.#stem(kept.id, kept.startedAt)}.json`;
    await mkdir(dirname(path), { recursive: true });
    const file = await open(`${path}.new`, 'w');
    try {
      await file.writeFile(`${JSON.stringify(kept)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
  }

  /** Whether its sound is, byte for byte, what was hashed when it was closed. A file that has not changed is read once. */
  async isWhole(kept: Kept): Promise<boolean> {
    const path = this.soundOf(kept);
    const facts = await stat(path).catch(() => null);
    if (facts === null) return false;
    const as = `${facts.size} ${facts.mtimeMs} ${facts.ctimeMs}`;
    if (this.#whole.get(path) === as) return true;
    const hash = createHash('sha256');
    for await (const some of createReadStream(path)) hash.update(some as Buffer);
    if (hash.digest('hex') !== kept.sha256) return false;
    if (this.#whole.size >= MOST_KNOWN) this.#whole.clear();
    this.#whole.set(path, as);
    return true;
  }

  async deletesSound(kept: Kept): Promise<void> {
    await rm(this.soundOf(kept), { force: true });
  }

  /** All that began on the days of these times (epoch ms) or between them, the oldest day first. */
  async *between(from: number, until: number): AsyncGenerator<Kept> {
    yield* this.#on(await this.#days(dayOf(from), dayOf(until)), '.json');
  }

  /** All whose sound is here and that began on the day of this time (epoch ms) or before. */
  async *withSoundUntil(time: number): AsyncGenerator<Kept> {
    yield* this.#on(await this.#days('', dayOf(time)), '.wav');
  }

  async #days(first: string, last: string): Promise<string[]> {
    const days = await readdir(this.folder).catch((): string[] => []);
    return days.filter((one) => isDay.test(one) && first <= one && one <= last).sort();
  }

  async *#on(days: readonly string[], ending: string): AsyncGenerator<Kept> {
    for (const day of days) {
      const files = await readdir(join(this.folder, day)).catch((): string[] => []);
      for (const file of files.filter((one) => one.endsWith(ending)).sort()) {
        const path = join(this.folder, day, `${basename(file, ending)}.json`);
        const kept = read(await readFile(path, 'utf8').catch(() => ''));
        if (kept) yield kept;
      }
    }
  }

  #stem(id: string, startedAt: number): string {
    return join(this.folder, dayOf(startedAt), id);
  }
}

const dayOf = (time: number): string => new Date(time + EAST_MS).toISOString().slice(0, 10);

function read(text: string): Kept | null {
  try {
    const kept = JSON.parse(text) as Kept;
    return kept.format === 1 && isId.test(kept.id) ? kept : null;
  } catch {
    return null;
  }
}
