import type { CommandView } from '../../server/http/views.ts';
import { get } from '../link/rest.ts';
import { keysFrom, type Keys } from './keys.ts';
import { recall, remember } from './memory.ts';
import { createStore, type Store } from './store.ts';

/** The operator's keys, as this browser remembers them. */
export interface Keyboard {
  state: Store<Keys & { readonly commands: readonly CommandView[] }>;
  /** Asks the server what keys can be put on. */
  learn(): Promise<void>;
  switch(): void;
  /** Undefined: as suggested. */
  put(command: string, key: string | null | undefined): void;
  /** All as suggested. */
  reset(): void;
}

export function createKeyboard(): Keyboard {
  const state = createStore<Keys & { readonly commands: readonly CommandView[] }>({
    ...keysFrom(recall('keys')),
    commands: [],
  });
  function change(keys: Partial<Keys>) {
    state.set(keys);
    const { on, own } = state.get();
    remember('keys', JSON.stringify({ on, own }));
  }
  return {
    state,
    async learn() {
      state.set({ commands: await get<readonly CommandView[]>('/api/commands') });
    },
    switch: () => change({ on: !state.get().on }),
    put(command, key) {
      const { [command]: _was, ...own } = state.get().own;
      change({ own: key === undefined ? own : { ...own, [command]: key } });
    },
    reset: () => change({ own: {} }),
  };
}
