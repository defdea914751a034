import { useId } from 'react';
import type { ReactNode } from 'react';
import type { Action } from '../../../server/http/views.ts';
import type { Desk } from '../../state/desk.ts';
import { ariaKey, keyOf } from '../../state/keys.ts';
import { useWords } from '../../state/language.ts';
import { useStore } from '../../state/store.ts';
import { Shape } from '../Shape.tsx';

interface ActionButtonProps {
  desk: Desk;
  action: Action;
  /** Says why and note in the tip alone, where they are shown elsewhere or room is short. */
  tipOnly?: boolean;
  /** What stands on it instead of the server's label, which stays its name. */
  children?: ReactNode;
  name?: string;
  /** Of a group with one way in. */
  tabIndex?: number;
}

/** One action as the server gave it. What is not allowed stays reachable and says why. */
export function ActionButton(props: ActionButtonProps) {
  const { desk, action, tipOnly, children, name, tabIndex } = props;
  const { say } = useWords();
  const { pending } = useStore(desk.state);
  const keys = useStore(desk.keyboard.state);
  const key = keys.on ? keyOf(action, keys) : null;
  const remark = action.allowed ? action.note : action.why;
  const remarkId = useId();
  const tip = [name, remark && say(remark), key].filter(Boolean).join('\n');
  return (
    <div className={`action is-${action.name} in-${action.group}`}>
      <button
        type="button"
        data-testid={`action-${action.id}`}
        data-name={action.name}
        tabIndex={tabIndex}
        aria-label={name}
        aria-disabled={!action.allowed}
        aria-busy={pending.has(action.id)}
        aria-keyshortcuts={ariaKey(key)}
        aria-describedby={remark ? remarkId : undefined}
        title={tip || undefined}
        onClick={() => void desk.act(action)}
      >
        {children ?? (
          <span className="label">
            {action.name === 'mark' && <Shape name="alert" />}
            {say(action.label)}
          </span>
        )}
        {key && <kbd aria-hidden="true">{key}</kbd>}
      </button>
      {(remark || !tipOnly) && (
        <small id={remarkId} className={tipOnly ? 'unseen' : action.allowed ? 'note' : 'why'}>
          {remark && say(remark)}
        </small>
      )}
    </div>
  );
}
