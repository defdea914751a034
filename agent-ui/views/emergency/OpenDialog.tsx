import { useState } from 'react';
import type { PlanView } from '../../../server/http/floor-views.ts';
import { ask } from '../../state/hand.ts';
import { usePreview } from '../../state/emergency.ts';
import { useWords } from '../../state/language.ts';
import { tell } from '../common/Toasts.tsx';
import { Preview } from './Preview.tsx';
import { useSecond } from './SecondPerson.tsx';
import { WhyDialog } from './WhyDialog.tsx';

interface OpenDialogProps {
  plan: PlanView;
  /** Whether a drill is meant at first. */
  drill: boolean;
  verb: 'open' | 'accept';
  close(): void;
}

const HOUR_MS = 3_600_000;

/** What will come of opening a plan, in earnest or as a drill; then it is opened. */
export function OpenDialog({ plan, drill: meant, verb, close }: OpenDialogProps) {
  const { t, say } = useWords();
  const [drill, setDrill] = useState(meant);
  const [hours, setHours] = useState(String(plan.mostMs / HOUR_MS));
  const wanted = Number(hours) > 0 ? Number(hours) : null;
  const preview = usePreview(plan.id, { drill, hours: wanted, as: String(plan.opening?.stage) });
  const name = say(plan.name);
  const title = verb === 'accept' ? 'acceptTitle' : drill ? 'drillTitle' : 'title';
  const second = useSecond(plan, !drill);
  const eitherWay = verb === 'open' && plan.opening === null;

  async function undo() {
    const answer = await ask(`/api/plans/${plan.id}/close`, { why: t('undo.why') });
    if ('done' in answer) tell({ kind: 'done', text: t('done.close', { name }) });
    else tell({ kind: 'problem', text: say(answer.refused.words) });
  }

  return (
    <WhyDialog
      title={t(`open.${title}`, { name })}
      testId="open-dialog"
      label={t(drill ? 'open.goDrill' : 'open.goEarnest')}
      path={`/api/plans/${plan.id}/${verb}`}
      body={
        wanted === null || second.body === null
          ? null
          : { hours: wanted, ...(verb === 'open' && drill ? { drill } : {}), ...second.body }
      }
      danger={!drill}
      first
      close={close}
      done={() =>
        tell({
          kind: 'done',
          text: t(drill ? 'done.drill' : 'done.open', { name }),
          // Closing it again takes two as well.
          ...(second.fields ? {} : { undo: () => void undo() }),
        })
      }
    >
      <div className="open-choices">
        {eitherWay && (
          <fieldset className="open-how">
            <legend>{t('open.how')}</legend>
            {[false, true].map((one) => (
              <label key={String(one)}>
                <input
                  type="radio"
                  name="how"
                  checked={drill === one}
                  data-testid={one ? 'how-drill' : 'how-earnest'}
                  onChange={() => setDrill(one)}
                />
                {t(one ? 'open.drill' : 'open.earnest')}
              </label>
            ))}
          </fieldset>
        )}
        <label className="field">
          {t('open.hours')}
          <input
            inputMode="decimal"
            data-testid="open-hours"
            value={hours}
            onChange={({ target }) => setHours(target.value.replace(/[^\d.]/g, ''))}
          />
        </label>
      </div>
      {second.fields}
      <Preview preview={preview} drill={drill} />
    </WhyDialog>
  );
}
