import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { diskHolds, keptOf, Recorded } from '../../given/recorded.ts';
import { aTalk, isNeverInSilence } from '../../stories/talk.ts';
import type { Hall } from '../hall.ts';
import type { FaultRow } from '../row.ts';

/** Less than a recording of a second. */
const DISK_BYTES = 4_096;
const LISTEN_MS = 1_000;

/** The hall's controller records; afterwards no more. */
async function recording<T>(hall: Hall, act: (folder: string) => Promise<T>): Promise<T> {
  const { configFile } = hall.deployment.environment;
  const here = dirname(configFile);
  const config = parse(await readFile(configFile, 'utf8')) as object;
  const recorded = join(here, 'recorded.yaml');
  await writeFile(recorded, stringify({ ...config, recording: { folder: 'recordings' } }));
  await hall.controller.isKilled();
  await hall.controller.starts(undefined, { LIANDONG_CONFIG: recorded });
  try {
    return await act(join(here, 'recordings'));
  } finally {
    await hall.controller.isKilled();
    await hall.controller.starts();
  }
}

export const rows: readonly FaultRow[] = [
  {
    n: 50,
    injected:
      'a recorder of a talk is hung up; the disk is full; afterwards one byte of the file is altered',
    expected:
      'the talk goes on without silence and people are told; it records again, the gaps are marked; the hash tells that it was altered',
    run: (hall) =>
      recording(hall, async (folder) => {
        const wrong: string[] = [];
        const { citizen, operator } = await aTalk(hall.guests);
        const { asterisk } = hall.deployment;
        const is = async (state: string) => {
          const began = Date.now();
          await operator.desk.until(state, ({ call }) => call?.recording?.state === state);
          return Date.now() - began;
        };
        await is('on');
        const id = (await operator.desk.sees()).call?.id ?? '';
        const listens = async () => {
          const from = Date.now();
          wrong.push(
            ...(await hall.hear([citizen, [operator.phone]], [operator.phone, [citizen]])),
          );
          await citizen.heard(LISTEN_MS);
          return [from, from + LISTEN_MS] as const;
        };
        const whole = [await listens()];
        const words: string[] = [];
        await isNeverInSilence(citizen, async () => {
          const status = await hall.order('DELETE', `channels/${id}_citizen_1`);
          if (status !== 204) wrong.push(`hanging up the recorder: ${status}`);
          const knownMs = await is('failing');
          words.push(
            `hung up: known after ${knownMs} ms, recorded again ${await is('on')} ms later`,
          );
        }).catch((error: Error) => wrong.push(error.message));
        whole.push(await listens());
        await isNeverInSilence(citizen, async () => {
          await diskHolds(asterisk.pid, DISK_BYTES);
          const knownMs = await is('failing');
          const { notice } = await operator.desk.sees();
          if (notice?.kind !== 'problem') wrong.push('the operator was not told');
          await diskHolds(asterisk.pid, 'unlimited');
          words.push(
            `disk full: known after ${knownMs} ms, recorded again ${await is('on')} ms later`,
          );
        })
          .catch((error: Error) => wrong.push(error.message))
          .finally(() => diskHolds(asterisk.pid, 'unlimited'));
        whole.push(await listens());
        await citizen.hangsUp();

        const { kept, sound, file } = await keptOf(folder, id);
        for (const [from, to] of whole) {
          const { left, right } = sound.heard(from - kept.startedAt, to - kept.startedAt);
          if (left.join() !== 'citizen' || right.join() !== 'operator')
            wrong.push(`${from - kept.startedAt} ms after it began: [${left}] [${right}]`);
        }
        if (kept.gaps.length < 2) wrong.push(`${kept.gaps.length} gaps are marked`);
        const gone = kept.gaps.map(({ track, fromMs, toMs }) => `${track} ${toMs - fromMs} ms`);
        words.push(`of ${Math.round(kept.ms)} ms missing: ${gone.join(', ')}`);
        if (sound.sha256 !== kept.sha256) wrong.push('the hash is not that of the file');
        const bytes = await readFile(file);
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
        if (new Recorded(bytes).sha256 === kept.sha256) wrong.push('an altered file has its hash');
        return { words: words.join('; '), wrong };
      }),
  },
];
