import type { Words } from '../../../server/http/views.ts';
import { clockText, dayAndTime, useSeconds } from '../../state/clock.ts';
import { useWords } from '../../state/language.ts';
import { Shape } from '../Shape.tsx';
import type { ShapeName } from '../Shape.tsx';

export interface DueClock {
  readonly words: Words;
  readonly warnAt: number;
  readonly dueAt: number;
}

type Level = 'well' | 'warning' | 'over';
const SHAPES: Readonly<Record<Level, ShapeName>> = { well: 'wait', warning: 'bell', over: 'alert' };
const DAY = 86_400_000;
const HOUR = 3_600_000;

/** What is owed, and how long is left or over by the server's clock: told by word and shape, then by colour. */
export function Due({ clock, named = true }: { clock: DueClock; named?: boolean }) {
  const { t, say } = useWords();
  const now = useSeconds() * 1000;
  const { words, warnAt, dueAt } = clock;
  const level: Level = now >= dueAt ? 'over' : now >= warnAt ? 'warning' : 'well';
  const ms = Math.abs(dueAt - now);
  const time =
    ms >= 2 * DAY
      ? t('due.days', { days: Math.floor(ms / DAY), hours: Math.floor((ms % DAY) / HOUR) })
      : clockText(ms);
  return (
    <span
      className={`due is-${level}`}
      data-testid="due"
      data-level={level}
      title={dayAndTime(dueAt)}
    >
      <Shape name={SHAPES[level]} />
      {named && <span>{say(words)} ·</span>}
      <b>{t(`due.${level}`)}</b>
      <time role="timer" aria-live="off">
        {time}
      </time>
    </span>
  );
}

/** Of clocks that run the one that is due first. */
export const firstDue = <C extends DueClock & { readonly runs: boolean }>(
  clocks: readonly C[],
): C | undefined =>
  [...clocks].filter(({ runs }) => runs).sort((one, other) => one.dueAt - other.dueAt)[0];
