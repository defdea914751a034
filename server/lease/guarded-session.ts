import { systemClock } from '../../kernel/clock.ts';
import { ask } from '../../telephony/asterisk/ari/address.ts';
import { openAriSession, type AriTransport } from '../../telephony/asterisk/ari/open.ts';
import {
  AriDown,
  type AriAddress,
  type AriOptions,
  type AriReply,
  type AriRequest,
  type AriSession,
} from '../../telephony/asterisk/ari/session.ts';
import { BEAT } from '../../telephony/asterisk/plan.ts';
import type { Lease, Standing } from './lease.ts';
import { readBeat, switchMs } from './rules.ts';

const askBeat: AriRequest = {
  method: 'GET',
  uri: 'asterisk/variable',
  query: { variable: BEAT },
};
const beatPatienceMs = 500;
/** Whose application is taken twice within this time shares its name with somebody who lives. */
const renewAgainMs = 60_000;

/**
 * A session by which only the controller that is in control gives orders. A process that has stood still wakes with
 * orders in its hands: they wait until Redis, or in its stead the switch, has said that nobody has taken over meanwhile.
 */
class Guard implements AriSession {
  private readonly session: AriSession;
  private readonly lease: Lease;
  private readonly ticks: () => number;
  private readonly waiting: ((may: boolean) => void)[] = [];
  private sureUntil = 0;
  private renewedAt = -Infinity;
  private checking: Promise<Standing> | null = null;

  constructor(session: AriSession, lease: Lease, ticks: () => number) {
    this.session = session;
    this.lease = lease;
    this.ticks = ticks;
    lease.onAway(() => void this.checks());
    lease.onOver(() => this.tells(false));
  }

  get inOrder(): boolean {
    return this.session.inOrder;
  }

  request(request: AriRequest): Promise<AriReply> {
    if (this.lease.over !== null) return Promise.reject(notInControl(request));
    if (!this.checking && this.isSure()) return this.session.request(request);
    return new Promise((resolve, reject) => {
      this.waiting.push((may) => {
        if (may) this.session.request(request).then(resolve, reject);
        else reject(notInControl(request));
      });
      void this.checks();
    });
  }

  onEvent(listener: Parameters<AriSession['onEvent']>[0]): void {
    this.session.onEvent((event) => {
      if (event.type === 'ApplicationReplaced') void this.replaced();
      else if (this.lease.over === null) listener(event);
    });
  }

  onState(listener: Parameters<AriSession['onState']>[0]): void {
    this.session.onState(listener);
  }

  onLost(listener: Parameters<AriSession['onLost']>[0]): void {
    this.session.onLost(listener);
  }

  renew(reason: string): void {
    this.session.renew(reason);
  }

  close(): Promise<void> {
    return this.session.close();
  }

  private isSure(): boolean {
    return this.lease.isSure() || (this.lease.over === null && this.ticks() < this.sureUntil);
  }

  /**
   * By another controller; or, where Redis knows of none, by a dead connection of our own that Asterisk has attended to
   * late: then it is made anew, once.
   */
  private async replaced(): Promise<void> {
    const ours = (await this.checks()) === 'ours';
    const at = this.ticks();
    if (!ours || at - this.renewedAt < renewAgainMs) return this.lease.isReplaced();
    this.renewedAt = at;
    this.session.renew('our application has been taken');
  }

  private checks(): Promise<Standing> {
    return (this.checking ??= this.check());
  }

  private async check(): Promise<Standing> {
    const at = this.ticks();
    const standing = await this.lease.ask();
    // One round trip: had somebody else connected, that would have been told before the reply.
    const reply =
      standing === 'over' ? null : await this.session.request(askBeat).catch(() => null);
    if (reply && beatIn(reply.body) > this.lease.epoch) {
      this.lease.ends('another controller is in control of Asterisk');
    }
    if (reply && standing === 'away') this.sureUntil = at + switchMs;
    this.checking = null;
    this.tells(this.lease.over === null && (reply !== null || standing === 'ours'));
    return this.lease.over === null ? standing : 'over';
  }

  private tells(may: boolean): void {
    for (const one of this.waiting.splice(0)) one(may);
  }
}

/**
 * Opens a session that is guarded by this lease. Before it connects again it looks whether somebody else is in control:
 * who connects takes the application away from whoever has it.
 * Rejects like `openAriSession`.
 */
export async function openGuardedSession(
  address: AriAddress,
  options: AriOptions & { readonly transport?: AriTransport | 'auto' },
  lease: Lease,
  ticks: () => number,
): Promise<AriSession> {
  const session = await openAriSession(address, {
    ...options,
    ...(options.events ? { events: [...options.events, 'ApplicationReplaced'] } : {}),
    async mayConnectAgain() {
      const standing = await lease.ask();
      if (standing !== 'away') return standing === 'ours';
      const beat = await beatAt(address).catch(() => null);
      if (beat && beat.epoch > lease.epoch)
        lease.ends('another controller is in control of Asterisk');
      return lease.over === null;
    },
  });
  return new Guard(session, lease, ticks);
}

/** The last beat of whoever is in control, asked for without a session. Rejects when Asterisk does not answer. */
export async function beatAt(address: AriAddress) {
  const path = `${askBeat.uri}?variable=${BEAT}`;
  const deadline = systemClock.now() + beatPatienceMs;
  const body = await ask(address, path, deadline, beatPatienceMs);
  return readBeat((body as { value?: unknown } | undefined)?.value);
}

const beatIn = (body: unknown): number =>
  readBeat((body as { value?: unknown } | undefined)?.value)?.epoch ?? 0;

const notInControl = ({ method, uri }: AriRequest): AriDown =>
  new AriDown(`${method} ${uri}: this controller is not in control any more`);
