import { createOneTab } from './one-tab.ts';
import { createOwnLine } from './own-line.ts';
import type { OwnLine } from './own-line.ts';
import type { LastingLeg, LegState } from '../phone/lasting-leg.ts';
import type { Staff } from './staff.ts';
import { createStore } from './store.ts';
import type { Store } from './store.ts';

export interface PlaceState {
  /** Whether this tab has the line of his own place; none: he has no place in a browser. */
  readonly tab: 'none' | 'here' | 'elsewhere';
  /** Null as long as this tab has no line. */
  readonly leg: LegState | null;
}

/** A manager’s own place: where it is in a browser, its lasting leg is on this page, in one tab at a time. */
export interface OwnPlace {
  readonly state: Store<PlaceState>;
  /** Takes the line from the tab that has it. */
  takeHere(): void;
  /** To be called from a click. */
  allowSound(): void;
}

export function createOwnPlace({ state: staff, floor }: Staff, sound: HTMLAudioElement): OwnPlace {
  const state = createStore<PlaceState>({ tab: 'none', leg: null });
  const tab = createOneTab(() => {
    line?.close();
    state.set({ tab: 'elsewhere', leg: null });
  });
  let leg: LastingLeg | null = null;
  let line: OwnLine | null = null;
  let wanted = false;

  /** The phone is heavy: it comes where there is a place for it. */
  async function theLine(): Promise<OwnLine> {
    const { createLastingLegs } = await import('../phone/lasting-legs.ts');
    const made = createLastingLegs(sound);
    leg = made;
    made.state.watch(() => {
      if (state.get().tab === 'here') state.set({ leg: made.state.get() });
    });
    return createOwnLine(made, () => undefined);
  }

  async function take(steal: boolean): Promise<void> {
    if (!(await tab.take(steal))) return state.set({ tab: 'elsewhere' });
    state.set({ tab: 'here' });
    line ??= await theLine();
    if (state.get().tab === 'here') line.open();
  }

  function look() {
    const seat = floor.place.get().view?.seat;
    const now = staff.get().screen === 'page' && seat?.line === 'browser';
    if (now === wanted) return;
    wanted = now;
    if (now) return void take(false);
    line?.close();
    tab.release();
    state.set({ tab: 'none', leg: null });
  }

  staff.watch(look);
  floor.place.watch(look);
  return {
    state,
    takeHere: () => void take(true),
    allowSound: () => leg?.allowSound(),
  };
}
