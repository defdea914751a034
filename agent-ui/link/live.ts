import type { DeskView, Words } from '../../server/http/views.ts';

export interface Told {
  at: number;
  words: Words;
}

export interface LiveListener {
  /** The newest whole state. */
  desk(view: DeskView): void;
  told(line: Told): void;
  up(): void;
  /** `closed`: the browser gave up by itself, so the session may have ended. */
  down(closed: boolean): void;
}

const REOPEN_MS = [500, 1000, 2000, 4000, 8000];

/** Live events for the shift. EventSource reconnects by itself; what it gives up is opened again. */
export function listenLive(listener: LiveListener): { close(): void } {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let over = false;

  const open = () => {
    source = new EventSource('/api/events');
    source.onopen = () => {
      failures = 0;
      listener.up();
    };
    source.onerror = () => {
      const closed = source.readyState === EventSource.CLOSED;
      listener.down(closed);
      if (closed && !over) {
        timer = setTimeout(open, REOPEN_MS[Math.min(failures++, REOPEN_MS.length - 1)]);
      }
    };
    source.addEventListener('desk', (event) => listener.desk(JSON.parse(event.data)));
    source.addEventListener('told', (event) => listener.told(JSON.parse(event.data)));
  };
  open();

  return {
    close() {
      over = true;
      clearTimeout(timer);
      source.close();
    },
  };
}
