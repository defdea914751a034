/** Where time comes from; rules get it as a number (epoch milliseconds). */
export interface Clock {
  /** Never goes back. */
  now(): number;
  /** Calls `then` once when `now` has grown by `ms`, never before; the returned function cancels it. */
  after(ms: number, then: () => void): () => void;
}

/** When the machine's time is set, ours goes after it by so much a second: who came first has still waited longest. */
const SLEW = 0.01;

/**
 * A clock that runs evenly: it follows the machine's time, but where that was set on or back it goes a little faster or
 * slower until they agree again (an hour takes four days), so that order and waiting times stay true.
 * @param wall the machine's time, in epoch milliseconds; may jump
 * @param even milliseconds since whenever; never jumps
 */
export function steadyClock(wall: () => number, even: () => number): Clock {
  let time = wall();
  let looked = even();
  const now = (): number => {
    const at = even();
    const passed = at - looked;
    looked = at;
    const most = passed * SLEW;
    const behind = wall() - (time + passed);
    time += passed + Math.max(-most, Math.min(most, behind));
    return Math.floor(time);
  };
  return {
    now,
    after(ms, then) {
      const due = now() + ms;
      let timer: NodeJS.Timeout;
      const look = () => {
        const left = due - now();
        if (left <= 0) then();
        else timer = setTimeout(look, left);
      };
      timer = setTimeout(look, ms);
      return () => clearTimeout(timer);
    },
  };
}

export const systemClock: Clock = steadyClock(Date.now, () => performance.now());
