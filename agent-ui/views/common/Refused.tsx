import type { Failure } from '../../../server/http/views.ts';
import { useWords } from '../../state/language.ts';

/** Why it could not be done, if it could not. */
export function Refused({ failure, testId }: { failure: Failure | null; testId?: string }) {
  const { say } = useWords();
  if (!failure) return null;
  return (
    <p className="failure" role="alert" data-testid={testId}>
      {say(failure.words)}
    </p>
  );
}
