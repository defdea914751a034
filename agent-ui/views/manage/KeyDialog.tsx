import { useWords } from '../../state/language.ts';
import { Dialog } from '../common/Dialog.tsx';
import type { KeyWish } from './wishes.ts';

interface KeyDialogProps {
  wish: KeyWish;
  press(wish: KeyWish): void;
  close(): void;
}

/** 拦截 and 强拆 take the call from the operator: they are asked about once more. */
export function KeyDialog({ wish, press, close }: KeyDialogProps) {
  const { t, say } = useWords();
  const { action, about } = wish;
  return (
    <Dialog
      title={`${say(action.label)} · ${about}`}
      testId="key-dialog"
      close={close}
      confirm={{
        label: say(action.label),
        busy: false,
        danger: true,
        go() {
          press(wish);
          close();
        },
      }}
    >
      <p>{t(action.name === 'end-call' ? 'key.end' : 'key.takeOver')}</p>
      <p className="hint">{t('key.kept')}</p>
    </Dialog>
  );
}
