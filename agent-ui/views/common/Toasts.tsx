import {
  Text,
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components/Toast';
import { useWords } from '../../state/language.ts';
import { Shape } from '../Shape.tsx';

interface Told {
  readonly text: string;
  readonly kind: 'done' | 'problem';
  /** Takes it back. */
  readonly undo?: () => void;
}

/** With something to undo it stays long enough for a second thought. */
const DONE_MS = 8_000;
const UNDO_MS = 20_000;
const queue = new ToastQueue<Told>({ maxVisibleToasts: 2 });

/** Says something at the foot of the page; with `undo` it can be taken back there. */
export function tell(told: Told): void {
  // A problem stays until it is put away.
  const timeout = told.kind === 'problem' ? undefined : told.undo ? UNDO_MS : DONE_MS;
  queue.add(told, timeout === undefined ? {} : { timeout });
}

export function Toasts() {
  const { t } = useWords();
  return (
    <ToastRegion queue={queue} className="toasts" aria-label={t('messages')}>
      {({ toast }) => (
        <Toast toast={toast} className={`toast is-${toast.content.kind}`} data-testid="toast">
          <Shape name={toast.content.kind === 'problem' ? 'alert' : 'tick'} />
          <ToastContent className="toast-text">
            <Text slot="title">{toast.content.text}</Text>
          </ToastContent>
          {toast.content.undo && (
            <button
              type="button"
              className="quiet"
              data-testid="toast-undo"
              onClick={() => {
                queue.close(toast.key);
                toast.content.undo?.();
              }}
            >
              {t('undo')}
            </button>
          )}
          <button
            type="button"
            className="quiet"
            data-testid="toast-close"
            onClick={() => queue.close(toast.key)}
          >
            {t('dismiss')}
          </button>
        </Toast>
      )}
    </ToastRegion>
  );
}
