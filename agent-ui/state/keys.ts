import type { Action, CommandView } from '../../server/http/views.ts';

/** Which key does what. Suggested by the server and by the page, changed by the operator, or off altogether. */
export interface Keys {
  readonly on: boolean;
  /** What the operator has put on a command; null: no key. */
  readonly own: Readonly<Record<string, string | null>>;
}

type Pressed = Pick<
  KeyboardEvent,
  'key' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey' | 'isComposing' | 'keyCode' | 'repeat'
>;

/** The key of a command as it is shown and pressed. */
export function keyOfCommand(command: CommandView, { own }: Keys): string | null {
  const chosen = own[command.id];
  if (chosen === undefined || (chosen !== null && command.needsModifier && isBare(chosen))) {
    return command.key;
  }
  return chosen;
}

/** The key of an action; hanging up is never one bare key away. */
export function keyOf(action: Action, keys: Keys): string | null {
  const { command, key, name } = action;
  if (command === undefined) return key;
  return keyOfCommand(
    { id: command, label: action.label, key, needsModifier: name === 'hang-up' },
    keys,
  );
}

/** The action meant by a key press: an allowed one before one that is not. */
export function actionOfKey(
  actions: readonly Action[],
  keys: Keys,
  pressed: Pressed,
): Action | undefined {
  const combination = keys.on ? combinationOf(pressed) : null;
  if (combination === null) return undefined;
  const meant = actions.filter((action) => keyOf(action, keys) === combination);
  return meant.find((action) => action.allowed) ?? meant[0];
}

/** The command of these that is meant by a key press. */
export function commandOfKey(
  commands: readonly CommandView[],
  keys: Keys,
  pressed: Pressed,
): CommandView | undefined {
  const combination = keys.on ? combinationOf(pressed) : null;
  return combination === null
    ? undefined
    : commands.find((command) => keyOfCommand(command, keys) === combination);
}

/** Such as Ctrl+F12; null while an input method composes, for a key that is kept down, and for a modifier by itself. */
export function combinationOf(pressed: Pressed): string | null {
  const { key, isComposing, keyCode, repeat, ctrlKey, altKey, shiftKey, metaKey } = pressed;
  if (isComposing || keyCode === 229 || repeat || metaKey) return null;
  if (['Control', 'Alt', 'Shift', 'Meta', 'Process', 'Dead', 'Unidentified'].includes(key)) {
    return null;
  }
  const name = key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key;
  const parts = [ctrlKey && 'Ctrl', altKey && 'Alt', shiftKey && 'Shift', name];
  return parts.filter((part) => part !== false).join('+');
}

/** Why a key cannot be put on a command. */
export type KeyRefusal =
  | { readonly why: 'taken'; readonly by: CommandView }
  | { readonly why: 'plain' | 'needs-modifier' | 'reserved' };

/** The browser, the page or the computer needs these. */
const RESERVED =
  /^(F1|F5|F12|Tab|Enter|Escape|Space|Backspace|Delete|.*(Tab|Enter|Escape)|Ctrl\+(Shift\+)?[A-Z0-9]|Alt\+F4|Ctrl\+F[45])$/;

/** Null: it can be. */
export function keyRefused(
  combination: string,
  command: CommandView,
  all: readonly CommandView[],
  keys: Keys,
): KeyRefusal | null {
  const name = combination.split('+').pop() ?? '';
  if (RESERVED.test(combination)) return { why: 'reserved' };
  if (!/^F\d+$/.test(name) && !/(Ctrl|Alt)\+/.test(combination)) return { why: 'plain' };
  if (command.needsModifier && isBare(combination)) return { why: 'needs-modifier' };
  const by = all.find((one) => one.id !== command.id && keyOfCommand(one, keys) === combination);
  return by ? { why: 'taken', by } : null;
}

const isBare = (combination: string): boolean => !/^(Ctrl|Alt)\+/.test(combination);

/** As `aria-keyshortcuts` wants it. */
export const ariaKey = (key: string | null): string | undefined => key?.replace('Ctrl', 'Control');

/** As it was written down; what cannot be read is forgotten. */
export function keysFrom(text: string | null): Keys {
  const none: Keys = { on: text !== 'off', own: {} };
  if (!text?.startsWith('{')) return none;
  try {
    const { on, own } = JSON.parse(text) as Partial<Keys>;
    const known = Object.entries(own ?? {}).filter(
      ([, key]) => key === null || typeof key === 'string',
    );
    return { on: on !== false, own: Object.fromEntries(known) };
  } catch {
    return none;
  }
}
