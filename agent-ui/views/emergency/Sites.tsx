import { useState } from 'react';
import type { SiteView } from '../../../server/http/floor-views.ts';
import type { Floor } from '../../state/floor.ts';
import { useAll } from '../../state/keyed.ts';
import { useWords } from '../../state/language.ts';
import { Elapsed } from '../Elapsed.tsx';
import { Shape } from '../Shape.tsx';
import type { ShapeName } from '../Shape.tsx';
import { GrantDialog, WithdrawDialog } from './LeaseDialogs.tsx';

const COUNTS = ['signedIn', 'ready', 'busy'] as const;
/** Of a site those are counted who can be offered a call now; of a plan all who are at work. */
const WORDS = { signedIn: 'signedIn', ready: 'site.free', busy: 'site.busy' } as const;

/** Places elsewhere: who is there, until when they may be asked, and how good the line to them is. */
export function Sites({ floor }: { floor: Floor }) {
  const { t } = useWords();
  const sites = useAll(floor.sites);
  const [wanted, setWanted] = useState<{ site: SiteView; grants: boolean } | null>(null);
  const close = () => setWanted(null);
  return (
    <section className="panel sites" aria-label={t('sites')} data-testid="sites" tabIndex={0}>
      <h2>{t('sites')}</h2>
      <ul>
        {sites.map((site) => (
          <Site key={site.id} site={site} want={(grants) => setWanted({ site, grants })} />
        ))}
      </ul>
      {wanted &&
        (wanted.grants ? (
          <GrantDialog site={wanted.site} floor={floor} close={close} />
        ) : (
          <WithdrawDialog site={wanted.site} close={close} />
        ))}
    </section>
  );
}

function Site({ site, want }: { site: SiteView; want(grants: boolean): void }) {
  const { t, say } = useWords();
  const name = say(site.name);
  const key = (word: 'grant' | 'renew' | 'withdraw') => (
    <button
      type="button"
      className="quiet"
      aria-label={`${t(`act.${word}`)} ${name}`}
      data-testid={`${word === 'withdraw' ? 'withdraw' : 'grant'}-${site.id}`}
      onClick={() => want(word !== 'withdraw')}
    >
      {t(`act.${word}`)}
    </button>
  );
  return (
    <li className="site" data-testid={`site-${site.id}`}>
      <div className="site-row">
        <h3>
          {name} <small>{t(`site.${site.by}`)}</small>
        </h3>
        <p className="site-counts">
          {COUNTS.map((id) => (
            <span key={id}>
              {t(WORDS[id])} <b data-testid={`${id}-${site.id}`}>{site[id]}</b>
            </span>
          ))}
        </p>
      </div>
      <p className="site-line">
        <Reached site={site} />
        <Quality site={site} />
      </p>
      <div className="site-row">
        <p className="site-lease" data-testid={`lease-${site.id}`}>
          {site.lease ? (
            <>
              {t('site.lease', { seats: site.lease.seats })} · {t('plan.left')}{' '}
              <b>
                <Elapsed until={site.lease.until} />
              </b>
            </>
          ) : (
            t(site.standing ? 'site.standing' : 'site.noLease')
          )}
        </p>
        <p className="site-keys">
          {key(site.lease ? 'renew' : 'grant')}
          {site.lease && key('withdraw')}
        </p>
      </div>
    </li>
  );
}

function Reached({ site: { by, line } }: { site: SiteView }) {
  const { t } = useWords();
  const word = by === 'trunk' ? (line.reached ? 'trunkUp' : 'trunkDown') : 'linkUp';
  if (by === 'browser' && line.reached) return null;
  return (
    <span className={line.reached ? 'is-good' : 'is-bad'}>
      <Shape name={line.reached ? 'tick' : 'cross'} /> {t(`site.${word}`)}
    </span>
  );
}

const LINE_SHAPES: Readonly<Record<SiteView['line']['verdict'], ShapeName>> = {
  good: 'tick',
  lower: 'alert',
  out: 'cross',
};

function Quality({ site: { line } }: { site: SiteView }) {
  const { t, say } = useWords();
  const { measured, verdict, words } = line;
  if (!measured) return <span className="hint">{t('site.unmeasured')}</span>;
  const { mos, roundTripMs, loss } = measured;
  return (
    <span
      className={verdict === 'good' ? 'is-good' : verdict === 'lower' ? 'is-lower' : 'is-bad'}
      title={t('site.measured', { ms: roundTripMs, loss: (loss * 100).toFixed(1) })}
    >
      <Shape name={LINE_SHAPES[verdict]} /> {t('site.mos', { mos: mos.toFixed(1) })} {say(words)}
    </span>
  );
}
