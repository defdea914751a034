import type { ReactNode } from 'react';
import type { WhatIfAsked } from '../../../server/http/what-if-views.ts';
import { useWords } from '../../state/language.ts';
import { AskDialog } from '../common/AskDialog.tsx';
import type { HandRequest } from '../common/AskDialog.tsx';
import { Forecast } from './Forecast.tsx';

interface HandDialogProps {
  title: string;
  testId: string;
  children: ReactNode;
  /** What it would change, for the forecast. */
  moves: WhatIfAsked['moves'];
  /** None: nothing would change yet. */
  requests: readonly HandRequest[];
  /** Nothing but why is left to be filled in. */
  first?: boolean;
  close(): void;
  /** All of it is done. */
  done(): void;
}

/** Something a manager does to seats or a queue, with what it would bring. */
export function HandDialog({ children, moves, ...rest }: HandDialogProps) {
  const { t } = useWords();
  return (
    <AskDialog {...rest} label={t('doIt')} example={t('why.example')}>
      {children}
      {moves.length > 0 && <Forecast moves={moves} />}
    </AskDialog>
  );
}
