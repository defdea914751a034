import type { LineView } from '../../server/http/views.ts';
import { createStore } from '../state/store.ts';
import type { Store } from '../state/store.ts';
import type { PhoneTrouble, Statistic } from './port.ts';
import { createSipPhone } from './sip.ts';

export interface LegState {
  line: 'off' | 'connecting' | 'up' | 'lost';
  trouble: PhoneTrouble | null;
  soundBlocked: boolean;
}

/** The one media leg that stays open for the whole shift; calls are put on it by the switch. */
export interface LastingLeg {
  state: Store<LegState>;
  /** Opens the leg and keeps it, without limit, until `close`. */
  open(line: LineView): void;
  close(): void;
  /** What the browser has counted on the leg; nothing while there is none. */
  statistics(): Promise<readonly Statistic[]>;
  /** Tries at once instead of waiting for the next turn. */
  retryNow(): void;
  allowSound(): void;
}

const PAUSES_MS = [300, 1000, 2000, 4000, 8000, 15000];
/** An answer that takes longer will not come. */
const ANSWER_MS = 10000;

export function createLastingLeg(audio: HTMLAudioElement): LastingLeg {
  const state = createStore<LegState>({ line: 'off', trouble: null, soundBlocked: false });
  let line: LineView | null = null;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const phone = createSipPhone(audio, {
    ringing: () => undefined,
    answered() {
      clearTimeout(timer);
      failures = 0;
      state.set({ line: 'up', trouble: null });
    },
    over: lost,
    soundBlocked: (soundBlocked) => state.set({ soundBlocked }),
  });

  function dial() {
    if (!line) return;
    clearTimeout(timer);
    state.set({ line: 'connecting' });
    timer = setTimeout(() => {
      phone.hangUp();
      lost({ kind: 'socket' });
    }, ANSWER_MS);
    phone.call({ ...line, from: line.user }, line.dial);
  }

  function lost(trouble: PhoneTrouble) {
    clearTimeout(timer);
    if (!line) return;
    state.set({ line: 'lost', trouble });
    if (phone.needsPerson(trouble)) return;
    const pause = PAUSES_MS[Math.min(failures++, PAUSES_MS.length - 1)]!;
    timer = setTimeout(dial, pause * (0.8 + Math.random() * 0.4));
  }

  function retryNow() {
    if (line && state.get().line === 'lost') dial();
  }

  addEventListener('online', retryNow);
  addEventListener('pagehide', () => phone.hangUp());
  navigator.mediaDevices?.addEventListener('devicechange', retryNow);
  navigator.permissions
    ?.query({ name: 'microphone' as PermissionName })
    .then((permission) => (permission.onchange = retryNow))
    .catch(() => undefined);

  return {
    state,
    open(given) {
      line = given;
      failures = 0;
      dial();
    },
    close() {
      line = null;
      clearTimeout(timer);
      phone.hangUp();
      state.set({ line: 'off', trouble: null, soundBlocked: false });
    },
    statistics: () => phone.statistics(),
    retryNow,
    allowSound: () => phone.allowSound(),
  };
}
