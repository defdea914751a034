import { useEffect, useRef, useState } from 'react';
import type { StoryView } from '../../../server/http/ticket-views.ts';
import type { Failure } from '../../../server/http/views.ts';
import { get, Refusal } from '../../link/rest.ts';

const AGAIN_MS = 5_000;

/**
 * The whole story of a ticket, asked for again from time to time as long as it is looked at. @param hotline for which one
 * acts where it has to do with the ticket; else it is for whichever of one's own the ticket concerns most
 */
export function useStory(key: string, hotline: string | null) {
  const [story, setStory] = useState<StoryView | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const over = useRef(false);

  async function look() {
    if (document.hidden) return;
    try {
      const path = `/api/tickets/${encodeURIComponent(key)}`;
      const usual = await get<StoryView>(path);
      const found =
        hotline !== null && hotline !== usual.hotline && isParty(usual, hotline)
          ? await get<StoryView>(`${path}?hotline=${encodeURIComponent(hotline)}`)
          : usual;
      if (over.current) return;
      setStory(found);
      setFailure(null);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (!over.current) setFailure(error.failure);
    }
  }

  useEffect(() => {
    over.current = false;
    void look();
    const timer = setInterval(() => void look(), AGAIN_MS);
    return () => {
      over.current = true;
      clearInterval(timer);
    };
  }, [key, hotline]);

  return { story, failure, look };
}

/** A hotline's id is at one place only. */
const isParty = ({ ticket: { owner, handOvers, notices } }: StoryView, hotline: string): boolean =>
  [owner, ...[...handOvers, ...notices].map(({ to }) => to)].some((one) => one.hotline === hotline);
