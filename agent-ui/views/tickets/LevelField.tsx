import { useId, useState } from 'react';
import type { Ticket } from '../../../server/http/ticket-views.ts';
import { useWords } from '../../state/language.ts';

type Level = Ticket['fields']['level'];
const LEVELS = ['general', 'larger', 'major', 'extraordinary'] as const;

interface LevelFieldProps {
  level: Level;
  set(level: Level, why: string): Promise<boolean>;
}

/** 定级: a graver level calls others in, so it is said why before it counts. */
export function LevelField({ level, set }: LevelFieldProps) {
  const { t } = useWords();
  const [chosen, setChosen] = useState<Level | null>(null);
  const [why, setWhy] = useState('');
  const id = useId();
  const asks = chosen !== null && chosen !== level;

  async function go() {
    if (!asks || why.trim() === '') return;
    if (await set(chosen, why.trim())) {
      setChosen(null);
      setWhy('');
    }
  }

  return (
    <div className="ticket-field">
      <label htmlFor={id}>{t('ticket.level')}</label>
      <select
        id={id}
        data-testid="ticket-level"
        value={chosen ?? level}
        onChange={({ target }) => setChosen(LEVELS.find((one) => one === target.value) ?? null)}
      >
        {LEVELS.map((one) => (
          <option key={one} value={one}>
            {t(`grade.${one}`)}
          </option>
        ))}
      </select>
      {asks && (
        <form
          className="ticket-why"
          onSubmit={(event) => {
            event.preventDefault();
            void go();
          }}
        >
          <input
            aria-label={t('ticket.levelWhy')}
            placeholder={t('ticket.levelWhy')}
            data-testid="level-why"
            maxLength={500}
            autoFocus
            value={why}
            onChange={({ target }) => setWhy(target.value)}
          />
          <button type="submit" className="quiet" aria-disabled={why.trim() === ''}>
            {t('ticket.confirm')}
          </button>
        </form>
      )}
    </div>
  );
}
