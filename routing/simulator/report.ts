import { STRETCH_MS, type Count, type Result, type Stretch } from './tally.ts';

/** A day played once with its own seats and once with others added. */
export interface Comparison {
  readonly title: string;
  readonly assumed: string;
  readonly without: Result;
  readonly with: Result;
}

const share = (part: number, whole: number): number => (whole === 0 ? NaN : (100 * part) / whole);
const shown = (value: number, digits = 1): string =>
  Number.isNaN(value) ? '–' : value.toFixed(digits);

/** Service level: answered within the target, of all who came. */
const rows = (name: string, count: Count): string[] => [
  name,
  `${count.came}`,
  `${count.answered}`,
  `${shown(share(count.inTime, count.came))} %`,
  `${shown(share(count.gaveUp, count.came))} %`,
  `${shown(count.waitedMs / 1000 / count.came)} s`,
  `${shown(count.longestMs / 1000, 0)} s`,
];
const head = ['', 'came', 'answered', 'service level', 'gave up', 'mean wait', 'longest wait'];

function cells({ without, with: added }: Comparison): string[][] {
  const both = (name: string, of: (result: Result) => Count | undefined) =>
    [
      [`${name}, own seats`, of(without)] as const,
      [`${name}, seats added`, of(added)] as const,
    ].flatMap(([label, count]) => (count ? [rows(label, count)] : []));
  const hotlines = Object.keys(without.hotlines);
  return [
    head,
    ...(hotlines.length > 1 ? hotlines.flatMap((id) => both(id, (r) => r.hotlines[id])) : []),
    ...both('all', (result) => result.all),
  ];
}

export function asText(comparison: Comparison): string {
  const table = cells(comparison);
  const widths = head.map((_, i) => Math.max(...table.map((line) => line[i]?.length ?? 0)));
  return [
    comparison.title,
    `assumed: ${comparison.assumed}`,
    ...table.map((line) =>
      line
        .map((cell, i) => (i ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[0] ?? 0)))
        .join('  '),
    ),
  ].join('\n');
}

const WIDTH = 860;
const HEIGHT = 170;

/** A page of its own: the table, and the day as curves. */
export function asHtml(comparison: Comparison): string {
  const { title, assumed } = comparison;
  const charts: [string, (stretch: Stretch) => number][] = [
    ['等待人数 callers waiting', ({ waiting }) => waiting],
    ['服务水平 % service level', ({ inTime, came }) => share(inTime, came)],
    ['放弃率 % gave up', ({ gaveUp, came }) => share(gaveUp, came)],
    ['通话座席 seats talking', ({ talking }) => talking],
  ];
  const [first = [], ...others] = cells(comparison);
  const line = (tag: string, texts: readonly string[]) =>
    `<tr>${texts.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join('')}</tr>`;
  return `<!doctype html>
<html lang="zh"><meta charset="utf-8"><title>${escaped(title)}</title>
<style>
body { font: 15px/1.5 sans-serif; max-width: 900px; margin: 2em auto; color: #222 }
td, th { text-align: right; padding: 2px 10px } td:first-child { text-align: left }
path { fill: none; stroke-width: 1.6 } .own { stroke: #c2410c; color: #c2410c } .added { stroke: #0f766e; color: #0f766e }
b.own, b.added { stroke: none } line { stroke: #ddd } text { font-size: 11px; fill: #666 }
</style>
<h1>${escaped(title)}</h1>
<p>${escaped(assumed)}</p>
<table>${line('th', first)}${others.map((texts) => line('td', texts)).join('')}</table>
<p><b class="own">— 本地座席 own seats</b> &nbsp; <b class="added">— 增开座席 seats added</b></p>
${charts.map(([name, value]) => `<h2>${name}</h2>\n${chart(comparison, value)}`).join('\n')}
</html>
`;
}

function chart({ without, with: added }: Comparison, value: (stretch: Stretch) => number): string {
  const points = (result: Result) => result.stretches.filter(({ fromMs }) => fromMs < 86_400_000);
  const values = [...points(without), ...points(added)].map(value).filter(Number.isFinite);
  const most = Math.max(1, ...values);
  const x = (ms: number) => 40 + (ms / 86_400_000) * (WIDTH - 50);
  const y = (n: number) => 10 + (1 - n / most) * (HEIGHT - 30);
  const curve = (result: Result, name: string) => {
    const dots = points(result)
      .map((stretch) => [x(stretch.fromMs + STRETCH_MS / 2), y(value(stretch))] as const)
      .filter(([, height]) => Number.isFinite(height))
      .map(([left, height]) => `${left.toFixed(1)},${height.toFixed(1)}`);
    return `<path class="${name}" d="M${dots.join('L')}"/>`;
  };
  const hours = Array.from({ length: 9 }, (_, i) => i * 3).map(
    (hour) =>
      `<text x="${x(hour * 3_600_000)}" y="${HEIGHT - 4}" text-anchor="middle">${hour}:00</text>`,
  );
  const heights = [0, most / 2, most].map(
    (n) =>
      `<line x1="40" x2="${WIDTH - 10}" y1="${y(n)}" y2="${y(n)}"/>` +
      `<text x="36" y="${y(n) + 4}" text-anchor="end">${shown(n, 0)}</text>`,
  );
  return (
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}">` +
    `${heights.join('')}${hours.join('')}${curve(without, 'own')}${curve(added, 'added')}</svg>`
  );
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0)};`);
