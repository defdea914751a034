import type { Comparison } from './compare.ts';
import type { Counted, Story } from './story.ts';
import type { Count, Result } from './tally.ts';

export const share = (part: number, whole: number): number =>
  whole === 0 ? NaN : (100 * part) / whole;
export const shown = (value: number, digits = 1): string =>
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

export function cells({ plays }: Comparison): string[][] {
  const each = (name: string, of: (result: Result) => Count | undefined) =>
    plays.flatMap((play) => {
      const count = of(play);
      return count ? [rows(`${name}, ${play.name}`, count)] : [];
    });
  const hotlines = Object.keys(plays[0]?.hotlines ?? {});
  return [
    head,
    ...(hotlines.length > 1 ? hotlines.flatMap((id) => each(id, (r) => r.hotlines[id])) : []),
    ...each('all', (result) => result.all),
  ];
}

const clock = (ms: number): string => {
  const minutes = Math.floor(ms / 60_000);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
};

export const storyHead = ['', '应到 asked in', '已签入 signed in', '就绪 ready or talking'];

/** How seats came and went: at the opening, some minutes after, when it drained and closed. */
export function storyCells({ openings, counts }: Story): string[][] {
  const at = (label: string, ms: number): string[][] => {
    const count = counts.findLast((one) => one.at <= ms);
    const { askedIn, signedIn, ready }: Omit<Counted, 'at'> = count ?? {
      askedIn: 0,
      signedIn: 0,
      ready: 0,
    };
    return [[`${clock(ms)} ${label}`, `${askedIn}`, `${signedIn}`, `${ready}`]];
  };
  return openings.flatMap(({ openedAt, drainedAt, closedAt }) => {
    const over = drainedAt ?? closedAt ?? Infinity;
    return [
      ...[0, 10, 15, 20, 30, 60]
        .filter((minutes) => openedAt + minutes * 60_000 < over)
        .flatMap((minutes) =>
          at(minutes === 0 ? '启动 opened' : `+${minutes} min`, openedAt + minutes * 60_000),
        ),
      ...(drainedAt === null ? [] : at('退出 drains', drainedAt)),
      ...(closedAt === null ? [] : at('关闭 closed', closedAt)),
    ];
  });
}

export const storyLines = ({ told }: Story): string[] =>
  told.map(({ at, words }) => `${clock(at)} ${words.zh} / ${words.en}`);

/** Chinese signs are two columns wide. */
const width = (text: string): number =>
  [...text].reduce((sum, sign) => sum + (/[\u2e80-\uffff]/.test(sign) ? 2 : 1), 0);

function aligned(table: readonly (readonly string[])[]): string[] {
  const widths = (table[0] ?? []).map((_, i) =>
    Math.max(...table.map((line) => width(line[i] ?? ''))),
  );
  return table.map((line) =>
    line
      .map((cell, i) => {
        const space = ' '.repeat((widths[i] ?? 0) - width(cell));
        return i ? space + cell : cell + space;
      })
      .join('  '),
  );
}

export function asText(comparison: Comparison): string {
  const { title, assumed, plays } = comparison;
  const stories = plays.flatMap(({ name, story }) =>
    story && story.openings.length > 0
      ? ['', `${name}:`, ...storyLines(story), ...aligned([storyHead, ...storyCells(story)])]
      : [],
  );
  return [title, `assumed: ${assumed}`, ...aligned(cells(comparison)), ...stories].join('\n');
}
