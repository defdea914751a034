import type { CallView, DeskView } from '../../../server/http/views.ts';
import type { Desk } from '../../state/desk.ts';
import { clockText } from '../../state/clock.ts';
import { useWords } from '../../state/language.ts';
import { Elapsed } from '../Elapsed.tsx';
import { Shape } from '../Shape.tsx';
import { ActionButton } from './ActionButton.tsx';
import { Legs } from './Legs.tsx';
import { Offer } from './Offer.tsx';

export function CallCard({ desk, view }: { desk: Desk; view: DeskView }) {
  const { t, say } = useWords();
  const { call, seat } = view;
  if (!call && view.wrapUp) return <Over desk={desk} view={view} last={view.wrapUp} />;
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
    <section
      className={`panel call is-${call.stage} ${seat.state === 'offered' ? 'is-offer' : ''}`}
      aria-label={t('call')}
    >
      {seat.state === 'offered' && call.offerEndsAt !== null && (
        <Offer
          words={t(seat.autoAnswer ? 'autoAnswerSoon' : 'offerLeft')}
          from={seat.since}
          until={call.offerEndsAt}
        />
      )}
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
        {call.region && (
          <div>
            <dt>{t('region')}</dt>
            <dd data-testid="region">{say(call.region)}</dd>
          </div>
        )}
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
        {call.ringsToday !== null && (
          <div>
            <dt>{t('ringsToday')}</dt>
            <dd data-testid="rings-today">{t('times', { count: call.ringsToday })}</dd>
          </div>
        )}
        <div className="key">
          <dt>{t('callKey')}</dt>
          <dd title={call.key}>{call.key}</dd>
        </div>
      </dl>
      <Legs legs={call.legs} />
    </section>
  );
}

/** In wrap-up: the call that it is about. */
function Over(props: { desk: Desk; view: DeskView; last: NonNullable<DeskView['wrapUp']> }) {
  const { desk, view, last } = props;
  const { t, say } = useWords();
  const { wrapUpEndsAt } = view.seat;
  return (
    <section className="panel call is-ended" aria-label={t('call')} data-testid="wrap-up">
      <p className="call-stage">
        <b>{t('stage.ended')}</b>
        <span>{say(last.howWords)}</span>
      </p>
      <p className="number">{last.number === null ? t('withheldNumber') : inGroups(last.number)}</p>
      <dl className="facts">
        <div>
          <dt>{t('talked')}</dt>
          <dd>{clockText(last.talkedMs)}</dd>
        </div>
        {wrapUpEndsAt !== null && (
          <div>
            <dt>{t('wrapUpUntil')}</dt>
            <dd>
              <Elapsed until={wrapUpEndsAt} />
            </dd>
          </div>
        )}
      </dl>
      <p className="hint">{t('wrapUpHint')}</p>
      <div className="wrap-up-keys" role="group" aria-label={t('seat.wrap-up')}>
        {view.actions
          .filter(({ name }) => name.endsWith('-wrap-up'))
          .map((action) => (
            <ActionButton key={action.id} desk={desk} action={action} />
          ))}
      </div>
    </section>
  );
}

/** What sets this call apart from all others; said aloud when it comes about. */
function Marks({ call }: { call: CallView }) {
  const { t, say } = useWords();
  const manager = call.legs.find(({ role, you }) => role === 'supervisor' && !you);
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
      {manager && (
        <b className="mark is-manager" data-testid="mark-manager" data-state={manager.state}>
          <Shape name="voice" />
          {say(manager.name)} {t(`leg.${manager.state}`)}
        </b>
      )}
      {call.help && !manager && (
        <b className="mark is-help" data-testid="mark-help">
          <Shape name="bell" />
          {t('helpAsked')}
        </b>
      )}
      {call.recording && <RecordingMark {...call.recording} />}
    </div>
  );
}

const RECORDING_SHAPES = { on: 'dot', paused: 'pause', failing: 'alert' } as const;

/** 录音: that it runs, is paused until then, or that nothing can be taken. */
function RecordingMark({ state, until }: NonNullable<CallView['recording']>) {
  const { t } = useWords();
  return (
    <b className={`mark is-recording-${state}`} data-testid="mark-recording" data-state={state}>
      <Shape name={RECORDING_SHAPES[state]} />
      {t(`recording.${state}`)} {until !== null && <Elapsed until={until} />}
    </b>
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
        {call.handedBy && (
          <li className="badge is-passed-on" data-testid="handed-by">
            {t('handedBy')} {say(call.handedBy.hotlineName)} {call.handedBy.seat}{' '}
            {say(call.handedBy.name)}
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
