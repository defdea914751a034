import type { Clock } from '../../kernel/clock.ts';

export interface OutOfReachNeeds {
  readonly clock: Clock;
  /** Milliseconds that never jump. */
  readonly ticks: () => number;
  /** Whether we reach any Asterisk. */
  readonly reaches: () => boolean;
  /** Urls of the other controllers that run. */
  readonly others: () => readonly string[];
  /** Whether the controller at this url stands by, and reaches Redis and Asterisk. Never rejects. */
  readonly isBetter: (url: string) => Promise<boolean>;
}

const askMs = 500;
/** An Asterisk that begins anew is reached by one a little before the other; we try at least every two seconds. */
const betterMs = 3_000;

/**
 * Resolves when we have reached no Asterisk for three seconds, in which another controller could have: the one in control
 * is to step down. `close` ends the asking.
 */
export function outOfReach({ clock, ticks, reaches, others, isBetter }: OutOfReachNeeds) {
  let cancel = (): void => undefined;
  let closed = false;
  let since: number | null = null;
  const over = new Promise<void>((resolve) => {
    const looks = async () => {
      const better = !reaches() && (await Promise.all(others().map(isBetter))).includes(true);
      if (closed) return;
      const now = ticks();
      since = better && !reaches() ? (since ?? now) : null;
      if (since !== null && now - since >= betterMs) return resolve();
      cancel = clock.after(askMs, () => void looks());
    };
    void looks();
  });
  return {
    over,
    close: () => {
      closed = true;
      cancel();
    },
  };
}

/** Asks the controller at `url` by its health. Never rejects. */
export async function couldBeInControl(url: string): Promise<boolean> {
  try {
    const reply = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(1_000) });
    const { role, asterisk, redis } = (await reply.json()) as Record<string, unknown>;
    return role === 'standby' && asterisk === true && redis === true;
  } catch {
    return false;
  }
}
