import { useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { Action, TargetView } from '../../../server/http/views.ts';
import type { Desk } from '../../state/desk.ts';
import { useWords } from '../../state/language.ts';
import { useStore } from '../../state/store.ts';
import { ActionButton } from './ActionButton.tsx';
import { Standing } from './BigKeys.tsx';
import { sharedWhy, targetOf } from './target.ts';

const STEPS: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
};
const WAYS = ['one-key', 'three-way', 'consult', 'release'] as const;

interface Row {
  id: string;
  target: TargetView | undefined;
  actions: readonly Action[];
}

/** Everyone to whom the call can be handed, found by name or number; arrow keys go through the list. */
export function Targets({ desk, actions }: { desk: Desk; actions: readonly Action[] }) {
  const { t, say } = useWords();
  const { targets } = useStore(desk.state);
  const [sought, setSought] = useState('');
  const [entry, setEntry] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const ways = useMemo(
    () => actions.filter(({ group, main }) => !main && WAYS.some((way) => way === group)),
    [actions],
  );
  if (ways.length === 0) return null;

  const rows = rowsOf(ways, targets).filter((row) => matches(row, sought));
  const why = sharedWhy(ways);
  const shown = rows.flatMap((row) => row.actions.map(({ id }) => id));
  const wayIn = shown.includes(entry) ? entry : shown[0];

  function go(event: KeyboardEvent) {
    const [down, right] = STEPS[event.key] ?? [0, 0];
    const typing = event.target instanceof HTMLInputElement;
    if (down + right === 0 || (typing && down < 1)) return;
    event.preventDefault();
    const lines = [...(list.current?.children ?? [])].map((line) => [
      ...line.querySelectorAll('button'),
    ]);
    const at = lines.findIndex((line) => line.some((button) => button === event.target));
    if (at + down < 0) return document.getElementById('target-search')?.focus();
    const column = lines[at]?.findIndex((button) => button === event.target) ?? 0;
    const line = lines[at + down];
    line?.[Math.min(column + right, line.length - 1)]?.focus();
  }

  return (
    <section className="targets" aria-label={t('targets')} onKeyDown={go}>
      <div className="targets-head">
        <h2>
          {t('targets')} {why && <small>{say(why)}</small>}
        </h2>
        <input
          id="target-search"
          type="search"
          data-testid="target-search"
          placeholder={t('targetSearch')}
          aria-label={t('targetSearch')}
          aria-controls="target-list"
          value={sought}
          onChange={(event) => setSought(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && setSought('')}
        />
      </div>
      <ul id="target-list" ref={list}>
        {rows.map((row) => (
          <li key={row.id} data-testid={`target-${row.id}`}>
            <span className="target-name">
              <b>{row.id}</b>{' '}
              {row.target && row.target.name.en !== row.id ? say(row.target.name) : ''}
            </span>
            {row.target && <Standing target={row.target} />}
            <div className="ways" role="group" aria-label={row.id}>
              {row.actions.map((action) => (
                <span key={action.id} onFocus={() => setEntry(action.id)}>
                  <ActionButton
                    desk={desk}
                    action={action}
                    name={`${t(`group.${action.group}`)} ${row.id}`}
                    tabIndex={action.id === wayIn ? 0 : -1}
                    tipOnly
                  >
                    <span className="label">{t(`way.${wayOf(action)}`)}</span>
                  </ActionButton>
                </span>
              ))}
            </div>
          </li>
        ))}
      </ul>
      {rows.length === 0 && <p className="hint">{t('noTarget')}</p>}
    </section>
  );
}

const wayOf = ({ group }: Action) => WAYS.find((way) => way === group) ?? 'one-key';

/** The big keys stand by themselves: here only ways that they do not offer. */
function rowsOf(ways: readonly Action[], targets: readonly TargetView[]): Row[] {
  const ids = [...new Set(ways.map(targetOf))];
  return ids.map((id) => ({
    id,
    target: targets.find((one) => one.id === id),
    actions: ways.filter((action) => targetOf(action) === id),
  }));
}

function matches({ id, target }: Row, sought: string): boolean {
  const text = sought.trim().toLowerCase();
  const { zh = '', en = '' } = target?.name ?? {};
  return [id, zh, en, ...(target?.numbers ?? [])].some((one) => one.toLowerCase().includes(text));
}
