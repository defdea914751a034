import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import {
  checkNumbers,
  checkPrompts,
  checkRoutes,
  checkSeats,
  checkSkills,
  checkTrunks,
  takeFromEnvironment,
  type Surroundings,
} from './cross-checks.ts';
import { ConfigErrors } from './faults.ts';
import { Page, tell } from './page.ts';
import { configSchema, PRACTICE, type Config } from './schema.ts';

export type { Config } from './schema.ts';

/**
 * Reads and checks a configuration file; its prompts lie in `prompts/` beside it.
 * @throws ConfigErrors with every fault
 */
export function loadConfig(path: string): Config {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const why = (error as Error).message;
    const expected = { zh: '可读的配置文件', en: 'a configuration file that can be read' };
    const got = { zh: why, en: why };
    throw new ConfigErrors([{ file: path, line: 1, column: 1, path: '', expected, got }]);
  }
  return parseConfig(text, path);
}

/**
 * Checks the text of a configuration file.
 * @param file its name, as faults shall call it
 * @throws ConfigErrors with every fault
 */
export function parseConfig(
  text: string,
  file: string,
  surroundings: Surroundings = surroundingsOf(file),
): Config {
  const page = new Page(text, file);
  const written = page.broken ? undefined : read(page, surroundings);
  if (page.faults.length > 0 || !written) throw new ConfigErrors(page.sortedFaults());
  return {
    ...written,
    hotlines: page.named(['hotlines'], written.hotlines).map(([id, it]) => ({ id, ...it })),
    trunks: page.named(['trunks'], written.trunks).map(([name, it]) => ({ name, ...it })),
    peers: page.named(['peers'], written.peers).map(([id, it]) => ({ id, ...it })),
  };
}

/** Numbers that reach a peer on the practice trunks: Asterisk's own dialplan answers them. */
export function practiceNumbers(config: Config): string[] {
  const practice = new Set(
    config.trunks.filter((trunk) => trunk.address.host === PRACTICE).map((trunk) => trunk.name),
  );
  const numbers = config.peers
    .flatMap((peer) => peer.routes)
    .filter((route) => practice.has(route.trunk))
    .map((route) => route.number);
  return config.practice.peers ? [...new Set(numbers)] : [];
}

function surroundingsOf(file: string): Surroundings {
  const prompts = join(dirname(file), 'prompts');
  return {
    env: process.env,
    hasPrompt: (name) =>
      ['alaw', 'wav', 'sln'].some((ending) => existsSync(join(prompts, `${name}.${ending}`))),
  };
}

function read(page: Page, surroundings: Surroundings): z.output<typeof configSchema> | undefined {
  takeFromEnvironment(page, surroundings.env);
  const result = configSchema.safeParse(page.raw);
  for (const issue of result.error?.issues ?? []) tell(page, issue);
  checkNumbers(page);
  checkTrunks(page);
  checkRoutes(page);
  checkSkills(page);
  checkSeats(page);
  checkPrompts(page, surroundings);
  return result.data;
}
