import { useState } from 'react';
import type { PlanView } from '../../../server/http/floor-views.ts';
import { serverNow } from '../../link/server-clock.ts';
import { dayAndTime } from '../../state/clock.ts';
import type { Floor } from '../../state/floor.ts';
import { ask } from '../../state/hand.ts';
import { useAll } from '../../state/keyed.ts';
import { useWords } from '../../state/language.ts';
import { tell } from '../common/Toasts.tsx';
import { useSecond } from './SecondPerson.tsx';
import { WhyDialog } from './WhyDialog.tsx';
import type { PlanAct } from './acts.ts';

interface ActDialogProps {
  plan: PlanView;
  act: Exclude<PlanAct, 'open' | 'rehearse'>;
  floor: Floor;
  close(): void;
}

const HOUR_MS = 3_600_000;

/** Extends, drains or closes a plan, or says no to its proposal. */
export function ActDialog(props: ActDialogProps) {
  return props.act === 'extend' ? (
    <ExtendDialog {...props} />
  ) : (
    <EndDialog {...props} act={props.act} />
  );
}

function ExtendDialog({ plan, close }: ActDialogProps) {
  const { t, say } = useWords();
  const [hours, setHours] = useState(String(plan.mostMs / HOUR_MS));
  const name = say(plan.name);
  const wanted = Math.min(Number(hours) * HOUR_MS, plan.mostMs);
  return (
    <WhyDialog
      title={t('extend.title', { name })}
      testId="extend-dialog"
      label={t('act.extend')}
      path={`/api/plans/${plan.id}/extend`}
      body={wanted > 0 ? { hours: wanted / HOUR_MS } : null}
      close={close}
      done={() => tell({ kind: 'done', text: t('done.extend', { name }) })}
    >
      <label className="field open-hours">
        {t('extend.hours')}
        <input
          inputMode="decimal"
          autoFocus
          data-testid="extend-hours"
          value={hours}
          onChange={({ target }) => setHours(target.value.replace(/[^\d.]/g, ''))}
        />
      </label>
      {plan.opening && wanted > 0 && (
        <p className="hint">
          {t('extend.until', {
            was: dayAndTime(plan.opening.until),
            then: dayAndTime(serverNow() + wanted),
          })}
        </p>
      )}
    </WhyDialog>
  );
}

function EndDialog({
  plan,
  act,
  floor,
  close,
}: ActDialogProps & { act: 'drain' | 'close' | 'dismiss' }) {
  const { t, say, list } = useWords();
  const queues = useAll(floor.queues).filter(({ id }) => plan.queues.includes(id));
  const sites = useAll(floor.sites);
  const busy = sites
    .filter(({ id }) => plan.sites.some(({ site }) => site === id))
    .reduce((sum, one) => sum + one.busy, 0);
  const name = say(plan.name);

  const inEarnest = plan.opening?.drill === false;
  const second = useSecond(plan, inEarnest && act === 'close');
  const undoable = act !== 'dismiss' && !(plan.twoPeople && inEarnest);

  /** What drains can be opened again as it was; what is closed would have to be opened anew. */
  async function undo() {
    const { until, drill } = plan.opening ?? { until: 0, drill: false };
    const answer = await ask(`/api/plans/${plan.id}/open`, {
      hours: Math.max(until - serverNow(), 60_000) / HOUR_MS,
      why: t('undo.why'),
      ...(drill ? { drill } : {}),
    });
    if ('done' in answer) tell({ kind: 'done', text: t('done.open', { name }) });
    else tell({ kind: 'problem', text: say(answer.refused.words) });
  }

  return (
    <WhyDialog
      title={t(act === 'dismiss' ? 'dismiss.title' : `end.${act}Title`, { name })}
      testId={`${act}-dialog`}
      label={t(`act.${act}`)}
      path={`/api/plans/${plan.id}/${act}`}
      body={second.body}
      danger={act === 'close'}
      first
      close={close}
      done={() =>
        tell({
          kind: 'done',
          text: t(`done.${act}`, { name }),
          ...(undoable ? { undo: () => void undo() } : {}),
        })
      }
    >
      {act === 'dismiss' ? (
        <p>{t('dismiss.effect')}</p>
      ) : (
        <>
          <p>{t(`end.${act}`, { seats: busy })}</p>
          {second.fields}
          {inEarnest && (
            <p>
              {t('end.waiting', {
                queues: list(
                  queues.map(({ hotline, waiting }) => t('end.queue', { hotline, waiting })),
                ),
              })}
            </p>
          )}
        </>
      )}
    </WhyDialog>
  );
}
