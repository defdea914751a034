import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { Action } from '../../../server/http/views.ts';
import type { Desk } from '../../state/desk.ts';
import { useWords } from '../../state/language.ts';
import { ActionButton } from './ActionButton.tsx';

/** 示忙 with its reasons, opened by one button. Closed by Escape, by choosing, by leaving it. */
export function Reasons({ desk, actions }: { desk: Desk; actions: readonly Action[] }) {
  const { t, say } = useWords();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const [first] = actions;

  useEffect(() => {
    if (open) box.current?.querySelector<HTMLElement>('.reasons-list button')?.focus();
  }, [open]);

  if (!first) return null;

  function close() {
    setOpen(false);
    box.current?.querySelector('button')?.focus();
  }

  function go(event: KeyboardEvent) {
    if (!open) return;
    if (event.key === 'Escape') return close();
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const buttons = [...(box.current?.querySelectorAll('button') ?? [])].slice(1);
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  }

  return (
    <div
      className="reasons"
      ref={box}
      onKeyDown={go}
      onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || setOpen(false)}
    >
      <div className="action">
        <button
          type="button"
          data-testid="reasons"
          aria-expanded={open}
          aria-controls="reasons-list"
          title={first.why ? say(first.why) : undefined}
          onClick={() => (open ? close() : setOpen(true))}
        >
          {t('seat.not-ready')} ▾
        </button>
      </div>
      {open && (
        <div
          id="reasons-list"
          className="reasons-list"
          role="group"
          aria-label={t('reasonsOf')}
          onClick={close}
        >
          {actions.map((action) => (
            <ActionButton key={action.id} desk={desk} action={action} />
          ))}
        </div>
      )}
    </div>
  );
}
