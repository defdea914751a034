import { Suspense, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { DeskView } from '../../../server/http/views.ts';
import type { Desk } from '../../state/desk.ts';
import { useWords } from '../../state/language.ts';
import type { OwnCommand } from '../../state/own-commands.ts';
import { useNotification } from '../../state/notifications.ts';
import { useStore } from '../../state/store.ts';
import { late } from '../late.ts';
import { Actions } from './Actions.tsx';
import { CallCard } from './CallCard.tsx';
import { Checks } from './Checks.tsx';
import { History } from './History.tsx';
import { Notes } from './Notes.tsx';
import { Notices } from './Notices.tsx';
import { Queues } from './Queues.tsx';
import { Recent } from './Recent.tsx';
import { SideTabs, type SideTab } from './SideTabs.tsx';
import { TopBar } from './TopBar.tsx';
import { useFocus, useKeys, useLeaveWarning, useRinging, useTitleFlash } from './shift-hooks.ts';

/** Fetched once the desk is at work: no call waits for it, and after an upgrade it would not be there any more. */
const keysDialog = () =>
  import('./KeysDialog.tsx').then((module) => ({ default: module.KeysDialog }));
const KeysDialog = late(keysDialog);
const KEYS_DIALOG_MS = 5_000;
const TicketBeside = late(async () => {
  const { TicketBeside: part } = await import('../tickets/desk-parts.ts');
  return { default: part };
});
const DeskInbox = late(async () => {
  const { DeskInbox: part } = await import('../tickets/desk-parts.ts');
  return { default: part };
});

/** The desk during a shift. */
export function Shift({ desk, view }: { desk: Desk; view: DeskView }) {
  const { t, say } = useWords();
  const [showsKeys, setShowsKeys] = useState(false);
  const [asksChecks, setAsksChecks] = useState(false);
  const [side, setSide] = useState<SideTab>('ticket');
  const main = useRef<HTMLElement>(null);
  const { tickets: news } = useStore(desk.state);
  const { seat, call } = view;
  const offered = seat.state === 'offered';
  const noted = call ?? (view.wrapUp && { id: view.wrapUp.call, note: view.wrapUp.note });
  const begins = seat.line === 'browser' && seat.state === 'not-ready';
  const showsChecks = call === null && (asksChecks || begins);

  useKeys(desk, (command) => does[command]());
  useTitleFlash(offered);
  useRinging(offered);
  useNotification(
    offered,
    t('newOffer'),
    call ? `${call.number ?? t('withheldNumber')}　${say(call.hotlineName)}` : '',
  );
  useFocus(view, main);
  useLeaveWarning(call !== null);
  useEffect(() => {
    const timer = setTimeout(() => void keysDialog().catch(() => undefined), KEYS_DIALOG_MS);
    return () => clearTimeout(timer);
  }, []);

  /** At once: what is typed next is meant for it. */
  function writesIn(tab: SideTab, field: string): void {
    flushSync(() => setSide(tab));
    main.current?.querySelector<HTMLElement>(field)?.focus();
  }

  const does: Record<OwnCommand, () => void> = {
    keys: () => setShowsKeys(true),
    checks: () => setAsksChecks(true),
    reasons: () =>
      main.current?.parentElement?.querySelector<HTMLElement>('[data-testid=reasons]')?.click(),
    search: () => document.getElementById('target-search')?.focus(),
    notes: () => writesIn('notes', '#notes'),
    ticket: () => writesIn('ticket', '[data-testid=ticket-asked]'),
  };
  const aboutCall = noted !== null && noted !== undefined;

  return (
    <div className={`shift ${view.tickets && aboutCall ? 'has-ticket' : ''}`}>
      <a className="skip" href="#main">
        {t('skip')}
      </a>
      <TopBar desk={desk} view={view} showKeys={does.keys} showChecks={does.checks} />
      <div className="strip">
        <Queues queues={view.queues} />
        <Notices desk={desk} view={view} />
      </div>
      <main id="main" ref={main} tabIndex={-1}>
        <h1 className="unseen">{t('deskTitle')}</h1>
        <div className="aside of-call-card">
          <CallCard desk={desk} view={view} />
          {call && !offered && <Recent when={call.id} />}
        </div>
        {showsChecks ? (
          <Checks desk={desk} view={view} done={begins ? undefined : () => setAsksChecks(false)} />
        ) : offered ? (
          <div className="aside">
            <Actions desk={desk} view={view} />
            <Recent when={call?.id} />
          </div>
        ) : call ? (
          <Actions desk={desk} view={view} />
        ) : view.tickets && !view.wrapUp ? (
          <div className="aside">
            <Suspense>
              <DeskInbox news={news} />
            </Suspense>
            <Recent when={seat.state} />
          </div>
        ) : (
          <Recent when={`${seat.state} ${view.wrapUp?.note.version}`} />
        )}
        <div className="aside">
          {view.tickets && noted && <SideTabs side={side} choose={setSide} />}
          {view.tickets && noted && side === 'ticket' ? (
            <div className="panel of-ticket" role="tabpanel" aria-label={t('beside.ticket')}>
              <Suspense>
                <TicketBeside key={noted.id} call={noted.id} offered={offered} news={news} />
              </Suspense>
            </div>
          ) : (
            <>
              {noted && offered === false && (
                <Notes key={noted.id} call={noted.id} note={noted.note} />
              )}
              <History desk={desk} view={view} />
            </>
          )}
        </div>
      </main>
      <p className="unseen" role="alert">
        {offered && t('newOffer')}
      </p>
      {showsKeys && (
        <Suspense>
          <KeysDialog desk={desk} close={() => setShowsKeys(false)} />
        </Suspense>
      )}
    </div>
  );
}
