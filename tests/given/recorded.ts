import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Kept } from '../../server/recordings/shelf.ts';
import { audible, levelsIn, type ToneName } from './hearing.ts';
import { fromAlaw } from './g711.ts';

/** A recording as a listener has it: stereo, the citizen on the left; or mono, all on the left. */
export class Recorded {
  readonly sha256: string;
  readonly #left: number[] = [];
  readonly #right: number[] = [];

  /** @param bytes of a WAV file */
  constructor(bytes: Buffer) {
    this.sha256 = createHash('sha256').update(bytes).digest('hex');
    const [format, channels, rate] = [
      bytes.readUInt16LE(20),
      bytes.readUInt16LE(22),
      bytes.readUInt32LE(24),
    ];
    if (
      format !== 6 ||
      channels === undefined ||
      channels > 2 ||
      rate !== 8000 ||
      bytes.readUInt32LE(40) !== bytes.length - 44
    ) {
      throw new Error(`not A-law: ${format} ${channels} ${rate}`);
    }
    for (let i = 44; i < bytes.length; i += channels) {
      this.#left.push(fromAlaw(bytes[i] ?? 0));
      if (channels === 2) this.#right.push(fromAlaw(bytes[i + 1] ?? 0));
    }
  }

  get ms(): number {
    return this.#left.length / 8;
  }

  /** Tones on either side from one time to another, in ms since it began. */
  heard(fromMs: number, toMs: number): { readonly left: ToneName[]; readonly right: ToneName[] } {
    const [from, to] = [Math.round(fromMs * 8), Math.round(toMs * 8)];
    const tones = (side: readonly number[]) =>
      audible(levelsIn(side.slice(from, to), toMs - fromMs));
    return { left: tones(this.#left), right: tones(this.#right) };
  }
}

/** What was kept of this call in this folder, once it is closed, with its sound. @throws after fifteen seconds */
export async function keptOf(
  folder: string,
  call: string,
): Promise<{ readonly kept: Kept; readonly sound: Recorded; readonly file: string }> {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; await sleep(50)) {
    const days = await readdir(folder).catch((): string[] => []);
    for (const day of days) {
      const stem = join(folder, day, call);
      const text = await readFile(`${stem}.json`, 'utf8').catch(() => null);
      if (text === null) continue;
      const file = `${stem}.wav`;
      return { kept: JSON.parse(text) as Kept, sound: new Recorded(await readFile(file)), file };
    }
  }
  throw new Error(`the recording of ${call} is not closed`);
}

/** No file of this process can grow beyond so many bytes: writing fails as on a full disk. */
export async function diskHolds(pid: number, bytes: number | 'unlimited'): Promise<void> {
  await promisify(execFile)('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);
}
