import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { home } from '../../tools/build.ts';

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

type Unit =
  | 'ms'
  | 'CPU ms a call'
  | 'CPU ms a ticket'
  | 'CPU ms a talking minute'
  | 'calls/s'
  | 'tickets/s'
  | '% of a core'
  | 'KB';

/** One line of the table: ours beside the peer's, at the same load in the same run. */
export interface Row {
  readonly what: string;
  readonly unit: Unit;
  readonly n: number;
  readonly ours: Percentiles;
  readonly peer: ({ readonly name: string } & Percentiles) | null;
  /** ours.p50 / peer.p50 */
  readonly ratio: number | null;
  /** What was asked, in words; '-' where nothing was. */
  readonly aim: string;
  readonly met: boolean;
}

interface Aim {
  /** Ours is at most so many times the peer's (p50). */
  readonly ratio?: number;
  /** Ours is at least so many times the peer's (p50). */
  readonly atLeast?: number;
  /** Our p99 is at most so many ms. */
  readonly p99?: number;
  /** Our p99 is at most so many ms more than the peer's. */
  readonly p99Over?: number;
  /** Each of ours is at least so much. */
  readonly least?: number;
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
/** A hundredth of the peer's must not look like a fiftieth. */
const ratioOf = (value: number): number => Number(value.toFixed(value < 0.1 ? 4 : 2));

/** The value below or at which `share` of all lie (nearest rank). */
function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return rounded(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN);
}

const percentiles = (values: readonly number[]): Percentiles => ({
  p50: percentile(values, 0.5),
  p99: percentile(values, 0.99),
});

/** Without an aim the row is for information, and met. */
export function row(
  what: string,
  ours: readonly number[],
  peer: { readonly name: string; readonly times: readonly number[] } | null,
  aim: Aim | null,
  unit: Unit = 'ms',
): Row {
  const own = percentiles(ours);
  const theirs = peer && { name: peer.name, ...percentiles(peer.times) };
  const ratio = theirs && ratioOf(own.p50 / theirs.p50);
  const { ratio: most = Infinity, atLeast = 0, p99 = Infinity, p99Over, least } = aim ?? {};
  const met =
    (ratio === null || (ratio <= most && ratio >= atLeast)) &&
    own.p99 <= p99 &&
    own.p99 - (theirs?.p99 ?? 0) <= (p99Over ?? Infinity) &&
    ours.every((one) => one >= (least ?? -Infinity));
  const asked = [
    ...(most < Infinity ? [`ratio <= ${rounded(most)}`] : []),
    ...(atLeast > 0 ? [`ratio >= ${atLeast}`] : []),
    ...(p99 < Infinity ? [`p99 <= ${p99} ${unit}`] : []),
    ...(p99Over === undefined ? [] : [`p99 <= peer + ${p99Over} ${unit}`]),
    ...(least === undefined ? [] : [`>= ${least} ${unit}`]),
  ];
  return {
    what,
    unit,
    n: ours.length,
    ours: own,
    peer: theirs,
    ratio,
    aim: asked.join(', ') || '-',
    met,
  };
}

/** Prints the table and keeps it in bench/results/<name>.json. @param on such as `Asterisk 22.10.1` */
export async function report(name: string, on: string, rows: readonly Row[]): Promise<void> {
  const processors = cpus();
  const machine =
    `${processors.length} x ${processors[0]?.model ?? 'cpu'}, ` +
    `${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${on}`;
  const result = { name, at: new Date().toISOString(), machine, rows };
  const folder = join(home, 'bench/results');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  console.log(`${name}: ${machine}\n${table(rows)}`);
}

function table(rows: readonly Row[]): string {
  const head = ['what', 'unit', 'n', 'ours p50', 'p99', 'peer p50', 'p99', 'ratio', 'aim', 'met'];
  const body = rows.map(({ what, unit, n, ours, peer, ratio, aim, met }) => [
    what,
    unit,
    `${n}`,
    `${ours.p50}`,
    `${ours.p99}`,
    `${peer?.p50 ?? ''}`,
    `${peer?.p99 ?? ''}`,
    `${ratio ?? ''}`,
    aim,
    aim === '-' ? '' : met ? 'yes' : 'NO',
  ]);
  const lines = [head, ...body];
  const widths = head.map((_, i) => Math.max(...lines.map((cells) => cells[i]?.length ?? 0)));
  const peers = new Set(rows.flatMap(({ peer }) => peer?.name ?? []));
  return [
    ...lines.map((cells) => cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')),
    `peer: ${[...peers].join('; ')}`,
  ].join('\n');
}
