import type { TourView } from '../../server/http/tour-view.ts';
import { get } from '../link/rest.ts';
import { createStore, type Store } from './store.ts';

export interface TourState {
  /** Null: not known yet. */
  readonly steps: TourView['steps'] | null;
  readonly lost: boolean;
}

const LOOK_MS = 2_000;

/** What has been done, looked at every two seconds. */
export function createTour(): { readonly state: Store<TourState>; start(): void } {
  const state = createStore<TourState>({ steps: null, lost: false });
  const look = async () => {
    try {
      const { steps } = await get<TourView>('/api/practice/tour');
      state.set({ steps, lost: false });
    } catch {
      state.set({ lost: true });
    }
    setTimeout(() => void look(), LOOK_MS);
  };
  return { state, start: () => void look() };
}
