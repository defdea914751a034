import type { ReactNode } from 'react';
import { useWords } from '../../state/language.ts';
import { AskDialog } from '../common/AskDialog.tsx';

interface WhyDialogProps<T> {
  title: string;
  testId: string;
  /** What will happen. */
  children: ReactNode;
  label: string;
  path: string;
  /** Beside why; null: it cannot be asked for yet. */
  body: object | null;
  danger?: boolean;
  /** Nothing but why is left to be filled in. */
  first?: boolean;
  close(): void;
  done(answer: T): void;
}

/** Something done in an emergency. */
export function WhyDialog<T>({ path, body, ...rest }: WhyDialogProps<T>) {
  const { t } = useWords();
  return <AskDialog {...rest} requests={body ? [{ path, body }] : []} example={t('whyExample')} />;
}
