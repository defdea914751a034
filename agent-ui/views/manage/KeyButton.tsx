import type { Action } from '../../../server/http/views.ts';
import { useWords } from '../../state/language.ts';
import type { KeyWish } from './wishes.ts';

interface KeyButtonProps {
  action: Action;
  about: string;
  want(wish: KeyWish): void;
}

/** One key as the server gave it. What is not allowed can be reached all the same, and says why. */
export function KeyButton({ action, about, want }: KeyButtonProps) {
  const { say } = useWords();
  const why = action.why && say(action.why);
  return (
    <button
      type="button"
      className={`quiet key is-${action.name}`}
      data-testid={`key-${action.id}`}
      aria-disabled={!action.allowed}
      aria-description={why ?? undefined}
      title={why ?? undefined}
      onClick={() => want({ kind: 'key', action, about })}
    >
      {say(action.label)}
    </button>
  );
}
