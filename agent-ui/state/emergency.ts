import { useEffect, useState, useSyncExternalStore } from 'react';
import type { HeardView, OpeningRecord, PlanPreview } from '../../server/http/emergency-views.ts';
import type { Failure } from '../../server/http/views.ts';
import { get } from '../link/rest.ts';
import type { Floor } from './floor.ts';
import { ask } from './hand.ts';
import { useOfAll } from './keyed.ts';
import { createStore, useStore } from './store.ts';

/** What the emergency desk asks for beside the floor. */

const SOON_MS = 250;

export interface Previewed {
  /** Null: not there yet, or refused. */
  readonly view: PlanPreview | null;
  readonly failure: Failure | null;
}

/**
 * What would come of opening a plan; asked again whenever `as` is another.
 * @param hours null: as long as the plan says
 */
export function usePreview(
  plan: string,
  { drill, hours, as }: { drill: boolean; hours: number | null; as: string },
): Previewed {
  const [found, setFound] = useState<Previewed>({ view: null, failure: null });
  useEffect(() => {
    let over = false;
    // Who is still typing is not asked about every step of it.
    const timer = setTimeout(() => {
      const body = { drill, ...(hours === null ? {} : { hours }) };
      void ask<PlanPreview>(`/api/plans/${plan}/preview`, body).then((answer) => {
        if (over) return;
        setFound(
          'done' in answer
            ? { view: answer.done, failure: null }
            : { view: null, failure: answer.refused },
        );
      });
    }, SOON_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [plan, drill, hours, as]);
  return found;
}

/** The lives of plans with their timelines, the newest first; asked anew whenever one of them has changed. */
export function useOpenings(floor: Floor): readonly OpeningRecord[] {
  const now = useOfAll(floor.plans, (plans) =>
    plans
      .map(({ id, opening }) => {
        const last = opening?.timeline.at(-1);
        return opening ? `${id} ${opening.id} ${last?.at} ${last?.what} ${last?.words.en}` : id;
      })
      .join('\n'),
  );
  return useFetched<readonly OpeningRecord[]>('/api/openings', now) ?? [];
}

/** What callers hear; asked anew whenever a plan is opened or closed. Null: not there yet. */
export function useHeard(floor: Floor): HeardView | null {
  const now = useOfAll(floor.plans, (plans) =>
    plans.map(({ id, opening }) => `${id} ${opening?.stage} ${opening?.drill}`).join('\n'),
  );
  return useFetched<HeardView>('/api/heard', now);
}

/** What could not be had now is had when `as` changes; that the link is down stands at the top. */
function useFetched<T>(path: string, as: string): T | null {
  const [found, setFound] = useState<T | null>(null);
  useEffect(() => {
    let over = false;
    get<T>(path).then(
      (value) => {
        if (!over) setFound(value);
      },
      () => undefined,
    );
    return () => {
      over = true;
    };
  }, [path, as]);
  return found;
}

const paper = matchMedia('print');

function watchPaper(listener: () => void): () => void {
  paper.addEventListener('change', listener);
  return () => paper.removeEventListener('change', listener);
}

/** Whether the page is being printed: on paper a record is read from its beginning. */
export const usePaper = () => useSyncExternalStore(watchPaper, () => paper.matches);

const sound = createStore<{ readonly playing: string | null }>({ playing: null });
let audio: HTMLAudioElement | undefined;

/** Which prompt is heard now. */
export const usePlaying = () => useStore(sound).playing;

/** Plays a prompt, or ends it; one at a time. */
export function playOrStop(prompt: string): void {
  const was = sound.get().playing;
  audio?.pause();
  audio = undefined;
  sound.set({ playing: null });
  if (was === prompt) return;
  const now = new Audio(`/api/prompts/${encodeURIComponent(prompt)}`);
  const over = () => {
    if (audio === now) sound.set({ playing: null });
  };
  now.onended = over;
  now.onerror = over;
  audio = now;
  sound.set({ playing: prompt });
  now.play().catch(over);
}
