import type { AriSession } from './session.ts';

/** Told of every request that has been answered or has failed: how long that took. */
export type OnRequest = (ms: number, outcome: 'answered' | 'failed') => void;

export interface MeteredSession extends AriSession {
  /** Requests that have not been answered yet. */
  readonly inFlight: number;
}

/** The same session, its requests counted and timed. */
export function metered(session: AriSession, onRequest: OnRequest): MeteredSession {
  let inFlight = 0;
  return {
    inOrder: session.inOrder,
    get inFlight() {
      return inFlight;
    },
    async request(request) {
      const began = performance.now();
      let outcome: 'answered' | 'failed' = 'failed';
      inFlight += 1;
      try {
        const reply = await session.request(request);
        outcome = 'answered';
        return reply;
      } finally {
        inFlight -= 1;
        onRequest(performance.now() - began, outcome);
      }
    },
    onEvent: (listener) => session.onEvent(listener),
    onState: (listener) => session.onState(listener),
    onLost: (listener) => session.onLost(listener),
    renew: (reason) => session.renew(reason),
    close: () => session.close(),
  };
}
