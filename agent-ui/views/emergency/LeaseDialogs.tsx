import { useState } from 'react';
import type { SiteView } from '../../../server/http/floor-views.ts';
import type { Floor } from '../../state/floor.ts';
import { useAll } from '../../state/keyed.ts';
import { useWords } from '../../state/language.ts';
import { WholeField } from '../common/WholeField.tsx';
import { tell } from '../common/Toasts.tsx';
import { WhyDialog } from './WhyDialog.tsx';

/** A site is granted a lease in its place, or its lease goes on. */
export function GrantDialog({
  site,
  floor,
  close,
}: {
  site: SiteView;
  floor: Floor;
  close(): void;
}) {
  const { t, say } = useWords();
  const queues = useAll(floor.queues).filter(({ drill }) => !drill);
  const askedFor = useAll(floor.plans)
    .filter(({ sites }) => sites.some((one) => one.site === site.id))
    .flatMap((plan) => plan.queues);
  const [seats, setSeats] = useState(String(site.lease?.seats ?? site.mostSeats));
  const [minutes, setMinutes] = useState('60');
  const [chosen, setChosen] = useState<readonly string[]>(
    () => site.lease?.queues.map(({ hotline }) => hotline) ?? [...new Set(askedFor)],
  );
  const name = say(site.name);
  const preferenceOf = (hotline: string) =>
    site.lease?.queues.find((one) => one.hotline === hotline)?.preference ?? 1;
  const complete = Number(seats) > 0 && Number(minutes) > 0 && chosen.length > 0;
  return (
    <WhyDialog
      title={t('lease.title', { name })}
      testId="grant-dialog"
      label={t(site.lease ? 'act.renew' : 'act.grant')}
      path={`/api/sites/${site.id}/lease`}
      body={
        complete
          ? {
              seats: Number(seats),
              seconds: Number(minutes) * 60,
              queues: chosen.map((hotline) => ({ hotline, preference: preferenceOf(hotline) })),
            }
          : null
      }
      first
      close={close}
      done={() => tell({ kind: 'done', text: t('done.grant', { name }) })}
    >
      <div className="open-choices">
        <WholeField
          label={t('lease.seats', { most: site.mostSeats })}
          testId="lease-seats"
          value={seats}
          set={setSeats}
        />
        <WholeField
          label={t('lease.minutes')}
          testId="lease-minutes"
          value={minutes}
          set={setMinutes}
        />
        <fieldset className="open-how">
          <legend>{t('lease.hotlines')}</legend>
          {queues.map(({ id, hotline }) => (
            <label key={id}>
              <input
                type="checkbox"
                checked={chosen.includes(hotline)}
                data-testid={`lease-${hotline}`}
                onChange={({ target }) =>
                  setChosen(
                    target.checked ? [...chosen, hotline] : chosen.filter((one) => one !== hotline),
                  )
                }
              />
              {hotline}
            </label>
          ))}
        </fieldset>
      </div>
    </WhyDialog>
  );
}

/** The lease of a site is withdrawn. */
export function WithdrawDialog({ site, close }: { site: SiteView; close(): void }) {
  const { t, say } = useWords();
  const name = say(site.name);
  return (
    <WhyDialog
      title={t('lease.withdrawTitle', { name })}
      testId="withdraw-dialog"
      label={t('act.withdraw')}
      path={`/api/sites/${site.id}/lease`}
      body={{ seconds: 0 }}
      danger
      first
      close={close}
      done={() => tell({ kind: 'done', text: t('done.withdraw', { name }) })}
    >
      <p>{t('lease.withdraw', { busy: site.busy })}</p>
    </WhyDialog>
  );
}
