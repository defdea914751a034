import { useEffect, useRef } from 'react';
import type { DeskView } from '../../../server/http/views.ts';
import type { Desk } from '../../state/desk.ts';
import { actionOfKey, commandOfKey } from '../../state/keys.ts';
import { useWords } from '../../state/language.ts';
import { ownCommandsWith, type OwnCommand } from '../../state/own-commands.ts';
import { ring, unlockSound } from '../../state/tones.ts';

/** Keys of actions, then the page's own; `?` shows them all. None while an input method composes. */
export function useKeys(desk: Desk, does: (command: OwnCommand) => void) {
  const latest = useRef(does);
  latest.current = does;
  useEffect(() => {
    // Whoever has just signed in by a click has unlocked it.
    unlockSound();
    const press = (event: KeyboardEvent) => {
      unlockSound();
      const keys = desk.keyboard.state.get();
      const { view } = desk.state.get();
      const action = actionOfKey(view?.actions ?? [], keys, event);
      const command = commandOfKey(ownCommandsWith(view?.tickets ?? false), keys, event);
      const asks = keys.on && event.key === '?' && !event.isComposing && !isTyping();
      if (!action && !command && !asks) return;
      event.preventDefault();
      if (action) void desk.act(action);
      else latest.current(asks ? 'keys' : (command!.id as OwnCommand));
    };
    addEventListener('keydown', press);
    addEventListener('pointerdown', unlockSound);
    return () => {
      removeEventListener('keydown', press);
      removeEventListener('pointerdown', unlockSound);
    };
  }, [desk]);
}

export function useTitleFlash(offered: boolean) {
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

/** Beside the beep in the headset, for who has taken it off. */
export function useRinging(offered: boolean) {
  useEffect(() => (offered ? ring() : undefined), [offered]);
}

/** An offer takes the focus unless somebody is typing; a button that goes leaves it on the page. */
export function useFocus(view: DeskView, main: { readonly current: HTMLElement | null }) {
  const offered = view.seat.state === 'offered';
  const held = useRef(false);

  useEffect(() => {
    if (offered && !isTyping()) {
      main.current?.querySelector<HTMLElement>('[data-name=answer]')?.focus();
    }
  }, [offered, main]);

  useEffect(() => {
    if (held.current && document.activeElement === document.body) main.current?.focus();
    held.current = main.current?.contains(document.activeElement) ?? false;
  }, [view, main]);
}

export function useLeaveWarning(inCall: boolean) {
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

const isTyping = (): boolean =>
  document.activeElement?.matches('input:not([type=checkbox]), textarea, select') ?? false;
