import { useEffect, useState } from 'react';
import type { PeerView } from '../../../server/http/exchange-views.ts';
import { get } from '../../link/rest.ts';

const AGAIN_MS = 10_000;
const WATCHED_MS = 2_000;
const none: readonly PeerView[] = [];

/**
 * The other deployments as managers see them; nobody else has any. @param watched they are looked at now @param when
 * asked for at once when this is another
 */
export function usePeers(manager: boolean, watched: boolean, when: unknown): readonly PeerView[] {
  const [peers, setPeers] = useState(none);
  useEffect(() => {
    if (!manager) return setPeers(none);
    let over = false;
    const look = () => {
      if (document.hidden) return;
      get<PeerView[]>('/api/exchange').then(
        (got) => !over && setPeers(got),
        // What could not be had now is had the next time.
        () => undefined,
      );
    };
    look();
    const timer = setInterval(look, watched ? WATCHED_MS : AGAIN_MS);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [manager, watched, when]);
  return peers;
}
