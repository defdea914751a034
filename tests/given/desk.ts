import { setTimeout as sleep } from 'node:timers/promises';
import type { Action, DeskView, Failure } from '../../server/http/views.ts';
import { Client, type Reply } from '../../tools/parts/client.ts';

const patienceMs = 12_000;

/** A person at a desk who presses keys through the API, as the page does: only what the server lists. */
export class Desk extends Client {
  readonly seat: string;

  constructor(url: string, seat: string) {
    super(url);
    this.seat = seat;
  }

  /** Passwords of given seats are their numbers. */
  async logsIn(password: string): Promise<void> {
    await this.logsInAs({ seat: this.seat }, password);
  }

  async sees(): Promise<DeskView> {
    return (await this.get('/api/desk')).body as DeskView;
  }

  /** Waits until the screen shows what `is` accepts. */
  async until(what: string, is: (view: DeskView) => boolean): Promise<DeskView> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const view = await this.sees();
      if (is(view)) return view;
      if (Date.now() > deadline) {
        throw new Error(`${this.seat} has waited for: ${what}\n${summary(view)}`);
      }
      await sleep(25);
    }
  }

  isOffered(): Promise<DeskView> {
    return this.until('an offer', ({ seat, call }) => seat.state === 'offered' && call !== null);
  }

  isInState(state: DeskView['seat']['state']): Promise<DeskView> {
    return this.until(`state ${state}`, ({ seat }) => seat.state === state);
  }

  isAtStage(stage: NonNullable<DeskView['call']>['stage']): Promise<DeskView> {
    return this.until(`stage ${stage}`, ({ call }) => call?.stage === stage);
  }

  isTold(text: string): Promise<DeskView> {
    return this.until(
      `the notice ${text}`,
      ({ notice }) => notice?.words.zh.includes(text) ?? false,
    );
  }

  /** The key as the screen shows it now. */
  async key(id: string): Promise<Action> {
    const view = await this.sees();
    const action = view.actions.find((one) => one.id === id);
    if (!action) throw new Error(`${this.seat} has no key ${id}\n${summary(view)}`);
    return action;
  }

  /** Presses a key that must be allowed. */
  async does(id: string): Promise<DeskView> {
    // The page may still be looking whether its microphone and its sound are there.
    if (id === 'ready') await this.until('the check has passed', isChecked);
    const reply = await this.presses(id);
    if (reply.status !== 200) {
      throw new Error(
        `${this.seat} ${id}: ${reply.status} ${JSON.stringify(reply.body)}\n${summary(await this.sees())}`,
      );
    }
    return reply.body as DeskView;
  }

  /** Presses a key, allowed or not. */
  async presses(id: string): Promise<Reply> {
    const { request } = await this.key(id);
    return this.post(request.path, request.body);
  }

  /** Presses a key that must be refused; returns why. */
  async isRefused(id: string): Promise<Failure & { status: number }> {
    const { status, body } = await this.presses(id);
    if (status < 400) throw new Error(`${this.seat} ${id} was obeyed, not refused`);
    return { ...(body as Failure), status };
  }
}

const isChecked = ({ actions }: DeskView): boolean =>
  actions.every(({ id, why }) => id !== 'ready' || !why?.zh.startsWith('签入检查'));

function summary({ seat, call, actions }: DeskView): string {
  return [
    `seat ${seat.id}: ${seat.state} ${seat.reason?.zh ?? ''} line ${seat.lineUp}`,
    call
      ? `call ${call.id}: ${call.stage} ${call.legs.map((leg) => `${leg.name.zh}=${leg.state}`).join(', ')}`
      : 'no call',
    ...(call?.history.map(({ words }) => `  ${words.zh}`) ?? []),
    `keys: ${actions
      .filter(({ allowed }) => allowed)
      .map(({ id }) => id)
      .join(' ')}`,
  ].join('\n');
}
