import type { Action, DeskView, Failure, LineView, Words } from '../../server/http/views.ts';
import { listenLive } from '../link/live.ts';
import type { Told } from '../link/live.ts';
import { Refusal, get, perform, post } from '../link/rest.ts';
import { serverNow } from '../link/server-clock.ts';
import type { LastingLeg } from '../phone/lasting-leg.ts';
import { createLineReports } from './line-reports.ts';
import { createOneTab } from './one-tab.ts';
import { createStore } from './store.ts';
import type { Store } from './store.ts';

export interface Message {
  at: number;
  kind: 'info' | 'problem';
  words: Words;
}

export interface DeskState {
  screen: 'loading' | 'log-in' | 'elsewhere' | 'desk';
  view: DeskView | null;
  told: readonly Told[];
  live: boolean;
  /** What this page itself must say, such as that a request was refused. */
  message: Message | null;
  /** The server's notice the operator has put away. */
  dismissedAt: number;
  /** Ids of actions that wait for their reply. */
  pending: ReadonlySet<string>;
  logInFailure: Failure | null;
}

/** The desk as the page sees it. It draws what the server says and decides nothing. */
export interface Desk {
  state: Store<DeskState>;
  leg: LastingLeg;
  start(): Promise<void>;
  logIn(seat: string, password: string): Promise<void>;
  logOut(): Promise<void>;
  takeOver(): Promise<void>;
  act(action: Action): Promise<void>;
  dismiss(): void;
}

const TOLD_KEPT = 100;
const LINE_RETRY_MS = 3000;
const SESSION_ENDED: Failure = {
  code: 'session-ended',
  words: { zh: '登录已失效，请重新签入', en: 'Your session has ended; sign in again' },
};

export function createDesk(leg: LastingLeg): Desk {
  const state = createStore<DeskState>({
    screen: 'loading',
    view: null,
    told: [],
    live: false,
    message: null,
    dismissedAt: 0,
    pending: new Set(),
    logInFailure: null,
  });
  const tab = createOneTab(() => {
    closeShift();
    state.set({ screen: 'elsewhere' });
  });
  const reports = createLineReports(leg, (sample) => post('/api/seat/line-quality', sample));
  let live: { close(): void } | undefined;
  let lineTimer: ReturnType<typeof setTimeout> | undefined;

  async function start() {
    try {
      const view = await get<DeskView>('/api/desk');
      state.set({ view, logInFailure: null });
      await takeTab(false);
    } catch (error) {
      const { status, failure } = refusalOf(error);
      state.set({ screen: 'log-in', view: null, logInFailure: status === 401 ? null : failure });
    }
  }

  async function logIn(seat: string, password: string) {
    state.set({ logInFailure: null });
    try {
      await post('/api/log-in', { seat, password });
      await start();
    } catch (error) {
      state.set({ logInFailure: refusalOf(error).failure });
    }
  }

  async function logOut() {
    try {
      await post('/api/log-out');
      leave(null);
    } catch (error) {
      tell('problem', refusalOf(error).failure.words);
    }
  }

  async function takeTab(steal: boolean) {
    if (!(await tab.take(steal))) return state.set({ screen: 'elsewhere' });
    state.set({ screen: 'desk' });
    openShift();
  }

  function openShift() {
    closeShift();
    live = listenLive({
      desk: (view) => state.set({ view, live: true }),
      told: (line) => state.set({ told: [...state.get().told, line].slice(-TOLD_KEPT) }),
      up: () => state.set({ live: true }),
      down(closed) {
        state.set({ live: false });
        if (closed) void checkSession();
      },
    });
    if (state.get().view?.seat.line === 'browser') void openLine();
  }

  async function openLine() {
    try {
      const line = await get<LineView>('/api/line');
      leg.open(line);
      reports.open(line.reportEverySeconds);
    } catch (error) {
      if (refusalOf(error).status === 401) return leave(SESSION_ENDED);
      tell('problem', refusalOf(error).failure.words);
      lineTimer = setTimeout(() => void openLine(), LINE_RETRY_MS);
    }
  }

  async function checkSession() {
    try {
      state.set({ view: await get<DeskView>('/api/desk') });
    } catch (error) {
      if (refusalOf(error).status === 401) leave(SESSION_ENDED);
    }
  }

  function closeShift() {
    clearTimeout(lineTimer);
    live?.close();
    live = undefined;
    reports.close();
    leg.close();
  }

  function leave(why: Failure | null) {
    closeShift();
    tab.release();
    state.set({
      screen: 'log-in',
      view: null,
      told: [],
      live: false,
      message: null,
      logInFailure: why,
    });
  }

  async function act(action: Action) {
    if (!action.allowed) return action.why ? tell('info', action.why) : undefined;
    if (state.get().pending.has(action.id)) return;
    state.set({ message: null, pending: new Set(state.get().pending).add(action.id) });
    try {
      await perform(action.request);
    } catch (error) {
      const { status, failure } = refusalOf(error);
      if (status === 401) leave(SESSION_ENDED);
      else tell('problem', failure.words);
    } finally {
      const pending = new Set(state.get().pending);
      pending.delete(action.id);
      state.set({ pending });
    }
  }

  function tell(kind: Message['kind'], words: Words) {
    state.set({ message: { at: serverNow(), kind, words } });
  }

  return {
    state,
    leg,
    start,
    logIn,
    logOut,
    takeOver: () => takeTab(true),
    act,
    dismiss: () => state.set({ message: null, dismissedAt: state.get().view?.notice?.at ?? 0 }),
  };
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}
