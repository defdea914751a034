import type { CitizenLineView, Failure } from '../../server/http/views.ts';
import { Refusal, get } from '../link/rest.ts';
import { serverNow } from '../link/server-clock.ts';
import type { PhoneTrouble } from '../phone/port.ts';
import { createSipPhone } from '../phone/sip.ts';
import { createStore } from './store.ts';
import type { Store } from './store.ts';

export interface CitizenState {
  line: CitizenLineView | null;
  /** Why there is no practice phone. */
  failure: Failure | null;
  call: 'idle' | 'dialling' | 'ringing' | 'talking' | 'over' | 'failed';
  since: number;
  /** How long the last call was talked, once it is over. */
  lastedMs: number;
  trouble: PhoneTrouble | null;
  soundBlocked: boolean;
}

export interface Citizen {
  state: Store<CitizenState>;
  start(): Promise<void>;
  ring(call: { number: string; hotline: string; withhold: boolean }): void;
  hangUp(): void;
  allowSound(): void;
}

/** A citizen's telephone for practice: one call at a time, as whom one likes. */
export function createCitizen(audio: HTMLAudioElement): Citizen {
  const state = createStore<CitizenState>({
    line: null,
    failure: null,
    call: 'idle',
    since: 0,
    lastedMs: 0,
    trouble: null,
    soundBlocked: false,
  });
  const phone = createSipPhone(audio, {
    ringing: () => state.get().call === 'dialling' && state.set({ call: 'ringing' }),
    answered: () => state.set({ call: 'talking', since: serverNow() }),
    over(trouble) {
      phone.hangUp();
      ended(trouble);
    },
    microphone: () => undefined,
    soundBlocked: (soundBlocked) => state.set({ soundBlocked }),
  });

  function ended(trouble: PhoneTrouble | null) {
    const talked = state.get().call === 'talking';
    const plain = trouble === null || trouble.kind === 'ended';
    state.set({
      call: talked || plain ? 'over' : 'failed',
      trouble: plain ? null : trouble,
      lastedMs: talked ? serverNow() - state.get().since : 0,
    });
  }

  addEventListener('pagehide', () => phone.hangUp());

  return {
    state,
    async start() {
      try {
        state.set({ line: await get<CitizenLineView>('/api/practice/citizen'), failure: null });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        state.set({ failure: error.failure });
      }
    },
    ring({ number, hotline, withhold }) {
      const { line } = state.get();
      if (!line) return;
      state.set({ call: 'dialling', since: serverNow(), lastedMs: 0, trouble: null });
      phone.call(
        { ...line, from: number },
        `sip:${hotline}@${line.domain}`,
        withhold ? ['X-Withhold: 1'] : [],
      );
    },
    hangUp() {
      phone.hangUp();
      ended(null);
    },
    allowSound: () => phone.allowSound(),
  };
}
