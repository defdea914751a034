import type { Desk } from '../../state/desk.ts';
import { useWords } from '../../state/language.ts';

export function Elsewhere({ desk }: { desk: Desk }) {
  const { t } = useWords();
  return (
    <main className="gate">
      <div className="card">
        <h1 role="alert">{t('elsewhere')}</h1>
        <p className="hint">{t('elsewhereHint')}</p>
        <button
          type="button"
          className="primary"
          data-testid="take-over"
          onClick={() => void desk.takeOver()}
          autoFocus
        >
          {t('takeOver')}
        </button>
      </div>
    </main>
  );
}
