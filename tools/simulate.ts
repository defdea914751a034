import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { compare } from '../routing/simulator/compare.ts';
import { days, type Wishes } from '../routing/simulator/days/days.ts';
import { asHtml } from '../routing/simulator/page.ts';
import { asText } from '../routing/simulator/report.ts';
import { home } from './build.ts';

/** `make simulate DAY=nanjing`: replays a day without and with a plan, prints what came of it and draws it. */

const usage =
  `usage: npm run simulate -- <${Object.keys(days).join('|')}> ` +
  '[--seats 500] [--opens 09:00|by-forecast] [--hours 15] [--seed 1]';

function fail(why: string): never {
  console.error(`${why}\n${usage}`);
  process.exit(2);
}

function whole(name: string, text: string, [least, most]: readonly [number, number]): number {
  if (!/^\d+$/.test(text) || Number(text) < least || Number(text) > most) {
    fail(`--${name}: expected a whole number from ${least} to ${most}, got ${text}`);
  }
  return Number(text);
}

function time(name: string, text: string): number {
  const [, hour, minute] = /^(\d{1,2}):([0-5]\d)$/.exec(text) ?? [];
  const ms = (Number(hour) * 60 + Number(minute)) * 60_000;
  if (!(ms <= 86_400_000)) fail(`--${name}: expected a time such as 09:00, got ${text}`);
  return ms;
}

function read() {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      allowPositionals: true,
      options: { seats: text, opens: text, hours: text, seed: text },
    });
  } catch (error) {
    return fail((error as Error).message);
  }
}

const { positionals, values } = read();
const [name = 'nanjing', ...more] = positionals;
const make = Object.hasOwn(days, name) && more.length === 0 ? days[name] : undefined;
if (!make) fail(`there is no day ${positionals.join(' ')}`);
const { seats, opens, hours, seed = '1' } = values;
const wishes: Wishes = {
  ...(seats === undefined ? {} : { seats: whole('seats', seats, [1, 10_000]) }),
  ...(opens === undefined ? {} : { opens: opens === 'by-forecast' ? opens : time('opens', opens) }),
  ...(hours === undefined ? {} : { mostMs: whole('hours', hours, [1, 24]) * 3_600_000 }),
};
const began = performance.now();
const comparison = compare(make(wishes), whole('seed', seed, [0, 2 ** 31]));
console.log(asText(comparison));
const folder = join(home, 'run');
mkdirSync(folder, { recursive: true });
const page = join(folder, `simulate-${name}.html`);
writeFileSync(page, asHtml(comparison));
console.log(`${((performance.now() - began) / 1000).toFixed(1)} s; drawn in ${page}`);
