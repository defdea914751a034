import { createStore } from '../state/store.ts';

/** Whether the server serves newer pages than this one, which should be loaded again when nobody is in a call. */
export const pages = createStore({ stale: false });

let own: string | undefined;

/** The server has told which build it serves; at first it is the one that this page is of. */
export function servesBuild(build: string): void {
  own ??= build;
  if (build !== own) pages.set({ stale: true });
}
