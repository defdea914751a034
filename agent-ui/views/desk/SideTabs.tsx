import type { KeyboardEvent } from 'react';
import { useWords } from '../../state/language.ts';

const TABS = ['ticket', 'notes'] as const;
export type SideTab = (typeof TABS)[number];

/** Beside the call: its ticket, or the notes with what happened. Arrow keys go from one to the other. */
export function SideTabs({ side, choose }: { side: SideTab; choose(side: SideTab): void }) {
  const { t } = useWords();
  function go(event: KeyboardEvent<HTMLElement>) {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    const other = side === 'ticket' ? 'notes' : 'ticket';
    choose(other);
    event.currentTarget.querySelector<HTMLElement>(`[data-testid=side-${other}]`)?.focus();
  }
  return (
    <div className="side-tabs" role="tablist" aria-label={t('beside')} onKeyDown={go}>
      {TABS.map((tab) => (
        <button
          key={tab}
          type="button"
          role="tab"
          data-testid={`side-${tab}`}
          aria-selected={tab === side}
          tabIndex={tab === side ? 0 : -1}
          onClick={() => choose(tab)}
        >
          {t(`beside.${tab}`)}
        </button>
      ))}
    </div>
  );
}
