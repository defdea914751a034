import { useEffect } from 'react';
import type { QueueView } from '../../../server/http/floor-views.ts';
import { pages } from '../../link/build.ts';
import { timeOfDay, useSeconds } from '../../state/clock.ts';
import type { Floor } from '../../state/floor.ts';
import { useAll } from '../../state/keyed.ts';
import { useWords } from '../../state/language.ts';
import type { Staff } from '../../state/staff.ts';
import { useStore } from '../../state/store.ts';
import { Figures } from '../common/Figures.tsx';
import { Opening } from '../common/Frame.tsx';
import { SeatCounts } from '../common/SeatCounts.tsx';
import { Hour } from '../common/Hour.tsx';
import { LogIn } from '../log-in/LogIn.tsx';
import { Shape } from '../Shape.tsx';
import './wall.css';

/** 大屏: read from across the hall, touched by nobody. */
export function WallPage({ staff }: { staff: Staff }) {
  const { t } = useWords();
  const { screen, failure } = useStore(staff.state);
  const { known } = useStore(staff.floor.link);
  const { stale } = useStore(pages);
  const title = `${t('product')} · ${t('page./wall')}`;

  // Nobody is there who could press a key.
  useEffect(() => {
    if (stale) location.reload();
  }, [stale]);

  useEffect(() => {
    document.title = title;
  }, [title]);

  if (screen === 'log-in') {
    return <LogIn page="/wall" failure={failure} entered={staff.start} />;
  }
  if (screen === 'loading' || !known) return <Opening staff={staff} />;
  return <Wall floor={staff.floor} />;
}

function Wall({ floor }: { floor: Floor }) {
  const { t } = useWords();
  const queues = useAll(floor.queues).filter(({ drill }) => !drill);
  return (
    <main className="wall">
      <header>
        <h1>{t('wall.title')}</h1>
        <Clock floor={floor} />
      </header>
      <section className="wall-figures" aria-label={t('wall.all')}>
        <Figures floor={floor} hotline="" />
      </section>
      <SeatCounts floor={floor} hotline="" />
      <div className={`wall-queues ${queues.length <= FEW ? 'are-few' : ''}`}>
        {queues.map((queue) => (
          <Queue key={queue.id} queue={queue} floor={floor} />
        ))}
      </div>
      {queues.length <= FEW && (
        <div className="wall-more">
          <Hour hotline="" />
          <Sites floor={floor} />
        </div>
      )}
      <Alarms floor={floor} queues={queues} />
    </main>
  );
}

/** So few hotlines leave room for the curve and the sites. */
const FEW = 2;

/** 职场: how well their lines are, and who is there. */
function Sites({ floor }: { floor: Floor }) {
  const { t, say } = useWords();
  const sites = useAll(floor.sites);
  if (sites.length === 0) return null;
  return (
    <section className="wall-sites" aria-label={t('wall.sites')}>
      <h2>{t('wall.sites')}</h2>
      <ul>
        {sites.map(({ id, name, line, signedIn, ready, busy }) => (
          <li key={id} className={`is-${line.verdict}`}>
            <Shape name={LINE_SHAPES[line.verdict]} />
            <b>{say(name)}</b>
            <small>{say(line.words)}</small>
            <span>{t('wall.siteCounts', { signedIn, ready, busy })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const LINE_SHAPES = { good: 'tick', lower: 'alert', out: 'cross' } as const;

function Queue({ queue, floor }: { queue: QueueView; floor: Floor }) {
  const { say } = useWords();
  return (
    <section className="wall-queue" aria-label={queue.hotline} data-testid={`wall-${queue.id}`}>
      <h2>
        {queue.hotline} <small>{say(queue.name)}</small>
      </h2>
      <div className="wall-queue-figures">
        <Figures floor={floor} hotline={queue.hotline} />
      </div>
      <SeatCounts floor={floor} hotline={queue.hotline} />
    </section>
  );
}

/** Time and whether what is shown is live. */
function Clock({ floor }: { floor: Floor }) {
  const { t } = useWords();
  const { live } = useStore(floor.link);
  const seconds = useSeconds();
  return (
    <p className="wall-clock">
      {!live && (
        <b className="is-lost" role="alert" data-testid="wall-lost">
          <Shape name="cross" />
          {t('wall.lost')}
        </b>
      )}
      <time>{timeOfDay(seconds * 1000)}</time>
    </p>
  );
}

/** What is at alarm, in words: figures, plans that are open, and parts that are not well. */
function Alarms({ floor, queues }: { floor: Floor; queues: readonly QueueView[] }) {
  const { t, say } = useWords();
  const figures = useAll(floor.figures);
  const plans = useAll(floor.plans).filter(({ opening }) => opening !== null);
  const { reasons } = useStore(floor.readiness);
  const alarms = figures.flatMap(({ id: hotline, figures: all }) =>
    hotline === ''
      ? []
      : all.filter(({ level }) => level === 'alarm').map(({ id }) => ({ hotline, id })),
  );
  const overflowing = queues.filter(({ steps }) => steps.some(({ crowded }) => crowded));
  return (
    <div role="status">
      <ul className="wall-alarms" aria-label={t('wall.alarms')} data-testid="wall-alarms">
        {reasons.map(({ code, words }) => (
          <li key={code} className="is-alarm">
            <Shape name="alert" />
            {say(words)}
          </li>
        ))}
        {plans.map(({ id, name, level, opening }) => (
          <li key={id} className={opening?.drill ? 'is-drill' : 'is-alarm'}>
            <Shape name="bell" />
            {t(opening?.drill ? 'wall.planDrill' : 'wall.plan', {
              name: say(name),
              level: say(level.name),
            })}
          </li>
        ))}
        {alarms.map(({ hotline, id }) => (
          <li key={`${hotline} ${id}`} className="is-alarm">
            <Shape name="bell" />
            {hotline} {t(`figure.${id}`)} {t('level.alarm')}
          </li>
        ))}
        {overflowing.map(({ id, hotline }) => (
          <li key={id} className="is-warning">
            <Shape name="alert" />
            {hotline} {t('wall.overflows')}
          </li>
        ))}
      </ul>
    </div>
  );
}
