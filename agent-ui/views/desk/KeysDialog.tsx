import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { CommandView } from '../../../server/http/views.ts';
import { ownCommandsWith } from '../../state/own-commands.ts';
import type { Desk } from '../../state/desk.ts';
import { combinationOf, keyOfCommand, keyRefused, type KeyRefusal } from '../../state/keys.ts';
import { useWords } from '../../state/language.ts';
import { useStore } from '../../state/store.ts';
import { Dialog } from '../common/Dialog.tsx';
import '../common/common.css';

/** All keys, to be seen and to be changed. */
export function KeysDialog({ desk, close }: { desk: Desk; close(): void }) {
  const { t } = useWords();
  const keys = useStore(desk.keyboard.state);
  const { view } = useStore(desk.state);
  const all = [...keys.commands, ...ownCommandsWith(view?.tickets ?? false)];
  return (
    <Dialog title={t('keysTitle')} testId="keys-dialog" close={close}>
      <p className="hint">{t('keysHint')}</p>
      <div className="keys-tools">
        <label>
          <input
            type="checkbox"
            data-testid="keys-on"
            checked={keys.on}
            onChange={() => desk.keyboard.switch()}
          />{' '}
          {t('keysUse')}
        </label>
        <button
          type="button"
          className="quiet"
          data-testid="keys-reset"
          onClick={desk.keyboard.reset}
        >
          {t('keysReset')}
        </button>
      </div>
      <ul className="keys-list">
        {all.map((command) => (
          <KeyRow key={command.id} desk={desk} command={command} all={all} />
        ))}
      </ul>
    </Dialog>
  );
}

interface KeyRowProps {
  desk: Desk;
  command: CommandView;
  all: readonly CommandView[];
}

function KeyRow({ desk, command, all }: KeyRowProps) {
  const { t, say } = useWords();
  const keys = useStore(desk.keyboard.state);
  const [asks, setAsks] = useState(false);
  const [refusal, setRefusal] = useState<{ key: string; is: KeyRefusal } | null>(null);
  const key = keyOfCommand(command, keys);

  function press(event: KeyboardEvent) {
    if (!asks || event.key === 'Tab') return;
    // Pressed to be put here, not to be obeyed.
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') return setAsks(false);
    const pressed = combinationOf(event.nativeEvent);
    if (pressed === null) return;
    const is = keyRefused(pressed, command, all, keys);
    setRefusal(is && { key: pressed, is });
    if (is) return;
    desk.keyboard.put(command.id, pressed);
    setAsks(false);
  }

  return (
    <li>
      <span>{say(command.label)}</span>
      <button
        type="button"
        className="quiet key-field"
        data-testid={`key-${command.id}`}
        aria-pressed={asks}
        aria-label={`${say(command.label)}：${key ?? t('noKey')}`}
        onClick={() => setAsks(true)}
        onKeyDown={press}
        onBlur={() => setAsks(false)}
      >
        {asks ? t('pressKey') : (key ?? t('noKey'))}
      </button>
      <button
        type="button"
        className="quiet"
        data-testid={`no-key-${command.id}`}
        aria-label={`${t('removeKey')}：${say(command.label)}`}
        aria-disabled={key === null}
        onClick={() => desk.keyboard.put(command.id, null)}
      >
        {t('removeKey')}
      </button>
      {refusal && (
        <p className="failure" role="alert" data-testid={`key-refused-${command.id}`}>
          {t(`keyRefused.${refusal.is.why}`, {
            key: refusal.key,
            by: refusal.is.why === 'taken' ? say(refusal.is.by.label) : '',
          })}
        </p>
      )}
    </li>
  );
}
