import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { DeskView } from '../server/http/views.ts';
import { aCity, seat } from '../tests/given/city.ts';
import { staffed } from '../tests/given/staff.ts';
import type { Written } from '../tests/given/deployment.ts';
import { buildScreens, home } from '../tools/build.ts';
import { toStderr } from '../tools/parts/progress.ts';
import { MOST_DESK_BYTES, weightOf } from '../tools/parts/weigh.ts';
import { aBenchDeployment } from './parts/deployment.ts';
import { isReady, logIn } from './parts/desks.ts';
import { report, row } from './parts/result.ts';

/**
 * A change on the server -> drawn on the managers' desk, in a real Chromium at 1920x1080: SEATS seats of two hotlines,
 * RATE of them changing each second (示闲, 示忙), half of these on rows that are in view. From the moment at which the
 * server has put the seat into its new state (`since` in its answer; one machine, one clock) until the frame with the
 * row's new state has been handed over. Beside it, turn by turn, a naive page that makes all rows anew from the whole
 * state at each change. Of
 * the tasks over 50 ms (PerformanceObserver) the longest is shown. Both pages share the processors with the rest.
 */

const SEATS = 500;
const RATE = 50;
/** BENCH_SECONDS: of each turn; there are two of each page. */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 20);
const TURNS = 2;
const SETTLES_MS = 2_000;

const ids = Array.from({ length: SEATS }, (_, i) => `${i % 2 ? 7 : 6}${100 + Math.floor(i / 2)}`);
const city = await aCity(staffed);
const deployment = await aBenchDeployment(
  {
    ...city.config,
    seats: [
      ...(city.config.seats as Written[]),
      ...ids.map((id) =>
        seat(id, { hotlines: [id.startsWith('7') ? '110' : '12345'], line: 'phone' }),
      ),
    ],
  },
  (files) => files,
);
const { url } = deployment;
let browser: Browser | undefined;
deployment.atEnd(async () => browser?.close());
const cookies = new Map<string, string>();
const ready = new Map<string, boolean>();

interface Drawn {
  readonly id: string;
  readonly state: string;
  readonly at: number;
}
interface Turn {
  readonly times: number[];
  readonly blocked: number[];
  readonly missed: number;
}
const all = { ours: noTurn(), naive: noTurn() };
try {
  await buildScreens(toStderr);
  const { bytes } = await weightOf(join(home, 'dist/ui'), 'desk');
  for (const id of ids) {
    const cookie = await logIn(url, id);
    cookies.set(id, cookie);
    await isReady(url, cookie);
  }
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  for (let turn = 0; turn < TURNS; turn++) {
    for (const which of ['ours', 'naive'] as const) {
      const { times, blocked, missed } = await looksOn(browser, which);
      all[which].times.push(...times);
      all[which].blocked.push(...blocked);
      console.error(
        `${which}: ${times.length} drawn, ${missed} not, ${blocked.length} long tasks, longest ${Math.round(Math.max(0, ...blocked))} ms`,
      );
    }
  }
  const peer = 'all rows anew at each change';
  const longest = ({ blocked }: { blocked: number[] }) => [Math.max(0, ...blocked)];
  await report('desk', `Asterisk ${deployment.asterisk.version}`, [
    row(
      `seat changed -> drawn; ${SEATS} seats, ${RATE} changes/s`,
      all.ours.times,
      { name: peer, times: all.naive.times },
      { p99: 100 },
    ),
    row(
      `longest task of the main thread over 50 ms in ${TURNS * SECONDS} s (0: none)`,
      longest(all.ours),
      { name: peer, times: longest(all.naive) },
      { p99: 50 },
    ),
    row(
      "operator's page before the first call, gzip",
      [bytes / 1024],
      null,
      { p99: MOST_DESK_BYTES / 1024 },
      'KB',
    ),
  ]);
} finally {
  await deployment.stop();
}
process.exit(0);

function noTurn(): { times: number[]; blocked: number[] } {
  return { times: [], blocked: [] };
}

/** One manager looks while seats change. */
async function looksOn(chrome: Browser, which: 'ours' | 'naive'): Promise<Turn> {
  const context = await chrome.newContext({ viewport: { width: 1920, height: 1080 } });
  const page = await context.newPage();
  await page.addInitScript({ path: join(home, 'bench/pages/drawn.js') });
  await context.request.post(`${url}/api/log-in`, { data: { person: 'chen', password: 'chen' } });
  const naive = await readFile(join(home, 'bench/pages/naive-wall.html'), 'utf8');
  await page.route(`${url}/naive`, (route) =>
    route.fulfill({ contentType: 'text/html; charset=utf-8', body: naive }),
  );
  await page.goto(which === 'ours' ? `${url}/manage` : `${url}/naive`);
  await page.locator('[data-testid^="seat-1"]').first().waitFor();
  await sleep(SETTLES_MS);
  const mine = new Set(ids);
  const seen = (await page.evaluate<string[]>('window.benchVisible()')).filter((id) =>
    mine.has(id),
  );
  await page.evaluate('window.benchTaken()');
  const changes = await seatsChange(seen);
  await sleep(SETTLES_MS);
  const { drawn, blocked } = await taken(page);
  await context.close();
  const times = changes.flatMap(({ id, state, at }) => {
    const one = drawn.find((it) => it.id === id && it.state === state && it.at >= at);
    return one ? [one.at - at] : [];
  });
  return { times, blocked, missed: changes.length - times.length };
}

function taken(page: Page): Promise<{ drawn: Drawn[]; blocked: number[] }> {
  return page.evaluate('window.benchTaken()');
}

/** Seats change for SECONDS; those that were in view, with the moment at which the server changed them. */
async function seatsChange(seen: readonly string[]): Promise<Drawn[]> {
  if (seen.length < 10) throw new Error(`only ${seen.length} seats are in view`);
  const others = ids.filter((id) => !seen.includes(id));
  const found: Drawn[] = [];
  const under: Promise<void>[] = [];
  const began = performance.now();
  for (let nth = 0; nth < SECONDS * RATE; nth++) {
    await sleep(Math.max(0, began + (nth * 1000) / RATE - performance.now()));
    const half = Math.floor(nth / 2);
    const isSeen = nth % 2 === 0;
    const id = isSeen ? seen[half % seen.length] : others[half % others.length];
    if (id === undefined) continue;
    under.push(
      changes(id).then(({ seat: now }) => {
        if (isSeen) found.push({ id, state: now.state, at: now.since });
      }),
    );
  }
  await Promise.all(under);
  return found;
}

/** 示闲 after 示忙, 示忙 after 示闲. */
async function changes(id: string): Promise<DeskView> {
  const now = !(ready.get(id) ?? true);
  ready.set(id, now);
  const reply = await fetch(`${url}/api/seat/${now ? 'ready' : 'not-ready'}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: cookies.get(id) ?? '' },
    body: JSON.stringify(now ? {} : { reason: 'break' }),
  });
  if (!reply.ok) throw new Error(`${id} does not change: ${reply.status} ${await reply.text()}`);
  return (await reply.json()) as DeskView;
}
