import type { BeatView } from '../../server/http/views.ts';
import { servesBuild } from './build.ts';
import { areSeveral, base, goOn, learnControllers } from './controllers.ts';
import { hearServerTime } from './server-clock.ts';

export interface EventsListener {
  /** What to do with each kind of event, given what it carries. */
  readonly on: Readonly<Record<string, (data: never) => void>>;
  up(): void;
  /** `closed`: the browser gave up by itself, so the session may have ended. */
  down(closed: boolean): void;
}

const REOPEN_MS = [100, 250, 500, 500, 1000, 2000, 4000, 8000];
/** The server says every two seconds that it lives; a line that swallows everything tells nobody. */
const SILENT_MS = 6_000;
/** Another controller may come at any time. */
const LEARN_MS = 10_000;

/**
 * Live events of whoever is logged in, at whichever controller is in control; what was missed in between is told first.
 */
export function openEvents(listener: EventsListener): { close(): void } {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let watch: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let lastId = '';

  const open = () => {
    timer = undefined;
    const after = lastId === '' ? '' : `?after=${encodeURIComponent(lastId)}`;
    source = new EventSource(`${base()}/api/events${after}`, { withCredentials: true });
    heard();
    source.onopen = () => {
      failures = 0;
      listener.up();
      void learnControllers();
    };
    source.onerror = fails;
    for (const [kind, take] of Object.entries(listener.on)) {
      on(kind, (data) => take(data as never));
    }
    on('beat', ({ build, at }: BeatView) => {
      hearServerTime(at);
      servesBuild(build);
    });
  };
  const on = <T>(kind: string, take: (data: T) => void) =>
    source.addEventListener(kind, (event) => {
      heard();
      lastId = event.lastEventId || lastId;
      take(JSON.parse(event.data) as T);
    });
  const heard = () => {
    clearTimeout(watch);
    watch = setTimeout(fails, SILENT_MS);
  };
  const fails = () => {
    if (timer !== undefined) return;
    clearTimeout(watch);
    // What it gave up by itself may be the session's end; where there is another controller, it is asked first.
    const closed = source.readyState === EventSource.CLOSED;
    listener.down(closed && (!areSeveral() || failures > 1));
    source.close();
    goOn(new URL(source.url).origin);
    timer = setTimeout(open, REOPEN_MS[Math.min(failures++, REOPEN_MS.length - 1)]);
  };
  const tryNow = () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    failures = 0;
    open();
  };
  addEventListener('offline', fails);
  addEventListener('online', tryNow);
  open();
  const learning = setInterval(() => void learnControllers(), LEARN_MS);

  return {
    close() {
      removeEventListener('offline', fails);
      removeEventListener('online', tryNow);
      clearInterval(learning);
      clearTimeout(timer);
      clearTimeout(watch);
      source.close();
    },
  };
}
