import type { DeskView } from '../../../server/http/views.ts';
import { pages } from '../../link/build.ts';
import type { Desk, Message } from '../../state/desk.ts';
import { timeOfDay } from '../../state/clock.ts';
import { useWords } from '../../state/language.ts';
import { useStore } from '../../state/store.ts';
import { Shape } from '../Shape.tsx';

/** One place for what the operator must be told: troubles of this desk, then the newest message. */
export function Notices({ desk, view }: { desk: Desk; view: DeskView }) {
  const { t } = useWords();
  const { message, dismissedAt, live } = useStore(desk.state);
  const leg = useStore(desk.leg.state);
  const notice = view.notice && view.notice.at > dismissedAt ? view.notice : null;
  const { stale } = useStore(pages);
  const detail = leg.trouble?.detail ? `（${leg.trouble.detail}）` : '';

  return (
    <div className="notices">
      {!live && <Bar problem testId="server-trouble" words={t('serverLost')} />}
      {leg.trouble && leg.line !== 'up' && (
        <Bar
          problem
          testId="line-trouble"
          words={t(`trouble.${leg.trouble.kind}`) + detail}
          button={t('tryAgain')}
          press={desk.leg.retryNow}
        />
      )}
      {leg.line === 'up' && leg.microphone && (
        <Bar problem testId="microphone-trouble" words={t('microphoneLost')} />
      )}
      {leg.soundBlocked && (
        <Bar
          problem
          testId="sound-blocked"
          words={t('soundBlocked')}
          button={t('allowSound')}
          press={desk.leg.allowSound}
        />
      )}
      {stale && !view.call && (
        <Bar
          testId="stale"
          words={t('stale')}
          button={t('reload')}
          press={() => location.reload()}
        />
      )}
      {notice && (!message || notice.at > message.at) ? (
        <MessageBar desk={desk} message={notice} testId="notice" />
      ) : (
        message && <MessageBar desk={desk} message={message} testId="message" />
      )}
    </div>
  );
}

function MessageBar(props: { desk: Desk; message: Message; testId: string }) {
  const { t, say } = useWords();
  const { kind, words, at } = props.message;
  return (
    <Bar
      problem={kind === 'problem'}
      at={at}
      testId={props.testId}
      words={say(words)}
      button={t('dismiss')}
      press={props.desk.dismiss}
    />
  );
}

function Bar(props: {
  problem?: boolean;
  at?: number;
  testId: string;
  words: string;
  button?: string;
  press?(): void;
}) {
  return (
    <div className={`notice ${props.problem ? 'is-problem' : ''}`}>
      <Shape name={props.problem ? 'alert' : 'dot'} />
      {props.at !== undefined && <time>{timeOfDay(props.at)}</time>}
      <p
        key={props.at}
        role={props.problem ? 'alert' : 'status'}
        data-testid={props.testId}
        title={props.words}
      >
        {props.words}
      </p>
      {props.press && (
        <button type="button" className="quiet" onClick={props.press}>
          {props.button}
        </button>
      )}
    </div>
  );
}
