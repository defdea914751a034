import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../../config/load.ts';
import { Chance } from '../../routing/simulator/chance.ts';
import { home } from '../build.ts';
import { runFolder } from '../parts/controller.ts';
import type { PortPlan } from '../parts/ports.ts';
import { tempoOf } from './day.ts';
import { writePastHour } from './past-hour.ts';
import { play, type Play } from './play.ts';

const SPEEDS = [1, 600] as const;

/**
 * Minutes of the day in a minute, from `--demo <speed>`; null: nothing is played.
 * @throws when it is no whole number from 1 to 600
 */
export function speedIn(args: readonly string[]): number | null {
  const { values } = parseArgs({ args: [...args], options: { demo: { type: 'string' } } });
  if (values.demo === undefined) return null;
  const speed = Number(values.demo);
  if (Number.isInteger(speed) && speed >= SPEEDS[0] && speed <= SPEEDS[1]) return speed;
  throw new Error(
    `SPEED must be a whole number from ${SPEEDS[0]} to ${SPEEDS[1]}, not ${values.demo} ` +
      `/ SPEED 须为 ${SPEEDS[0]} 到 ${SPEEDS[1]} 的整数`,
  );
}

/**
 * Each play begins anew, in a folder of its own beside that of `make run`, with the demo's configuration.
 * @returns the folder
 * @throws when an Asterisk, a Redis or a database of somebody else is to be used
 */
export async function beforeThePlay(ports: PortPlan): Promise<string> {
  if (process.env.ASTERISK_URL || process.env.REDIS_URL || process.env.DATABASE_URL) {
    throw new Error(
      'make demo brings its own Asterisk, Redis and PostgreSQL: unset ASTERISK_URL, REDIS_URL and DATABASE_URL ' +
        '/ 演示使用自带的 Asterisk、Redis 和 PostgreSQL，请取消 ASTERISK_URL、REDIS_URL、DATABASE_URL',
    );
  }
  process.env.LIANDONG_CONFIG ||= join(home, 'config/demo.yaml');
  const folder = `${runFolder(ports)}-demo`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** To be called before the controller begins. */
export function writesPast(
  speed: number,
  { LIANDONG_CONFIG = '', REDIS_URL = '' }: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  return writePastHour(loadConfig(LIANDONG_CONFIG), REDIS_URL, tempoOf(speed), new Chance(speed));
}

/** Plays on what has been started with this environment. */
export const playAtSpeed = (
  speed: number,
  env: Readonly<Record<string, string | undefined>>,
  says: (line: string) => void,
): Promise<Play> =>
  play({
    url: `http://127.0.0.1:${env.LIANDONG_HTTP_PORT}`,
    asterisk: env.ASTERISK_URL ?? '',
    configFile: env.LIANDONG_CONFIG ?? '',
    speed,
    seed: Date.now() % 2 ** 31,
    says,
  });
