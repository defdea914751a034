import { useState } from 'react';
import type { FloorSeat } from '../../../server/http/floor-views.ts';
import { useWords } from '../../state/language.ts';
import { HandDialog } from './HandDialog.tsx';
import { workOf } from './wishes.ts';

interface SkillsDialogProps {
  seat: FloorSeat;
  /** All that are known on this floor. */
  known: readonly string[];
  close(): void;
  done(): void;
}

const LEVELS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** What a seat can do and how well: 0 is without, 9 is best. */
export function SkillsDialog({ seat, known, close, done }: SkillsDialogProps) {
  const { t, say } = useWords();
  const was = new Map(workOf(seat).skills.map(({ skill, level }) => [skill, level]));
  const [levels, setLevels] = useState<ReadonlyMap<string, number>>(was);
  const [other, setOther] = useState('');
  const names = [...new Set([...known, ...levels.keys()])].sort();
  const skills = [...levels].flatMap(([skill, level]) => (level > 0 ? [{ skill, level }] : []));
  const changed = names.some((name) => (levels.get(name) ?? 0) !== (was.get(name) ?? 0));
  const set = (skill: string, level: number) => setLevels(new Map(levels).set(skill, level));
  return (
    <HandDialog
      title={t('skills.title', { seat: seat.id, name: say(seat.name) })}
      testId="skills-dialog"
      close={close}
      done={done}
      moves={changed ? [{ seat: seat.id, skills }] : []}
      requests={
        changed
          ? [{ path: `/api/seats/${seat.id}/skills`, body: { skills, version: seat.version } }]
          : []
      }
    >
      <div className="skill-list">
        {names.map((name) => (
          <label key={name}>
            {name}
            <select
              data-testid={`skill-${name}`}
              value={levels.get(name) ?? 0}
              onChange={({ target }) => set(name, Number(target.value))}
            >
              {LEVELS.map((level) => (
                <option key={level} value={level}>
                  {level === 0 ? t('skills.without') : level}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
      <p className="field is-row">
        <label htmlFor="other-skill">{t('skills.other')}</label>
        <input
          id="other-skill"
          value={other}
          maxLength={31}
          data-testid="other-skill"
          onChange={({ target }) => setOther(target.value)}
        />
        <button
          type="button"
          className="quiet"
          data-testid="add-skill"
          onClick={() => {
            if (other.trim() === '') return;
            set(other.trim(), 1);
            setOther('');
          }}
        >
          {t('skills.add')}
        </button>
      </p>
    </HandDialog>
  );
}
