import { useEffect } from 'react';
import type { ReactNode } from 'react';
import type { DeskView } from '../../../server/http/views.ts';
import { allWell, checksOf, type Check } from '../../state/checks.ts';
import type { Desk } from '../../state/desk.ts';
import { useWords } from '../../state/language.ts';
import { useMicrophone } from '../../state/microphone.ts';
import { useNotifications } from '../../state/notifications.ts';
import { useStore } from '../../state/store.ts';
import { testTones, useSoundUnlocked } from '../../state/tones.ts';
import type { WordKey } from '../../words/words.ts';
import { Shape } from '../Shape.tsx';
import type { ShapeName } from '../Shape.tsx';
import { ActionButton } from './ActionButton.tsx';

const SHAPES: Readonly<Record<Check['state'], ShapeName>> = {
  well: 'tick',
  waiting: 'wait',
  trouble: 'cross',
  advised: 'ring',
};

/** What only the page can know. */
const CHECKED = ['microphone', 'sound'] as const;

/** 签入检查: whether calls can come to this page, each thing with its repair. */
export function Checks({ desk, view, done }: { desk: Desk; view: DeskView; done?(): void }) {
  const { t } = useWords();
  const { live } = useStore(desk.state);
  const leg = useStore(desk.leg.state);
  const microphone = useMicrophone(desk.leg, true);
  const soundUnlocked = useSoundUnlocked();
  const { permission, ask } = useNotifications();
  const ready = view.actions.find(({ id }) => id === 'ready');
  const checks = checksOf({
    live,
    leg,
    lineUp: view.seat.lineUp,
    heard: microphone.heard,
    silentMs: microphone.silentMs,
    soundUnlocked,
    notifications: permission,
  });

  const missing = CHECKED.filter((id) =>
    checks.some((one) => one.id === id && one.state !== 'well'),
  );
  useChecksTold(desk, missing.join(' '), live);

  function hearTones() {
    testTones();
    desk.leg.allowSound();
  }

  const repairs: Partial<Record<Check['id'], ReactNode>> = {
    line: leg.line === 'lost' && <Repair name="tryAgain" press={desk.leg.retryNow} />,
    microphone: leg.line === 'lost' && leg.trouble?.kind.startsWith('microphone') && (
      <Repair name="tryAgain" press={desk.leg.retryNow} />
    ),
    sound: <Repair name="testTone" press={hearTones} />,
    notifications: permission === 'default' && <Repair name="allowNotifications" press={ask} />,
  };

  return (
    <section className="panel checks" aria-label={t('checks')} data-testid="checks">
      <h2>{t('checks')}</h2>
      <p className="checks-whole" role="status" data-testid="checks-state">
        {t(allWell(checks) ? 'checksWell' : 'checksNotYet')}
      </p>
      <ul>
        {checks.map((check) => (
          <li
            key={check.id}
            className={`is-${check.state}`}
            data-testid={`check-${check.id}`}
            data-state={check.state}
          >
            <Shape name={SHAPES[check.state]} />
            <b>{t(`check.${check.id}`)}</b>
            <span>
              {t(`check.${check.id}.${check.said}` as WordKey)}
              {check.id === 'microphone' && microphone.level !== null && (
                <Level level={microphone.level} />
              )}
            </span>
            {repairs[check.id]}
          </li>
        ))}
      </ul>
      <div className="checks-keys">
        {ready && <ActionButton desk={desk} action={ready} />}
        {done && (
          <button type="button" className="quiet" data-testid="checks-close" onClick={done}>
            {t('checksClose')}
          </button>
        )}
      </div>
    </section>
  );
}

/** The server lets nobody be ready who has told that something is missing; a new controller is told anew. */
function useChecksTold(desk: Desk, missing: string, live: boolean) {
  useEffect(() => {
    if (live) void desk.tellChecks(missing === '' ? [] : missing.split(' '));
  }, [desk, missing, live]);
}

function Repair({ name, press }: { name: WordKey; press(): void }) {
  const { t } = useWords();
  return (
    <button type="button" className="quiet" data-testid={`repair-${name}`} onClick={press}>
      {t(name)}
    </button>
  );
}

function Level({ level }: { level: number }) {
  const { t } = useWords();
  const shown = Math.round(Math.min(1, Math.sqrt(level)) * 100);
  return (
    <span
      className="level"
      role="meter"
      aria-label={t('microphoneLevel')}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={shown}
    >
      <i style={{ width: `${shown}%` }} />
    </span>
  );
}
