import type { PlanView } from '../../../server/http/floor-views.ts';
import { useWords } from '../../state/language.ts';

type Level = PlanView['level'];

/** 四级: Ⅳ is the least, Ⅰ the gravest (突发事件应对法). */
const GRADES: Readonly<Record<Level['id'], readonly [grade: string, bars: number]>> = {
  general: ['Ⅳ', 1],
  larger: ['Ⅲ', 2],
  major: ['Ⅱ', 3],
  extraordinary: ['Ⅰ', 4],
};

/** How grave it is: by text, by one to four bars, and by colour. */
export function LevelBadge({ level }: { level: Level }) {
  const { t, say } = useWords();
  const [grade, bars] = GRADES[level.id];
  return (
    <span className={`level is-${level.id}`} data-level={level.id}>
      <svg className="shape" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        {[0, 1, 2, 3].map((nth) => (
          <rect
            key={nth}
            x={0.75 + nth * 4}
            y={11 - nth * 3}
            width="2.5"
            height={4 + nth * 3}
            fill={nth < bars ? 'currentColor' : 'none'}
            stroke="currentColor"
            strokeWidth="0.8"
          />
        ))}
      </svg>
      {t('level', { grade, name: say(level.name) })}
    </span>
  );
}
