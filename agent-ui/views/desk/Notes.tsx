import type { NoteView } from '../../../server/http/views.ts';
import { useWords } from '../../state/language.ts';
import { useNote } from '../../state/notes.ts';
import { Shape } from '../Shape.tsx';

/** The note of one call; made anew for another one (`key`). */
export function Notes({ call, note }: { call: string; note: NoteView }) {
  const { t, say } = useWords();
  const { text, state, failure, type } = useNote(call, note);
  return (
    <section className="panel notes" aria-label={t('notes')}>
      <h2>
        <label htmlFor="notes">{t('notes')}</label>
        <span
          className={`note-state is-${state}`}
          role="status"
          data-testid="note-state"
          data-state={state}
        >
          {state === 'unsaved' && <Shape name="alert" />}
          {t(`noteState.${state}`)}
        </span>
      </h2>
      <textarea
        id="notes"
        data-testid="notes"
        maxLength={4000}
        placeholder={t('notesHint')}
        value={text}
        onChange={(event) => type(event.target.value)}
      />
      {failure && (
        <p className="failure" role="alert">
          {say(failure.words)}
        </p>
      )}
    </section>
  );
}
