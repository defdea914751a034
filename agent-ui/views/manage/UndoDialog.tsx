import type { ActView } from '../../../server/http/act-views.ts';
import { useWords } from '../../state/language.ts';
import { AskDialog } from '../common/AskDialog.tsx';
import { tell } from '../common/Toasts.tsx';

/** Takes back what somebody did; what stands against it is shown first. */
export function UndoDialog({ act, close }: { act: ActView; close(): void }) {
  const { t, say } = useWords();
  return (
    <AskDialog<ActView>
      title={t('undo.title')}
      testId="undo-dialog"
      label={t('undo')}
      requests={[{ path: `/api/acts/${act.id}/undo`, body: {} }]}
      example={t('why.example')}
      plainWhy={t('undo.why')}
      first
      close={close}
      done={(undone) => tell({ kind: 'done', text: say(undone.words) })}
    >
      <p>{say(act.words)}</p>
    </AskDialog>
  );
}
