import type { Words } from '../../../server/http/views.ts';
import { timeOfDay } from '../../state/clock.ts';
import { useWords } from '../../state/language.ts';

interface DeedProps {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly by: { readonly name: Words };
  readonly words: Words;
  readonly why: string | null;
}

/** What somebody did, when and why: one line of a list. */
export function Deed({ at, by, words, why }: DeedProps) {
  const { say } = useWords();
  return (
    <>
      <span className="act-by">
        {timeOfDay(at)} <b>{say(by.name)}</b>
      </span>
      {say(words)}
      {why && <span className="act-why">{why}</span>}
    </>
  );
}
