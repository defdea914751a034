import { useState } from 'react';
import type { QueueView } from '../../../server/http/floor-views.ts';
import type { WhatIfAsked } from '../../../server/http/what-if-views.ts';
import { useWords } from '../../state/language.ts';
import { WholeField } from '../common/WholeField.tsx';
import { HandDialog } from './HandDialog.tsx';

type Change = Extract<WhatIfAsked['moves'][number], { change: unknown }>['change'];
type Preference = QueueView['steps'][number]['preference'];

interface QueueDialogProps {
  queue: QueueView;
  close(): void;
  done(): void;
}

const STRATEGIES = ['longest-idle', 'most-skilled', 'least-occupied'] as const;
const PREFERENCES = [1, 2, 3, 4, 5] as const;

/** A queue by hand: its target, its head start before others, who is chosen, and how it overflows. */
export function QueueDialog({ queue, close, done }: QueueDialogProps) {
  const { t, say } = useWords();
  const [target, setTarget] = useState(String(queue.targetMs / 1000));
  const [headStart, setHeadStart] = useState(String(queue.headStartMs / 1000));
  const [strategy, setStrategy] = useState(queue.strategy);
  const [steps, setSteps] = useState(queue.steps);
  const change = changeOf(queue, { target, headStart, strategy, steps });
  const changed = Object.keys(change).length > 0;
  const setStep = (group: string, part: { on?: boolean; preference?: Preference }) =>
    setSteps(steps.map((step) => (step.group === group ? { ...step, ...part } : step)));
  return (
    <HandDialog
      title={t('queue.title', { name: `${queue.hotline} ${say(queue.name)}` })}
      testId="queue-dialog"
      close={close}
      done={done}
      moves={changed ? [{ hotline: queue.hotline, change }] : []}
      requests={
        changed
          ? [{ path: `/api/queues/${queue.hotline}`, body: { change, version: queue.version } }]
          : []
      }
    >
      <div className="queue-fields">
        <WholeField
          label={t('queue.target')}
          testId="queue-target"
          value={target}
          set={setTarget}
        />
        <WholeField
          label={t('queue.headStart')}
          testId="queue-head-start"
          value={headStart}
          set={setHeadStart}
        />
        <label className="field">
          {t('queue.strategy')}
          <select
            data-testid="queue-strategy"
            value={strategy}
            onChange={(event) =>
              setStrategy(STRATEGIES.find((one) => one === event.target.value) ?? strategy)
            }
          >
            {STRATEGIES.map((one) => (
              <option key={one} value={one}>
                {t(`strategy.${one}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {steps.length > 0 && (
        <fieldset className="steps">
          <legend>{t('queue.steps')}</legend>
          {steps.map(({ group, name, on, preference, afterMs, whenWaiting }) => (
            <div key={group}>
              <label>
                <input
                  type="checkbox"
                  checked={on}
                  data-testid={`step-${group}`}
                  onChange={(event) => setStep(group, { on: event.target.checked })}
                />
                {say(name)}
              </label>
              <small>
                {t('queue.stepAfter', { seconds: Math.round(afterMs / 1000) })}
                {whenWaiting !== null && ` ${t('queue.stepCrowded', { waiting: whenWaiting })}`}
              </small>
              <label>
                {t('queue.preference')}
                <select
                  value={preference}
                  onChange={(event) =>
                    setStep(group, {
                      preference: PREFERENCES[Number(event.target.value) - 1] ?? preference,
                    })
                  }
                >
                  {PREFERENCES.map((one) => (
                    <option key={one}>{one}</option>
                  ))}
                </select>
              </label>
            </div>
          ))}
        </fieldset>
      )}
    </HandDialog>
  );
}

interface Wanted extends Pick<QueueView, 'strategy' | 'steps'> {
  readonly target: string;
  readonly headStart: string;
}

/** Only what is another than it was. */
function changeOf(queue: QueueView, { target, headStart, strategy, steps }: Wanted): Change {
  const targetMs = Number(target) * 1000;
  const headStartMs = Number(headStart) * 1000;
  const others = steps.flatMap(({ group, on, preference }) => {
    const was = queue.steps.find((step) => step.group === group);
    const same = was?.on === on && was.preference === preference;
    return same ? [] : [[group, { on, preference }] as const];
  });
  return {
    ...(target !== '' && targetMs !== queue.targetMs ? { targetMs } : {}),
    ...(headStart !== '' && headStartMs !== queue.headStartMs ? { headStartMs } : {}),
    ...(strategy === queue.strategy ? {} : { strategy }),
    ...(others.length > 0 ? { steps: Object.fromEntries(others) } : {}),
  };
}
