import type { Failure } from '../../../server/http/views.ts';
import { timeOfDay } from '../../state/clock.ts';
import { useWords } from '../../state/language.ts';
import { Shape } from '../Shape.tsx';

/** What stands against it, and what somebody else did meanwhile. */
export function Objection({ failure }: { failure: Failure }) {
  const { t, say } = useWords();
  const act = failure.detail?.act;
  return (
    <div className="objection" role="alert" data-testid="objection" data-code={failure.code}>
      <Shape name="alert" />
      <div>
        <p>{say(failure.words)}</p>
        {act && (
          <p className="hint">
            {t('objection.by', { by: say(act.by.name), at: timeOfDay(act.at) })}
          </p>
        )}
      </div>
    </div>
  );
}
