import type { Action, DeskView, Failure, TargetView, Words } from '../../server/http/views.ts';
import { openEvents } from '../link/live.ts';
import { Refusal, get, perform, post } from '../link/rest.ts';
import { logOut as endSession } from '../link/session.ts';
import { serverNow } from '../link/server-clock.ts';
import type { LastingLeg } from '../phone/lasting-leg.ts';
import { createKeyboard, type Keyboard } from './keyboard.ts';
import { createOneTab } from './one-tab.ts';
import { createOwnLine } from './own-line.ts';
import { createStore } from './store.ts';
import type { Store } from './store.ts';

/** A line of what happened. */
export interface Told {
  at: number;
  words: Words;
}

/** That tickets are others than they were shown. */
export interface TicketNews {
  /** Rises with each. */
  n: number;
  ids: readonly string[];
}

export interface Message {
  at: number;
  kind: 'info' | 'problem';
  words: Words;
}

export interface DeskState {
  screen: 'loading' | 'log-in' | 'elsewhere' | 'desk';
  view: DeskView | null;
  told: readonly Told[];
  /** To whom calls can be handed, and how each is now. */
  targets: readonly TargetView[];
  tickets: TicketNews;
  live: boolean;
  /** What this page itself must say, such as that a request was refused. */
  message: Message | null;
  /** The server's notice the operator has put away. */
  dismissedAt: number;
  /** Ids of actions that wait for their reply. */
  pending: ReadonlySet<string>;
  /** Why there is no desk: the session is over, the server cannot be reached. */
  logInFailure: Failure | null;
}

/** The desk as the page sees it. It draws what the server says and decides nothing. */
export interface Desk {
  state: Store<DeskState>;
  leg: LastingLeg;
  keyboard: Keyboard;
  start(): Promise<void>;
  logOut(): Promise<void>;
  takeOver(): Promise<void>;
  act(action: Action): Promise<void>;
  /** What the readiness check finds missing. */
  tellChecks(missing: readonly string[]): Promise<void>;
  dismiss(): void;
}

const TOLD_KEPT = 100;
/** So long the operator may look for another headset before he is offered no more calls. */
const NO_MICROPHONE_MS = 5000;
const SESSION_ENDED: Failure = {
  code: 'session-ended',
  words: { zh: '登录已失效，请重新签入', en: 'Your session has ended; sign in again' },
};

export function createDesk(leg: LastingLeg): Desk {
  const state = createStore<DeskState>({
    screen: 'loading',
    view: null,
    told: [],
    targets: [],
    tickets: { n: 0, ids: [] },
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
  const keyboard = createKeyboard();
  const line = createOwnLine(leg, ({ status, failure }) => {
    if (status === 401) leave(SESSION_ENDED);
    else tell('problem', failure.words);
  });
  let live: { close(): void } | undefined;
  let microphoneTimer: ReturnType<typeof setTimeout> | undefined;
  leg.state.watch(() => {
    const gone = leg.state.get().line === 'up' && leg.state.get().microphone !== null;
    if (!gone) {
      clearTimeout(microphoneTimer);
      microphoneTimer = undefined;
    } else microphoneTimer ??= setTimeout(takeNoMore, NO_MICROPHONE_MS);
  });

  /** While talking it takes effect after the call; an offer may be answered by whoever can listen. */
  function takeNoMore() {
    const again = () => (microphoneTimer = setTimeout(takeNoMore, NO_MICROPHONE_MS));
    post('/api/seat/not-ready', { reason: 'no-microphone' }).catch(again);
  }

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

  async function logOut() {
    try {
      await endSession();
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
    live = openEvents({
      on: {
        desk: (view: DeskView) => state.set({ view, live: true }),
        targets: (targets: readonly TargetView[]) => state.set({ targets }),
        tickets: (told: { tickets: readonly string[] }) =>
          state.set({ tickets: { n: state.get().tickets.n + 1, ids: told.tickets } }),
        told: (line: Told) => state.set({ told: [...state.get().told, line].slice(-TOLD_KEPT) }),
      },
      // What was told meanwhile about tickets is not told again: all may be others.
      up: () => state.set({ live: true, tickets: { n: state.get().tickets.n + 1, ids: [] } }),
      down(closed) {
        state.set({ live: false });
        if (closed) void checkSession();
      },
    });
    // Until it is known keys are as the actions suggest.
    keyboard.learn().catch(() => undefined);
    if (state.get().view?.seat.line === 'browser') line.open();
  }

  async function checkSession() {
    try {
      state.set({ view: await get<DeskView>('/api/desk') });
    } catch (error) {
      if (refusalOf(error).status === 401) leave(SESSION_ENDED);
    }
  }

  function closeShift() {
    live?.close();
    live = undefined;
    line.close();
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
    keyboard,
    start,
    logOut,
    takeOver: () => takeTab(true),
    act,
    tellChecks: (missing) => post('/api/seat/checks', { missing }).catch(() => undefined),
    dismiss: () => state.set({ message: null, dismissedAt: state.get().view?.notice?.at ?? 0 }),
  };
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}
