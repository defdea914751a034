import { useState } from 'react';
import type { PlanView } from '../../../server/http/floor-views.ts';
import { useAlarmSound } from '../../state/alarm-sound.ts';
import { usePreview } from '../../state/emergency.ts';
import { useAll } from '../../state/keyed.ts';
import { useWords } from '../../state/language.ts';
import { useStore } from '../../state/store.ts';
import type { Staff } from '../../state/staff.ts';
import { Elapsed } from '../Elapsed.tsx';
import { Shape } from '../Shape.tsx';
import { ActDialog } from './ActDialog.tsx';
import { LevelBadge } from './LevelBadge.tsx';
import { OpenDialog } from './OpenDialog.tsx';
import { Bars } from './Outlook.tsx';

type Proposal = NonNullable<PlanView['proposal']>;

/** What forecasts propose: told at once, heard where sound is on, drawn, and accepted or dismissed. */
export function Proposals({ staff }: { staff: Staff }) {
  const { t, say } = useWords();
  const plans = useAll(staff.floor.plans);
  const { me } = useStore(staff.state);
  const [wanted, setWanted] = useState<{ plan: PlanView; act: 'accept' | 'dismiss' } | null>(null);
  const open = plans.flatMap((plan) => (plan.proposal ? [{ plan, proposal: plan.proposal }] : []));
  const close = () => setWanted(null);
  useAlarmSound(open.length);
  return (
    <>
      <div role="alert" className="unseen">
        {open.map(({ plan, proposal }) => (
          <p key={proposal.id}>
            {t('proposal', { name: say(plan.name) })} {t('proposal.why', { seats: proposal.seats })}
          </p>
        ))}
      </div>
      {open.map(({ plan, proposal }) => (
        <ProposalCard
          key={proposal.id}
          plan={plan}
          proposal={proposal}
          mine={plan.mayOpen.some(({ id }) => id === me?.id)}
          want={(act) => setWanted({ plan, act })}
        />
      ))}
      {wanted?.act === 'accept' && (
        <OpenDialog plan={wanted.plan} drill={false} verb="accept" close={close} />
      )}
      {wanted?.act === 'dismiss' && (
        <ActDialog plan={wanted.plan} act="dismiss" floor={staff.floor} close={close} />
      )}
    </>
  );
}

interface ProposalCardProps {
  plan: PlanView;
  proposal: Proposal;
  mine: boolean;
  want(act: 'accept' | 'dismiss'): void;
}

function ProposalCard({ plan, proposal, mine, want }: ProposalCardProps) {
  const { t, say, list } = useWords();
  const name = say(plan.name);
  return (
    <article
      className="panel proposal"
      aria-label={t('proposal', { name })}
      data-testid={`proposal-${plan.id}`}
    >
      <header className="plan-head">
        <Shape name="bell" />
        <h2>{t('proposal', { name })}</h2>
        <LevelBadge level={plan.level} />
        <span className="proposal-left">
          {t('proposal.expires')}{' '}
          <b>
            <Elapsed until={proposal.expiresAt} />
          </b>
        </span>
      </header>
      <p data-testid={`proposal-seats-${plan.id}`}>
        <b>{t('proposal.why', { seats: proposal.seats })}</b>
      </p>
      <Drawn plan={plan} proposal={proposal} />
      <footer className="plan-keys">
        {mine ? (
          (['accept', 'dismiss'] as const).map((act) => (
            <button
              key={act}
              type="button"
              className={act === 'accept' ? 'primary' : 'quiet'}
              aria-label={`${t(`act.${act}`)} ${name}`}
              data-testid={`${act}-${plan.id}`}
              onClick={() => want(act)}
            >
              {t(`act.${act}`)}
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

/** As it is, with the plan where that can be worked out, and with the seats that would mend it. */
function Drawn({ plan, proposal }: Pick<ProposalCardProps, 'plan' | 'proposal'>) {
  const { t } = useWords();
  const as = JSON.stringify([proposal.seats, proposal.without]);
  const { view } = usePreview(plan.id, { drill: false, hours: null, as });
  const [worst] = (view?.queues ?? [])
    .flatMap(({ forecast }) => forecast ?? [])
    .sort((a, b) => (a.without.at(-1)?.inTime ?? 1) - (b.without.at(-1)?.inTime ?? 1));
  const then = worst?.with.at(-1);
  return (
    <Bars
      share={worst?.share ?? SHARE}
      bars={[
        { name: t('forecast.without'), ...proposal.without },
        ...(then ? [{ name: t('forecast.with', { seats: worst?.more ?? 0 }), ...then }] : []),
        { name: t('forecast.mended', { seats: proposal.seats }), ...proposal.with },
      ]}
    />
  );
}

/** As long as the server has not said it: so many should be answered in time. */
const SHARE = 0.8;
