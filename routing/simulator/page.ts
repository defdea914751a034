import type { Comparison } from './compare.ts';
import { cells, share, shown, storyCells, storyHead, storyLines } from './report.ts';
import type { Story } from './story.ts';
import { STRETCH_MS, type Stretch } from './tally.ts';

const WIDTH = 860;
const HEIGHT = 170;
const DAY = 86_400_000;

type Dot = readonly [ms: number, value: number];
interface Curve {
  readonly style: string;
  readonly dots: readonly Dot[];
}

/** A page of its own: the tables, and the day as curves; behind them a band while a plan is open, paler while it drains. */
export function asHtml(comparison: Comparison): string {
  const { title, assumed, plays } = comparison;
  const charts: [string, (stretch: Stretch) => number][] = [
    ['等待人数 callers waiting', ({ waiting }) => waiting],
    ['服务水平 % service level', ({ inTime, came }) => share(inTime, came)],
    ['放弃率 % gave up', ({ gaveUp, came }) => share(gaveUp, came)],
    ['通话座席 seats talking', ({ talking }) => talking],
  ];
  const stories = plays.flatMap(({ story }) => (story && story.openings.length > 0 ? [story] : []));
  const key = plays.map(({ name }, n) => `<b class="way-${n}">— ${escaped(name)}</b>`);
  return `<!doctype html>
<html lang="zh"><meta charset="utf-8"><title>${escaped(title)}</title>
<style>
body { font: 15px/1.5 sans-serif; max-width: 900px; margin: 2em auto; color: #222 }
td, th { text-align: right; padding: 2px 10px } td:first-child { text-align: left }
path { fill: none; stroke-width: 1.6; stroke: currentColor } line { stroke: #ddd } text { font-size: 11px; fill: #666 }
.way-0 { color: #c2410c } .way-1 { color: #0f766e } .way-2 { color: #1d4ed8 }
.asked { color: #999 } .signed-in { color: #7c3aed } .ready { color: #0f766e }
.open { fill: #0f766e22 } .draining { fill: #0f766e11 }
</style>
<h1>${escaped(title)}</h1>
<p>假设 assumed: ${escaped(assumed)}</p>
${tableOf(cells(comparison))}
${stories.map(storyOf).join('\n')}
<p>${key.join(' &nbsp; ')}${stories.length > 0 ? ' &nbsp; ▒ 预案启动期间 plan open' : ''}</p>
${charts
  .map(([name, value]) => {
    const curves = plays.map(({ stretches }, n) => ({
      style: `way-${n}`,
      dots: stretches.map((one) => [one.fromMs + STRETCH_MS / 2, value(one)] as const),
    }));
    return `<h2>${name}</h2>\n${chart(curves, stories)}`;
  })
  .join('\n')}
</html>
`;
}

function storyOf(story: Story): string {
  const told = storyLines(story).map((text) => `<li>${escaped(text)}</li>`);
  const curve = (style: string, of: (count: Story['counts'][number]) => number): Curve => ({
    style,
    dots: story.counts.map((count) => [count.at, of(count)] as const),
  });
  const curves = [
    curve('asked', ({ askedIn }) => askedIn),
    curve('signed-in', ({ signedIn }) => signedIn),
    curve('ready', ({ ready }) => ready),
  ];
  return `<h2>应急预案 plan</h2>
<ul>${told.join('')}</ul>
${tableOf([storyHead, ...storyCells(story)])}
<p><b class="asked">— 应到 asked in</b> &nbsp; <b class="signed-in">— 已签入 signed in</b> &nbsp;
<b class="ready">— 就绪 ready or talking</b></p>
${chart(curves, [story])}`;
}

function tableOf([first = [], ...others]: readonly (readonly string[])[]): string {
  const line = (tag: string, texts: readonly string[]) =>
    `<tr>${texts.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join('')}</tr>`;
  return `<table>${line('th', first)}${others.map((texts) => line('td', texts)).join('')}</table>`;
}

/** Curves over the 24 hours. Between dots that lie far apart, and where there is no number, nothing is drawn. */
function chart(curves: readonly Curve[], stories: readonly Story[]): string {
  const inDay = ({ dots }: Curve) =>
    dots.filter(([ms, value]) => ms <= DAY && Number.isFinite(value));
  const most = Math.max(1, ...curves.flatMap(inDay).map(([, value]) => value));
  const x = (ms: number) => 40 + (Math.min(ms, DAY) / DAY) * (WIDTH - 60);
  const y = (n: number) => 10 + (1 - n / most) * (HEIGHT - 30);
  const band = (style: string, from: number, to: number) =>
    `<rect class="${style}" x="${x(from).toFixed(1)}" width="${(x(to) - x(from)).toFixed(1)}" y="10" height="${HEIGHT - 30}"/>`;
  const bands = stories.flatMap(({ openings }) =>
    openings.flatMap(({ openedAt, drainedAt, closedAt }) => {
      const closed = closedAt ?? DAY;
      const open = band('open', openedAt, drainedAt ?? closed);
      return drainedAt === null ? [open] : [open, band('draining', drainedAt, closed)];
    }),
  );
  const paths = curves.map((curve) => {
    const dots = inDay(curve);
    const steps = dots.map(([ms, value], i) => {
      const before = dots[i - 1];
      const on = before !== undefined && ms - before[0] <= 2 * STRETCH_MS;
      return `${on ? 'L' : 'M'}${x(ms).toFixed(1)},${y(value).toFixed(1)}`;
    });
    return `<path class="${curve.style}" d="${steps.join('')}"/>`;
  });
  const hours = Array.from({ length: 9 }, (_, i) => i * 3).map(
    (hour) =>
      `<text x="${x(hour * 3_600_000)}" y="${HEIGHT - 4}" text-anchor="middle">${hour}:00</text>`,
  );
  const heights = [0, most / 2, most].map(
    (n) =>
      `<line x1="40" x2="${WIDTH - 20}" y1="${y(n)}" y2="${y(n)}"/>` +
      `<text x="36" y="${y(n) + 4}" text-anchor="end">${shown(n, 0)}</text>`,
  );
  return (
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}">` +
    `${bands.join('')}${heights.join('')}${hours.join('')}${paths.join('')}</svg>`
  );
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0)};`);
