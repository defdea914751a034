import type { FormEvent, ReactNode } from 'react';
import { Dialog as AriaDialog, Heading } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useWords } from '../../state/language.ts';

interface DialogProps {
  title: string;
  testId: string;
  children: ReactNode;
  close(): void;
  /** Left out: there is nothing to confirm. */
  confirm?: {
    readonly label: string;
    readonly busy: boolean;
    readonly danger?: boolean;
    /** It cannot be confirmed yet. */
    readonly off?: boolean;
    go(): void;
  };
}

/** What would come of it is shown first, then it is confirmed. Escape and a click outside leave all as it was. */
export function Dialog({ title, testId, children, close, confirm }: DialogProps) {
  const { t } = useWords();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (confirm && !confirm.busy && !confirm.off) confirm.go();
  };
  return (
    <ModalOverlay
      className="veil"
      isOpen
      isDismissable
      onOpenChange={(open) => {
        if (!open) close();
      }}
    >
      <Modal className="modal">
        <AriaDialog className="dialog" data-testid={testId}>
          <form onSubmit={submit}>
            <Heading slot="title">{title}</Heading>
            <div className="dialog-body">{children}</div>
            <div className="dialog-keys">
              <button type="button" className="quiet" data-testid="dialog-close" onClick={close}>
                {t(confirm ? 'cancel' : 'close')}
              </button>
              {confirm && (
                <button
                  type="submit"
                  className={`primary ${confirm.danger ? 'is-danger' : ''}`}
                  data-testid="dialog-confirm"
                  aria-busy={confirm.busy}
                  aria-disabled={confirm.off}
                >
                  {confirm.label}
                </button>
              )}
            </div>
          </form>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
