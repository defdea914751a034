import { useEffect, useRef, useState } from 'react';
import type { DeskView } from '../../../server/http/views.ts';
import type { Desk } from '../../state/desk.ts';
import { actionOfKey } from '../../state/keys.ts';
import { useWords } from '../../state/language.ts';
import { recall, remember } from '../../state/memory.ts';
import { Actions } from './Actions.tsx';
import { CallCard } from './CallCard.tsx';
import { History } from './History.tsx';
import { Notices } from './Notices.tsx';
import { Queues } from './Queues.tsx';
import { TopBar } from './TopBar.tsx';

/** The desk during a shift. */
export function Shift({ desk, view }: { desk: Desk; view: DeskView }) {
  const { t } = useWords();
  const [keysOn, setKeysOn] = useState(recall('keys') !== 'off');
  const main = useRef<HTMLElement>(null);
  const offered = view.seat.state === 'offered';

  useKeys(desk, keysOn);
  useTitleFlash(offered);
  useFocus(view, main);
  useLeaveWarning(view.call !== null);

  function switchKeys() {
    remember('keys', keysOn ? 'off' : 'on');
    setKeysOn(!keysOn);
  }

  return (
    <div className="shift">
      <a className="skip" href="#actions">
        {t('skip')}
      </a>
      <TopBar desk={desk} view={view} keysOn={keysOn} switchKeys={switchKeys} />
      <div className="strip">
        <Queues queues={view.queues} />
        <Notices desk={desk} view={view} />
      </div>
      <main ref={main} tabIndex={-1}>
        <CallCard view={view} />
        <Actions desk={desk} view={view} keysOn={keysOn} />
        <History desk={desk} view={view} />
      </main>
      <p className="unseen" role="alert">
        {offered && t('newOffer')}
      </p>
    </div>
  );
}

function useKeys(desk: Desk, on: boolean) {
  useEffect(() => {
    if (!on) return;
    const press = (event: KeyboardEvent) => {
      const action = actionOfKey(desk.state.get().view?.actions ?? [], event);
      if (!action) return;
      event.preventDefault();
      void desk.act(action);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [desk, on]);
}

function useTitleFlash(offered: boolean) {
  const { t } = useWords();
  const still = t('deskTitle');
  const flash = `● ${t('newOffer')}`;
  useEffect(() => {
    if (!offered) return;
    const turn = () => (document.title = document.title === flash ? still : flash);
    turn();
    const timer = setInterval(turn, 800);
    return () => {
      clearInterval(timer);
      document.title = still;
    };
  }, [offered, still, flash]);
}

/** An offer takes the focus unless somebody is typing; a button that goes leaves it on the page. */
function useFocus(view: DeskView, main: { current: HTMLElement | null }) {
  const offered = view.seat.state === 'offered';
  const held = useRef(false);

  useEffect(() => {
    const typing = document.activeElement?.matches('input, textarea, select');
    if (offered && !typing) main.current?.querySelector<HTMLElement>('[data-name=answer]')?.focus();
  }, [offered, main]);

  useEffect(() => {
    if (held.current && document.activeElement === document.body) main.current?.focus();
    held.current = main.current?.contains(document.activeElement) ?? false;
  }, [view, main]);
}

function useLeaveWarning(inCall: boolean) {
  useEffect(() => {
    if (!inCall) return;
    const warn = (event: BeforeUnloadEvent) => {
      event.preventDefault();
      event.returnValue = '';
    };
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [inCall]);
}
