import type { PlanPreview } from '../../../server/http/emergency-views.ts';
import { dayAndTime } from '../../state/clock.ts';
import type { Previewed } from '../../state/emergency.ts';
import { useWords } from '../../state/language.ts';
import { Objection } from '../common/Objection.tsx';
import { Shape } from '../Shape.tsx';
import { Outlook } from './Outlook.tsx';
import { Prompt } from './Prompt.tsx';

/** What would happen: which seats, for which queues, until when, what callers hear, and what it would bring. */
export function Preview({ preview, drill }: { preview: Previewed; drill: boolean }) {
  const { t } = useWords();
  const { view, failure } = preview;
  return (
    <section className="preview" aria-label={t('open.what')} aria-busy={view === null}>
      <h3>{t('open.what')}</h3>
      <div role="status">
        {view === null && failure === null && <p className="hint">{t('open.busy')}</p>}
      </div>
      {failure && <Objection failure={failure} />}
      {view && <Foreseen view={view} drill={drill} />}
    </section>
  );
}

function Foreseen({ view, drill }: { view: PlanPreview; drill: boolean }) {
  const { t, say } = useWords();
  const seats = view.sites.reduce((sum, one) => sum + one.seats, 0);
  const atOnce = view.sites.reduce((sum, one) => sum + one.atOnce, 0);
  return (
    <div className="preview-body" data-testid="preview">
      {view.objection && <Objection failure={view.objection} />}
      <p>
        <b data-testid="preview-seats">{t('open.asks', { seats, atOnce })}</b>
        {view.until !== null && ` ${t('open.until', { at: dayAndTime(view.until) })}`}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('site')}</th>
            <th scope="col">{t('askedIn')}</th>
            <th scope="col">{t('open.atOnce')}</th>
            <th scope="col">{t('open.lease')}</th>
          </tr>
        </thead>
        <tbody>
          {view.sites.map((one) => (
            <tr key={one.site}>
              <th scope="row">{say(one.name)}</th>
              <td>
                {one.seats}
                {one.seats < one.planned && (
                  <small> {t('open.fewer', { seats: one.planned - one.seats })}</small>
                )}
              </td>
              <td>{one.atOnce}</td>
              <td>
                <Standing site={one} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {view.queues.map((queue) => (
        <div key={queue.hotline} className="preview-queue" data-testid={`preview-${queue.hotline}`}>
          <p>
            {t('open.waiting', {
              hotline: queue.hotline,
              name: say(queue.name),
              waiting: queue.waiting,
            })}
          </p>
          {drill ? (
            <p className="hint">{t('open.drillHears')}</p>
          ) : queue.prompt ? (
            <p className="preview-hears">
              {t('open.hears')} <Prompt prompt={queue.prompt} />
            </p>
          ) : (
            <p className="hint">{t('open.hearsNothing')}</p>
          )}
          {!drill && <Outlook forecast={queue.forecast} />}
        </div>
      ))}
      {!drill && <p className="hint">{t('open.peers')}</p>}
    </div>
  );
}

function Standing({ site }: { site: PlanPreview['sites'][number] }) {
  const { t } = useWords();
  const how = !site.leased ? 'noLease' : !site.reached ? 'notReached' : 'leaseGood';
  return (
    <span className={how === 'leaseGood' ? 'is-good' : 'is-bad'}>
      <Shape name={how === 'leaseGood' ? 'tick' : 'alert'} /> {t(`open.${how}`)}
    </span>
  );
}
