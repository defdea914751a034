import { useSeconds } from '../../state/clock.ts';
import { Elapsed } from '../Elapsed.tsx';

/** How long the offer still stands, as a bar and in seconds. */
export function Offer({ words, from, until }: { words: string; from: number; until: number }) {
  const now = useSeconds() * 1000;
  const left = Math.max(0, Math.min(1, (until - now) / Math.max(1, until - from)));
  return (
    <div className="offer" data-testid="offer">
      <span>
        {words} <Elapsed until={until} />
      </span>
      <i style={{ transform: `scaleX(${left})` }} />
    </div>
  );
}
