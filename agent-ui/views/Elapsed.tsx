import { clockText, useSeconds } from '../state/clock.ts';

/** Time since an epoch-ms moment, or left until one; ticks by itself. */
export function Elapsed({ since, until }: { since?: number; until?: number }) {
  const now = useSeconds() * 1000;
  const ms = until === undefined ? now - Math.floor((since ?? now) / 1000) * 1000 : until - now;
  return (
    <time role="timer" aria-live="off">
      {clockText(ms)}
    </time>
  );
}
