import type { CallView, DeskView } from '../../../server/http/views.ts';
import { clockText } from '../../state/clock.ts';
import { useWords } from '../../state/language.ts';
import { Elapsed } from '../Elapsed.tsx';
import { Shape } from '../Shape.tsx';
import { Legs } from './Legs.tsx';

export function CallCard({ view }: { view: DeskView }) {
  const { t, say } = useWords();
  const { call } = view;
  if (!call) {
    return (
      <section className="panel call no-call" aria-label={t('call')}>
        <Shape name="wait" />
        <h2>{t('noCall')}</h2>
        <p>{t(view.seat.state === 'ready' ? 'noCallReady' : 'noCallNotReady')}</p>
      </section>
    );
  }
  return (
    <section className={`panel call is-${call.stage}`} aria-label={t('call')}>
      <p className="call-stage">
        <b role="status" data-testid="call-stage" data-stage={call.stage}>
          {t(`stage.${call.stage}`)}
        </b>
        <span>
          {t('dialled')} {say(call.hotlineName)}
        </span>
      </p>
      <Marks call={call} />
      <Caller call={call} />
      <dl className="facts">
        <div>
          <dt>{t('waited')}</dt>
          <dd>{clockText(call.waitedMs)}</dd>
        </div>
        <div>
          <dt>{t('lasted')}</dt>
          <dd>
            <Elapsed since={call.since} />
          </dd>
        </div>
        <div className="key">
          <dt>{t('callKey')}</dt>
          <dd title={call.key}>{call.key}</dd>
        </div>
      </dl>
      <Legs legs={call.legs} />
    </section>
  );
}

/** What sets this call apart from all others; said aloud when it comes about. */
function Marks({ call }: { call: CallView }) {
  const { t } = useWords();
  return (
    <div className="marks" role="status">
      {call.danger && (
        <b className="mark is-danger" data-testid="mark-danger">
          <Shape name="alert" />
          {t('danger')}
        </b>
      )}
      {call.drill && (
        <b className="mark is-drill" data-testid="mark-drill">
          <Shape name="ring" />
          {t('drill')}
        </b>
      )}
    </div>
  );
}

function Caller({ call }: { call: CallView }) {
  const { t, say } = useWords();
  return (
    <div className="caller">
      <p className="number" data-testid="caller-number" aria-label={t('callerNumber')}>
        {call.number === null ? t('withheldNumber') : inGroups(call.number)}
      </p>
      <ul className="badges">
        {call.callBack && (
          <li className="badge is-call-back" data-testid="call-back">
            <Shape name="back" />
            {t('callBack')}
            {call.callBack.number !== call.number && <span>{call.callBack.number}</span>}
            {call.callBack.attempt > 0 && (
              <span>
                {t('callBackTimes')}
                {call.callBack.attempt}
              </span>
            )}
          </li>
        )}
        {call.passedOnBy.length > 0 && (
          <li className="badge is-passed-on" data-testid="passed-on-by">
            {t('passedOnBy')}{' '}
            {call.passedOnBy.map((by) => nameAndNumber(by.number, say(by.name))).join(' ← ')}
          </li>
        )}
        {call.withheld && call.number !== null && (
          <li className="badge is-warning">
            <Shape name="alert" />
            {t('withheldBadge')}
          </li>
        )}
        {!call.asserted && call.number !== null && (
          <li className="badge is-warning" data-testid="not-asserted">
            <Shape name="alert" />
            {t('notAsserted')}
          </li>
        )}
      </ul>
    </div>
  );
}

/** Mobile numbers are read 3-4-4; the gaps are drawn, so that copying gives the bare number. */
function inGroups(number: string) {
  const groups = /^(1\d{2})(\d{4})(\d{4})$/.exec(number)?.slice(1) ?? [number];
  return groups.map((group, index) => <span key={index}>{group}</span>);
}

const nameAndNumber = (number: string, name: string): string =>
  name === number ? number : `${number} ${name}`;
