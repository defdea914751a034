import type { Failure, MeView } from '../../../server/http/views.ts';
import { Refusal } from '../../link/rest.ts';
import { logOut, whoAmI } from '../../link/session.ts';
import { createStore, type Store } from '../store.ts';

/** Who reads tickets, and which one is open: it stands in the address, so that it can be sent to somebody. */
export interface Reader {
  readonly state: Store<{
    readonly screen: 'loading' | 'log-in' | 'page';
    readonly me: MeView | null;
    readonly failure: Failure | null;
    /** The number of the ticket that is open. */
    readonly open: string | null;
  }>;
  start(): Promise<void>;
  open(key: string | null): void;
  logOut(): Promise<void>;
}

const NOT_YOURS: Failure = {
  code: 'not-for-you',
  words: {
    zh: '当前账号不能查看工单，或本系统未启用工单',
    en: 'Tickets are not for your account, or there are none here',
  },
};
const RETRY_MS = 2000;

export function createReader(): Reader {
  const state: Reader['state'] = createStore({
    screen: 'loading' as 'loading' | 'log-in' | 'page',
    me: null as MeView | null,
    failure: null as Failure | null,
    open: keyInAddress(),
  });
  addEventListener('popstate', () => state.set({ open: keyInAddress() }));

  async function start(): Promise<void> {
    try {
      const me = await whoAmI();
      if (!me.pages.includes('/tickets')) {
        return state.set({ screen: 'log-in', me: null, failure: NOT_YOURS });
      }
      state.set({ screen: 'page', me, failure: null });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 401) return state.set({ screen: 'log-in', me: null, failure: null });
      // The server is not there yet: it will be.
      state.set({ failure: error.failure });
      setTimeout(() => void start(), RETRY_MS);
    }
  }

  return {
    state,
    start,
    open(key) {
      const path = key === null ? '/tickets' : `/tickets/${encodeURIComponent(key)}`;
      if (path !== location.pathname) history.pushState(null, '', path);
      state.set({ open: key });
    },
    async logOut() {
      try {
        await logOut();
        state.set({ screen: 'log-in', me: null });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        state.set({ failure: error.failure });
      }
    },
  };
}

function keyInAddress(): string | null {
  const [, key] = /^\/tickets\/(.+)$/.exec(location.pathname) ?? [];
  return key === undefined ? null : decodeURIComponent(key);
}
