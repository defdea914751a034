import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  checkNumbers,
  checkPrompts,
  checkRoutes,
  checkSeats,
  checkCallBackTrunks,
  checkSatisfaction,
  checkSecrets,
  checkSkills,
  checkTrunks,
  takeFromEnvironment,
  type Surroundings,
} from './cross-checks.ts';
import { checkExchange, exchangeOf } from './exchange-checks.ts';
import { ConfigErrors } from './faults.ts';
import { Page, tell } from './page.ts';
import { configSchema, type Config } from './schema.ts';
import { checkStaffing } from './staffing-checks.ts';
import { stepsOf } from './staffing.ts';
import { PRACTICE } from './values.ts';

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
  const config = page.broken ? undefined : read(page, surroundings);
  if (page.faults.length > 0 || !config) throw new ConfigErrors(page.sortedFaults());
  return config;
}

/** Numbers that reach these peers or sites on the practice trunks: Asterisk's own dialplan answers them. */
export function practiceNumbers(
  { trunks, practice }: Config,
  reached: readonly Pick<Config['peers'][number], 'routes'>[],
): string[] {
  const practised = new Set(
    trunks.filter(({ address }) => address.host === PRACTICE).map(({ name }) => name),
  );
  const numbers = reached
    .flatMap(({ routes }) => routes)
    .filter(({ trunk }) => practised.has(trunk))
    .map(({ number }) => number);
  return practice.peers ? [...new Set(numbers)] : [];
}

function surroundingsOf(file: string): Surroundings {
  const prompts = join(dirname(file), 'prompts');
  return {
    env: process.env,
    hasPrompt: (name) =>
      ['alaw', 'wav', 'sln'].some((ending) => existsSync(join(prompts, `${name}.${ending}`))),
    textOf(path) {
      try {
        return readFileSync(resolve(dirname(file), path), 'utf8');
      } catch {
        return undefined;
      }
    },
  };
}

/** Undefined: only when there are faults. */
function read(page: Page, surroundings: Surroundings): Config | undefined {
  const fromEnvironment = takeFromEnvironment(page, surroundings.env);
  const result = configSchema.safeParse(page.raw);
  for (const issue of result.error?.issues ?? []) tell(page, issue);
  checkNumbers(page);
  checkTrunks(page);
  checkRoutes(page);
  checkSkills(page);
  checkSeats(page);
  checkSatisfaction(page);
  checkCallBackTrunks(page);
  checkSecrets(page, fromEnvironment);
  checkStaffing(page);
  checkExchange(page, surroundings);
  checkPrompts(page, surroundings);
  const written = result.data;
  if (!written) return undefined;
  const { seats, people, supervising, desk, figures, deployment, http, sip, metrics } = written;
  const { admission, practice } = written;
  return {
    deployment,
    http,
    sip,
    hotlines: withIds(page, 'hotlines', written.hotlines).map((it) => ({
      ...it,
      steps: stepsOf(it),
      survival: it.survival ?? lastWay(it.steps, written.sites),
      survivalSeconds: it.survivalSeconds ?? (it.emergency ? 20 : 60),
      seatBackSeconds: it.seatBackSeconds ?? (it.emergency ? 2 : 3),
    })),
    trunks: page.named(['trunks'], written.trunks).map(([name, it]) => ({ name, ...it })),
    peers: withIds(page, 'peers', written.peers),
    seats: [
      ...seats.map((it) => ({
        ...it,
        autoAnswer: it.autoAnswer ?? written.sites[it.site ?? '']?.autoAnswer ?? false,
      })),
      ...people.flatMap(ownPlace),
    ],
    people,
    supervising,
    desk,
    figures,
    links: withIds(page, 'links', written.links),
    sites: withIds(page, 'sites', written.sites).map(({ autoAnswer: _ofSeats, ...it }) => ({
      ...it,
      seats: it.seats ?? 0,
      password: it.password ?? null,
    })),
    plans: withIds(page, 'plans', written.plans),
    subscribers: written.subscribers.map((it, index) => ({
      ...it,
      fromEnvironment: fromEnvironment.has(index),
    })),
    exchange: exchangeOf(page, written.exchange, surroundings),
    recording: written.recording,
    metrics,
    admission,
    practice,
  };
}

/** A manager's place is a seat that nobody is put through to. */
const ownPlace = ({ seat, name, line, password }: Config['people'][number]): Config['seats'] => {
  if (seat === null) return [];
  const nobody = { hotlines: [], skills: [], site: null, autoAnswer: false, played: false };
  return [{ id: seat, name, line, password, ...nobody }];
};

/** The centre that a hotline asks last (preference 5) is where its callers go when there is no controller, too. */
function lastWay(
  steps: Parameters<typeof stepsOf>[0]['steps'],
  sites: Readonly<Record<string, { readonly line: string }>>,
): string | null {
  const site = steps.find(({ preference }) => preference === 5)?.reach?.replace('site:', '');
  return site !== undefined && sites[site]?.line === 'trunk' ? site : null;
}

/** The entries of a block, in the order of the file. */
const withIds = <Entry>(
  page: Page,
  block: string,
  entries: Readonly<Record<string, Entry>>,
): (Entry & { id: string })[] => page.named([block], entries).map(([id, it]) => ({ ...it, id }));
