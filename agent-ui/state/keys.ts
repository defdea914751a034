import type { Action } from '../../server/http/views.ts';

/** The key of an action as it is shown and pressed. Hanging up is never one bare key away. */
export function keyOf(action: Action): string | null {
  if (!action.key) return null;
  const bare = !action.key.includes('+');
  return action.name === 'hang-up' && bare ? `Ctrl+${action.key}` : action.key;
}

/** The action meant by a key press: an allowed one before one that is not. */
export function actionOfKey(actions: readonly Action[], event: KeyboardEvent): Action | undefined {
  if (event.isComposing || event.keyCode === 229 || event.repeat) return undefined;
  const meant = actions.filter((action) => {
    const key = keyOf(action);
    return key !== null && isPressed(key, event);
  });
  return meant.find((action) => action.allowed) ?? meant[0];
}

function isPressed(combination: string, event: KeyboardEvent): boolean {
  const parts = combination.toLowerCase().split('+');
  const key = parts.pop();
  return (
    event.key.toLowerCase() === key &&
    event.ctrlKey === parts.includes('ctrl') &&
    event.altKey === parts.includes('alt') &&
    event.shiftKey === parts.includes('shift') &&
    !event.metaKey
  );
}
