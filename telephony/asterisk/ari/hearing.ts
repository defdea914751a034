import type { AriEvent, AriSession } from './session.ts';

const EVERY_MS = 1_000;
/** A busy Asterisk tells late. */
const DEAF_MS = 3_000;

/** What Asterisk is asked to tell; an `events` filter has to let it through. */
export const heardBack: AriEvent['type'] = 'ChannelUserevent';

/**
 * Notices that Asterisk carries out requests and tells nothing. Where a new connection comes while an old one of ours is
 * being cleared away, Asterisk 22.10 may end the application with the old one (`app_update`, `session_unregister_apps`):
 * seen after it had been stopped for a while. So it is asked each second to tell us something, and when nothing at all
 * is heard for three, or it does not know the application, the connection is made anew.
 */
export function staysHeard(session: AriSession, app: string): AriSession {
  let up = true;
  /** Since when nothing has been heard of what was asked for; by `performance.now()`. */
  let since: number | null = null;
  let looked = performance.now();

  const asks = async () => {
    const now = performance.now();
    // This process itself stood still: what came meanwhile is not read yet.
    if (now - looked > 2 * EVERY_MS) since = null;
    looked = now;
    if (!up) return;
    if (since !== null && now - since >= DEAF_MS) return session.renew('it tells nothing any more');
    since ??= now;
    const reply = await session
      .request({ method: 'POST', uri: 'events/user/beat', query: { application: app } })
      .catch(() => null);
    if (reply?.status === 404) session.renew('it does not know our application any more');
  };

  session.onState((state) => {
    up = state === 'up';
    since = null;
    if (up) void asks();
  });
  const timer = setInterval(() => void asks(), EVERY_MS);
  return {
    ...session,
    onEvent: (listener) =>
      session.onEvent((event) => {
        since = null;
        listener(event);
      }),
    close() {
      clearInterval(timer);
      return session.close();
    },
  };
}
