import type {
  FloorChange,
  FloorSeat,
  FloorView,
  PlanView,
  QueueView,
  SiteView,
} from '../../server/http/floor-views.ts';
import type { ActView } from '../../server/http/act-views.ts';
import type { DeskView } from '../../server/http/views.ts';
import type { FloorCall } from '../../server/http/supervise-views.ts';
import { openEvents } from '../link/live.ts';
import { createKeyed } from './keyed.ts';
import type { Keyed } from './keyed.ts';
import { createStore } from './store.ts';
import type { Store } from './store.ts';

export interface Figures {
  /** A hotline; empty: all together. */
  readonly id: string;
  readonly figures: FloorView['figures'][number]['figures'];
}

/** The whole floor as the server tells it, live, each thing watched by itself. */
export interface Floor {
  /** The numbers of the wall: of all hotlines (id empty) and of each. */
  readonly figures: Keyed<Figures>;
  readonly queues: Keyed<QueueView>;
  readonly seats: Keyed<FloorSeat>;
  /** Who talks with whom. */
  readonly calls: Keyed<FloorCall>;
  readonly sites: Keyed<SiteView>;
  readonly plans: Keyed<PlanView>;
  /** What was done by hand, the newest first. */
  readonly acts: Keyed<ActView>;
  /** `known`: the floor has been told once; `live`: the link is up. */
  readonly link: Store<{ readonly known: boolean; readonly live: boolean }>;
  /** A manager’s own place as a desk sees it; null: he has none. */
  readonly place: Store<{ readonly view: DeskView | null }>;
  /** How the whole system is. */
  readonly readiness: Store<FloorView['readiness']>;
  /** @param sessionLost called when the server may not know us any more */
  open(sessionLost: () => void): void;
  close(): void;
}

/** A page in the background draws no frames; its figures still move. */
const UNSEEN_MS = 250;

export function createFloor(): Floor {
  const floor = {
    figures: createKeyed<Figures>(),
    queues: createKeyed<QueueView>(),
    seats: createKeyed<FloorSeat>(),
    calls: createKeyed<FloorCall>(),
    sites: createKeyed<SiteView>(),
    plans: createKeyed<PlanView>(),
    acts: createKeyed<ActView>(),
  };
  const link = createStore({ known: false, live: false });
  const readiness = createStore<FloorView['readiness']>({ status: 'ready', reasons: [] });
  const place = createStore<{ readonly view: DeskView | null }>({ view: null });
  const inFrame = createFrames();
  let events: { close(): void } | undefined;

  function whole(view: FloorView) {
    const { readiness: how, figures, queues, seats, calls, sites, plans, acts } = view;
    readiness.set(how);
    floor.figures.replace(figures.map(withId));
    floor.queues.replace(queues);
    floor.seats.replace(seats);
    floor.calls.replace(calls);
    floor.sites.replace(sites);
    floor.plans.replace(plans);
    newest(acts);
    if (!link.get().known) link.set({ known: true });
  }

  function change({ readiness: how, queues, seats, gone, calls, ended, ...rest }: FloorChange) {
    const { figures, sites, plans, acts } = rest;
    if (how) readiness.set(how);
    if (figures) floor.figures.replace(figures.map(withId));
    if (queues) floor.queues.replace(queues);
    if (seats || gone) floor.seats.change(seats ?? [], gone ?? []);
    if (calls || ended) floor.calls.change(calls ?? [], ended ?? []);
    if (sites) floor.sites.replace(sites);
    if (plans) floor.plans.replace(plans);
    if (acts) newest(acts);
  }

  /** A new one belongs before those that are there. */
  function newest(acts: readonly ActView[]) {
    const first = floor.acts.ids()[0];
    if (first !== acts[0]?.id) floor.acts.replace([]);
    floor.acts.replace(acts);
  }

  return {
    ...floor,
    link,
    place,
    readiness,
    open(sessionLost) {
      events?.close();
      events = openEvents({
        on: {
          floor: (view: FloorView) => inFrame(() => whole(view)),
          'floor-change': (view: FloorChange) => inFrame(() => change(view)),
          desk: (view: DeskView) => place.set({ view }),
        },
        up: () => link.set({ live: true }),
        down(closed) {
          link.set({ live: false });
          if (closed) sessionLost();
        },
      });
    },
    close() {
      events?.close();
      events = undefined;
      place.set({ view: null });
      link.set({ live: false });
    },
  };
}

const withId = ({ hotline, figures }: FloorView['figures'][number]): Figures => ({
  id: hotline ?? '',
  figures,
});

/** Carries out together, in their order, before the next frame is drawn, what came since the last one. */
function createFrames(): (work: () => void) => void {
  let waiting: (() => void)[] = [];
  let due: { frame: number; timer: ReturnType<typeof setTimeout> } | undefined;
  const flush = () => {
    if (due) {
      cancelAnimationFrame(due.frame);
      clearTimeout(due.timer);
    }
    due = undefined;
    const now = waiting;
    waiting = [];
    for (const work of now) work();
  };
  return (work) => {
    waiting.push(work);
    due ??= { frame: requestAnimationFrame(flush), timer: setTimeout(flush, UNSEEN_MS) };
  };
}
