import { useId } from 'react';
import { useWords } from '../../state/language.ts';

interface WhyFieldProps {
  why: string;
  change(why: string): void;
  /** What somebody here might write. */
  example: string;
  optional?: boolean;
  /** It is the first thing to be filled in. */
  first?: boolean;
}

/** Why it is done; it is kept beside who and when. */
export function WhyField({ why, change, example, optional, first }: WhyFieldProps) {
  const { t } = useWords();
  const id = useId();
  return (
    <p className="field">
      <label htmlFor={id}>{t(optional ? 'whyOptional' : 'why')}</label>
      <input
        id={id}
        data-testid="why"
        value={why}
        autoFocus={first}
        maxLength={500}
        autoComplete="off"
        placeholder={example}
        onChange={({ target }) => change(target.value)}
      />
    </p>
  );
}
