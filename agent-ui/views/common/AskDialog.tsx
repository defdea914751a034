import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Failure } from '../../../server/http/views.ts';
import { ask } from '../../state/hand.ts';
import { useWords } from '../../state/language.ts';
import { Dialog } from './Dialog.tsx';
import { Objection } from './Objection.tsx';
import { WhyField } from './WhyField.tsx';

/** One request of those that a dialog makes; the server adds who and when. */
export interface HandRequest {
  readonly path: string;
  readonly body: object;
}

interface AskDialogProps<T> {
  title: string;
  testId: string;
  /** What will happen. */
  children: ReactNode;
  label: string;
  /** Made one after the other; none: it cannot be asked for yet. */
  requests: readonly HandRequest[];
  /** What somebody here might write for why. */
  example: string;
  /** Taken where nobody says why; left out: it must be said. */
  plainWhy?: string;
  danger?: boolean;
  /** Nothing but why is left to be filled in. */
  first?: boolean;
  close(): void;
  /** All of it is done; the answer is that to the last request. */
  done(answer: T): void;
}

/** Something done by hand: what will come of it, why it is done, what stands against it, and then it is done. */
export function AskDialog<T>(props: AskDialogProps<T>) {
  const { title, testId, children, label, requests, example, plainWhy, danger, first } = props;
  const { t } = useWords();
  const [why, setWhy] = useState('');
  const [busy, setBusy] = useState(false);
  /** So many requests have been obeyed already. */
  const [obeyed, setObeyed] = useState(0);
  const [refused, setRefused] = useState<Failure | null>(null);
  const again = refused?.detail?.confirmable ?? false;
  const because = why.trim() || plainWhy;

  async function go() {
    setBusy(true);
    for (const [nth, { path, body }] of requests.entries()) {
      if (nth < obeyed) continue;
      const confirm = again && nth === obeyed ? { confirm: true } : {};
      const answer = await ask<T>(path, { ...body, why: because, ...confirm });
      if ('refused' in answer) {
        setBusy(false);
        setObeyed(nth);
        return setRefused(answer.refused);
      }
      if (nth < requests.length - 1) continue;
      props.close();
      props.done(answer.done);
    }
  }

  return (
    <Dialog
      title={title}
      testId={testId}
      close={props.close}
      confirm={{
        label: again ? t('confirmAnyway') : label,
        busy,
        danger: danger || again,
        off: because === undefined || requests.length === 0,
        go: () => void go(),
      }}
    >
      {children}
      <WhyField
        why={why}
        change={setWhy}
        example={example}
        optional={plainWhy !== undefined}
        first={first}
      />
      {refused && <Objection failure={refused} />}
    </Dialog>
  );
}
