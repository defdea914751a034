import type { Action } from '../../../server/http/views.ts';
import type { Desk } from '../../state/desk.ts';
import { keyOf } from '../../state/keys.ts';
import { useWords } from '../../state/language.ts';
import { useStore } from '../../state/store.ts';
import { Shape } from '../Shape.tsx';

interface ActionButtonProps {
  desk: Desk;
  action: Action;
  keysOn: boolean;
  /** Says why and note in the tip alone, where they are shown elsewhere or room is short. */
  tipOnly?: boolean;
}

/** One action as the server gave it. What is not allowed stays reachable and says why. */
export function ActionButton({ desk, action, keysOn, tipOnly }: ActionButtonProps) {
  const { say } = useWords();
  const { pending } = useStore(desk.state);
  const key = keysOn ? keyOf(action) : null;
  const remark = action.allowed ? action.note : action.why;
  const remarkId = `remark-${action.id}`;
  return (
    <div className={`action is-${action.name} in-${action.group}`}>
      <button
        type="button"
        data-testid={`action-${action.id}`}
        data-name={action.name}
        aria-disabled={!action.allowed}
        aria-busy={pending.has(action.id)}
        aria-keyshortcuts={key?.replace('Ctrl', 'Control')}
        aria-describedby={remark ? remarkId : undefined}
        title={remark ? say(remark) : undefined}
        onClick={() => void desk.act(action)}
      >
        <span className="label">
          {action.name === 'mark' && <Shape name="alert" />}
          {say(action.label)}
        </span>
        {key && <kbd aria-hidden="true">{key}</kbd>}
      </button>
      <small id={remarkId} className={tipOnly ? 'unseen' : action.allowed ? 'note' : 'why'}>
        {remark && say(remark)}
      </small>
    </div>
  );
}
