import { setTimeout as sleep } from 'node:timers/promises';
import type { DeskView } from '../../../server/http/views.ts';
import type { IncomingCall } from '../../given/call.ts';
import { audible, type Ear } from '../../given/hearing.ts';
import type { Peer } from '../../given/party.ts';
import type { PhoneSeat } from '../../given/world.ts';

/** People who do not know that a controller dies: they go on until they have what they want. */

export const patienceMs = 15_000;

/** Picks up whenever it is rung, as long as somebody is in control: people take longer than a restart. */
export class PicksUp {
  readonly rung: () => number;
  private stopped = false;
  private readonly going: Promise<void>;

  constructor(who: Peer, inControl: () => boolean) {
    const before = who.calls.length;
    this.rung = () => who.calls.length - before;
    this.going = this.goOn(who, inControl);
  }

  async stops(): Promise<void> {
    this.stopped = true;
    await this.going;
  }

  private async goOn(who: Peer, inControl: () => boolean): Promise<void> {
    let next = who.calls.length;
    const rings = new Set<IncomingCall>();
    while (!this.stopped) {
      await sleep(20);
      const call = who.calls[next];
      if (!call) continue;
      // A phone says at once that it rings; whoever says nothing would count as not reached.
      if (!call.ending && !rings.has(call)) await call.rings().catch(() => undefined);
      rings.add(call);
      await sleep(80);
      if (!inControl()) continue;
      next += 1;
      if (!call.ending) await call.answers().catch(() => undefined);
    }
  }
}

/** Presses the key, again and again where nothing came of it, until the screen shows what is wanted. */
export async function presses(
  { desk }: PhoneSeat,
  key: string,
  isDone: (view: DeskView) => boolean,
): Promise<void> {
  await untilSeen(desk, `${key} to have its effect`, isDone, async (view) => {
    const action = view.actions.find(({ id }) => id === key);
    if (action?.allowed) await desk.post(action.request.path, action.request.body);
    else await readies(view, desk);
  });
}

/** Waits until the screen shows it; whoever was set to a break by a fault makes himself ready again. */
export const sees = ({ desk }: PhoneSeat, what: string, is: (view: DeskView) => boolean) =>
  untilSeen(desk, what, is, (view) => readies(view, desk));

async function readies({ seat }: DeskView, desk: PhoneSeat['desk']): Promise<void> {
  if (seat.state === 'not-ready') await desk.post('/api/seat/ready');
}

async function untilSeen(
  desk: PhoneSeat['desk'],
  what: string,
  is: (view: DeskView) => boolean,
  meanwhile: (view: DeskView) => Promise<void>,
): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    // Between two controllers nobody answers.
    const view = await desk.sees().catch(() => null);
    if (view?.seat && is(view)) return;
    if (view?.seat) await meanwhile(view).catch(() => undefined);
    if (Date.now() > deadline) throw new Error(`${desk.seat} waits in vain for ${what}`);
    await sleep(60);
  }
}

/** How long somebody has heard nothing at a stretch. */
export class Silence {
  longestMs = 0;
  private stopped = false;
  private readonly going: Promise<void>;

  constructor(ear: Ear) {
    this.going = this.listen(ear);
  }

  async stops(): Promise<number> {
    this.stopped = true;
    await this.going;
    return this.longestMs;
  }

  private async listen(ear: Ear): Promise<void> {
    let since: number | null = null;
    while (!this.stopped) {
      const began = Date.now();
      const silent = audible(await ear.heard(200)).length === 0;
      since = silent ? (since ?? began) : null;
      if (since !== null) this.longestMs = Math.max(this.longestMs, Date.now() - since);
    }
  }
}
