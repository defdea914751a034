import type { PlanView } from '../../../server/http/floor-views.ts';
import { dayAndTime } from '../../state/clock.ts';
import { useWords } from '../../state/language.ts';
import { Elapsed } from '../Elapsed.tsx';
import { Shape } from '../Shape.tsx';
import type { ShapeName } from '../Shape.tsx';
import { LevelBadge } from './LevelBadge.tsx';
import { offeredTo, stageOf, SWITCHED } from './acts.ts';
import type { PlanAct, Stage } from './acts.ts';

interface PlanCardProps {
  plan: PlanView;
  /** Who is logged in. */
  me: string;
  want(plan: PlanView, act: PlanAct): void;
}

const SHAPES: Readonly<Record<Stage, ShapeName>> = {
  closed: 'ring',
  open: 'bell',
  draining: 'back',
  drill: 'pen',
  'drill-draining': 'back',
};

/** One plan: its switch, what it asks for, and, when it is open, who has come. */
export function PlanCard({ plan, me, want }: PlanCardProps) {
  const { t, say, list } = useWords();
  const stage = stageOf(plan);
  const name = say(plan.name);
  const mine = plan.mayOpen.some(({ id }) => id === me);
  const on = plan.opening !== null;
  return (
    <article
      className={`panel plan is-${stage}`}
      aria-label={name}
      data-testid={`plan-${plan.id}`}
      data-stage={stage}
    >
      <header className="plan-head">
        <button
          type="button"
          role="switch"
          className="switch"
          aria-checked={on}
          aria-label={t('plan.switch', { name })}
          aria-disabled={!mine}
          data-testid={`switch-${plan.id}`}
          onClick={() => mine && want(plan, SWITCHED[stage])}
        >
          <span className="switch-knob" aria-hidden="true" />
        </button>
        <h2>{name}</h2>
        <LevelBadge level={plan.level} />
        <b className="plan-stage" role="status" data-testid={`stage-${plan.id}`}>
          <Shape name={SHAPES[stage]} />
          {t(`stage.${stage}`)}
        </b>
      </header>
      {plan.opening ? <Opened plan={plan} opening={plan.opening} /> : <Asks plan={plan} />}
      <footer className="plan-keys">
        {mine ? (
          offeredTo(plan).map(({ act, word }) => (
            <button
              key={word}
              type="button"
              className="quiet"
              aria-label={`${t(word)} ${name}`}
              data-testid={`${act}-${plan.id}`}
              onClick={() => want(plan, act)}
            >
              {t(word)}
            </button>
          ))
        ) : (
          <span className="hint">
            {t('plan.notYours', { names: list(plan.mayOpen.map((by) => say(by.name))) })}
          </span>
        )}
      </footer>
    </article>
  );
}

function Asks({ plan }: { plan: PlanView }) {
  const { t, say, list } = useWords();
  const sites = plan.sites.map(({ name, seats }) =>
    t('plan.siteSeats', { site: say(name), seats }),
  );
  return (
    <dl className="plan-facts">
      <div>
        <dt>{t('plan.queues')}</dt>
        <dd>{list(plan.queues)}</dd>
      </div>
      <div>
        <dt>{t('plan.sites')}</dt>
        <dd>{list(sites)}</dd>
      </div>
      <div>
        <dt>{t('plan.most', { hours: hoursOf(plan.mostMs) })}</dt>
        <dd>
          {plan.wellMs === null
            ? t('plan.byHand')
            : t('plan.well', { minutes: Math.round(plan.wellMs / 60_000) })}
        </dd>
      </div>
    </dl>
  );
}

const COUNTS = ['askedIn', 'signedIn', 'ready'] as const;

function Opened({ plan, opening }: { plan: PlanView; opening: NonNullable<PlanView['opening']> }) {
  const { t, say } = useWords();
  const { counts, by, at, why, until, stage, leaving } = opening;
  return (
    <>
      <p className="plan-why">
        {t('plan.opened', { by: say(by.name), at: dayAndTime(at), why })}
        <span className="plan-left">
          {t('plan.left')}{' '}
          <b>
            <Elapsed until={until} />
          </b>{' '}
          <small>{t('plan.until', { at: dayAndTime(until) })}</small>
        </span>
      </p>
      {stage === 'draining' ? (
        <p className="plan-leaving">{t('plan.leaving', { seats: leaving })}</p>
      ) : (
        <div className="plan-counts">
          <dl className="big-counts">
            {COUNTS.map((id) => (
              <div key={id} className={`is-${id}`}>
                <dt>{t(id)}</dt>
                <dd data-testid={`${id}-${plan.id}`}>
                  {counts.reduce((sum, one) => sum + one[id], 0)}
                </dd>
              </div>
            ))}
          </dl>
          <table aria-label={t('countsOf', { name: say(plan.name) })}>
            <thead>
              <tr>
                <th scope="col">{t('site')}</th>
                {COUNTS.map((id) => (
                  <th key={id} scope="col">
                    {t(id)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {counts.map((one) => (
                <tr key={one.site}>
                  <th scope="row">{say(one.name)}</th>
                  {COUNTS.map((id) => (
                    <td key={id} data-testid={`${id}-${plan.id}-${one.site}`}>
                      {one[id]}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

const hoursOf = (ms: number): number => Math.round(ms / 36_000) / 100;
