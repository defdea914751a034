import type { LineView } from '../../server/http/views.ts';
import { createStore } from '../state/store.ts';
import type { Store } from '../state/store.ts';
import type { PhoneTrouble, Statistic } from './port.ts';
import { createSipPhone } from './sip.ts';

export interface LegState {
  line: 'off' | 'connecting' | 'up' | 'lost';
  trouble: PhoneTrouble | null;
  /** The leg is up, and nobody hears the operator. */
  microphone: PhoneTrouble | null;
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

/** The first try is made at once: most often only the socket has broken. */
const PAUSES_MS = [0, 300, 1000, 2000, 4000];
/** An answer that takes longer will not come. */
const ANSWER_MS = 5000;
/** A computer that has slept so long has lost its leg, whatever the browser still believes. */
const TICK_MS = 1000;
const SLEPT_MS = 5000;

export function createLastingLeg(audio: HTMLAudioElement): LastingLeg {
  const state = createStore<LegState>({
    line: 'off',
    trouble: null,
    microphone: null,
    soundBlocked: false,
  });
  let line: LineView | null = null;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let awake = Date.now();

  const phone = createSipPhone(audio, {
    ringing: () => undefined,
    answered() {
      clearTimeout(timer);
      failures = 0;
      state.set({ line: 'up', trouble: null, microphone: null });
    },
    over: lost,
    microphone: (microphone) => state.set({ microphone }),
    soundBlocked: (soundBlocked) => state.set({ soundBlocked }),
  });

  function dial() {
    if (!line) return;
    clearTimeout(timer);
    state.set({ line: 'connecting' });
    timer = setTimeout(() => lost({ kind: 'socket' }), ANSWER_MS);
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

  /** The way to the switch is another now. The leg that is there is heard until the new one is. */
  function anew() {
    failures = 0;
    dial();
  }

  function look() {
    const slept = Date.now() - awake > SLEPT_MS;
    awake = Date.now();
    if (slept) anew();
  }

  addEventListener('online', anew);
  // What is there may be heard yet; the operator knows at once that it will not be for long.
  addEventListener('offline', () => lost({ kind: 'socket' }));
  addEventListener('pagehide', () => phone.hangUp());
  addEventListener('pageshow', (event) => event.persisted && anew());
  document.addEventListener('visibilitychange', look);
  setInterval(look, TICK_MS);
  navigator.mediaDevices?.addEventListener('devicechange', () => {
    phone.lookForMicrophone();
    retryNow();
  });
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
      state.set({ line: 'off', trouble: null, microphone: null, soundBlocked: false });
    },
    statistics: () => phone.statistics(),
    retryNow,
    allowSound: () => phone.allowSound(),
  };
}
