import { useCallback, useSyncExternalStore } from 'react';

/** Many things by id, each watched by itself: five hundred rows do not look when one of them changes. */
export interface Keyed<T extends { readonly id: string }> {
  get(id: string): T | undefined;
  /** In their order; the same array as long as nothing has changed. */
  all(): readonly T[];
  /** The same array as long as none has come or gone. */
  ids(): readonly string[];
  /** These and no others. What is as it was is not told. */
  replace(all: readonly T[]): void;
  /** Some are others now, or have come; some have gone. */
  change(some: readonly T[], gone: readonly string[]): void;
  watch(id: string, listener: () => void): () => void;
  watchAll(listener: () => void): () => void;
}

export function createKeyed<T extends { readonly id: string }>(): Keyed<T> {
  const things = new Map<string, T>();
  const watched = new Map<string, Set<() => void>>();
  const watchers = new Set<() => void>();
  let all: readonly T[] = [];
  let ids: readonly string[] = [];

  function told(changed: readonly string[], membership: boolean) {
    if (changed.length === 0 && !membership) return;
    all = [...things.values()];
    if (membership) ids = [...things.keys()];
    for (const id of changed) watched.get(id)?.forEach((listener) => listener());
    watchers.forEach((listener) => listener());
  }

  const put = (one: T): boolean => {
    const was = things.get(one.id);
    if (was && JSON.stringify(was) === JSON.stringify(one)) return false;
    things.set(one.id, one);
    return true;
  };

  return {
    get: (id) => things.get(id),
    all: () => all,
    ids: () => ids,
    replace(whole) {
      const stay = new Set(whole.map(({ id }) => id));
      this.change(
        whole,
        ids.filter((id) => !stay.has(id)),
      );
    },
    change(some, gone) {
      const before = things.size;
      const left = gone.filter((id) => things.delete(id));
      const rest = things.size;
      const changed = some.filter(put).map(({ id }) => id);
      told([...left, ...changed], rest !== before || things.size !== rest);
    },
    watch(id, listener) {
      const listeners = watched.get(id) ?? new Set();
      watched.set(id, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && watched.get(id) === listeners) watched.delete(id);
      };
    },
    watchAll(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
  };
}

/** One of them; drawn again when it changes, and not for others. */
export function useOne<T extends { readonly id: string }>(
  keyed: Keyed<T>,
  id: string,
): T | undefined {
  const watch = useCallback((listener: () => void) => keyed.watch(id, listener), [keyed, id]);
  return useSyncExternalStore(watch, () => keyed.get(id));
}

/** All of them; drawn again whenever one changes. */
export const useAll = <T extends { readonly id: string }>(keyed: Keyed<T>): readonly T[] =>
  useSyncExternalStore(keyed.watchAll, keyed.all);

/** Something worked out of all of them; drawn again only when that is another, compared by `===`. */
export const useOfAll = <T extends { readonly id: string }, R>(
  keyed: Keyed<T>,
  of: (all: readonly T[]) => R,
): R => useSyncExternalStore(keyed.watchAll, () => of(keyed.all()));
