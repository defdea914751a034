import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../../server/http/views.ts';
import { textAt } from '../../link/files.ts';
import { Refusal } from '../../link/rest.ts';
import { useWords } from '../../state/language.ts';
import { Refused } from '../common/Refused.tsx';

/** 专报: the page as it will be on paper. It has a number of its own, so it is asked for once. */
export function Report({ path, close }: { path: string; close(): void }) {
  const { t } = useWords();
  const [page, setPage] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const sheet = useRef<HTMLIFrameElement>(null);
  const back = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    let over = false;
    back.current?.focus();
    textAt(path).then(
      (text) => !over && setPage(text),
      (error: unknown) => {
        if (!(error instanceof Refusal)) throw error;
        if (!over) setFailure(error.failure);
      },
    );
    return () => {
      over = true;
    };
  }, [path]);

  return (
    <div className="ticket-report" data-testid="report">
      <div className="ticket-keys">
        <button
          type="button"
          className="quiet ticket-key"
          data-testid="report-close"
          ref={back}
          onClick={close}
        >
          {t('report.close')}
        </button>
        <button
          type="button"
          className="quiet ticket-key is-main"
          data-testid="report-print"
          aria-disabled={page === null}
          onClick={() => page !== null && sheet.current?.contentWindow?.print()}
        >
          {t('report.print')}
        </button>
        <p className="hint">{t('report.note')}</p>
      </div>
      <Refused failure={failure} />
      {page !== null && (
        // No script runs in it: it is only printed from here.
        <iframe
          ref={sheet}
          title={t('report')}
          data-testid="report-sheet"
          sandbox="allow-same-origin allow-modals"
          srcDoc={page}
        />
      )}
    </div>
  );
}
