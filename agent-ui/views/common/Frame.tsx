import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { pages } from '../../link/build.ts';
import { useWords } from '../../state/language.ts';
import { useStore } from '../../state/store.ts';
import type { Staff } from '../../state/staff.ts';
import { LogIn } from '../log-in/LogIn.tsx';
import { Shape } from '../Shape.tsx';
import { Switches } from './Switches.tsx';
import { tell } from './Toasts.tsx';
import './frame.css';

interface FrameProps {
  staff: Staff;
  /** Further switches of this page. */
  tools?: ReactNode;
  children: ReactNode;
}

/** A page for staff: log-in where needed, then the bar with who, where to and how well, and the page below. */
export function Frame({ staff, tools, children }: FrameProps) {
  const { t } = useWords();
  const { screen, failure } = useStore(staff.state);
  const { known } = useStore(staff.floor.link);
  const title = `${t('product')} · ${t(`page.${staff.page}`)}`;

  useEffect(() => {
    document.title = title;
  }, [title]);

  if (screen === 'log-in') {
    return <LogIn page={staff.page} failure={failure} entered={staff.start} />;
  }
  if (screen === 'loading' || !known) return <Opening staff={staff} />;
  return (
    <div className="frame">
      <Bar staff={staff} tools={tools} />
      <Readiness staff={staff} />
      <Stale staff={staff} />
      {children}
    </div>
  );
}

/** Until the floor is known. */
export function Opening({ staff }: { staff: Staff }) {
  const { t, say } = useWords();
  const { failure } = useStore(staff.state);
  return (
    <p className="opening" role="status">
      {failure ? say(failure.words) : t('loading')}
    </p>
  );
}

/** What of the system is not well, when something is not. */
function Readiness({ staff }: { staff: Staff }) {
  const { t, say } = useWords();
  const { status, reasons } = useStore(staff.floor.readiness);
  return (
    <div role="status">
      {status !== 'ready' && (
        <p className={`readiness is-${status}`} data-testid="readiness" data-status={status}>
          <Shape name="alert" />
          <b>{t(`readiness.${status}`)}</b>
          {reasons.map(({ code, words }) => (
            <span key={code}>{say(words)}</span>
          ))}
        </p>
      )}
    </div>
  );
}

/** After an upgrade; a manager who is with a call is left in peace. */
function Stale({ staff }: { staff: Staff }) {
  const { t } = useWords();
  const { stale } = useStore(pages);
  const { view } = useStore(staff.floor.place);
  if (!stale || view?.call) return null;
  return (
    <p className="readiness is-degraded" role="status" data-testid="stale">
      <Shape name="alert" />
      <span>{t('stale')}</span>
      <button type="button" className="quiet" onClick={() => location.reload()}>
        {t('reload')}
      </button>
    </p>
  );
}

function Bar({ staff, tools }: Pick<FrameProps, 'staff' | 'tools'>) {
  const { t, say } = useWords();
  const { me } = useStore(staff.state);
  const { live } = useStore(staff.floor.link);
  async function logOut() {
    const failure = await staff.logOut();
    if (failure) tell({ kind: 'problem', text: say(failure.words) });
  }
  return (
    <header className="bar">
      <h1>
        {t('product')} <span className="unseen">{t(`page.${staff.page}`)}</span>
      </h1>
      <nav aria-label={t('pages')}>
        {me?.pages.map((page) => (
          <a key={page} href={page} aria-current={page === staff.page ? 'page' : undefined}>
            {t(`page.${page}`)}
          </a>
        ))}
      </nav>
      <div className="bar-end">
        {tools}
        <span className={`light is-${live ? 'up' : 'lost'}`}>
          <Shape name={live ? 'tick' : 'cross'} />
          <span>{t('server')}</span>
          <b role="status" data-testid="server-state" data-state={live ? 'up' : 'lost'}>
            {t(live ? 'server.live' : 'server.lost')}
          </b>
        </span>
        <span className="bar-who">{me && say(me.name)}</span>
        <Switches />
        <button type="button" className="quiet" data-testid="log-out" onClick={() => void logOut()}>
          {t('logOut')}
        </button>
      </div>
    </header>
  );
}
