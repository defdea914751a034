import type { Failure, MeView } from '../../server/http/views.ts';
import { Refusal } from '../link/rest.ts';
import { logOut, whoAmI } from '../link/session.ts';
import { createFloor } from './floor.ts';
import type { Floor } from './floor.ts';
import { createStore } from './store.ts';
import type { Store } from './store.ts';

export interface StaffState {
  readonly screen: 'loading' | 'log-in' | 'page';
  readonly me: MeView | null;
  readonly failure: Failure | null;
}

/** A page for managers and emergency staff: who sits there, and the floor, live. */
export interface Staff {
  readonly page: MeView['pages'][number];
  readonly state: Store<StaffState>;
  readonly floor: Floor;
  start(): Promise<void>;
  /** Why not: he is in a call, or nobody answers; null: it is done. */
  logOut(): Promise<Failure | null>;
}

const SESSION_ENDED: Failure = {
  code: 'session-ended',
  words: { zh: '登录已失效，请重新登录', en: 'Your session has ended; log in again' },
};
const NOT_YOURS: Failure = {
  code: 'not-for-you',
  words: { zh: '当前账号不能打开此页面，请换账号登录', en: 'This page is not for your account' },
};
const RETRY_MS = 2000;

export function createStaff(page: Staff['page']): Staff {
  const state = createStore<StaffState>({ screen: 'loading', me: null, failure: null });
  const floor = createFloor();

  async function start(): Promise<void> {
    try {
      const me = await whoAmI();
      if (!me.pages.includes(page)) return leave(NOT_YOURS);
      state.set({ screen: 'page', me, failure: null });
      floor.open(() => void look());
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 401) return leave(null);
      // The server is not there yet: it will be.
      state.set({ failure: error.failure });
      setTimeout(() => void start(), RETRY_MS);
    }
  }

  async function look(): Promise<void> {
    try {
      await whoAmI();
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) leave(SESSION_ENDED);
    }
  }

  function leave(failure: Failure | null): void {
    floor.close();
    state.set({ screen: 'log-in', me: null, failure });
  }

  return {
    page,
    state,
    floor,
    start,
    async logOut() {
      try {
        await logOut();
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (error.status !== 401) return error.failure;
      }
      leave(null);
      return null;
    },
  };
}
