import { useCallback, useState } from 'react';
import type { PlanView } from '../../../server/http/floor-views.ts';
import { useAll } from '../../state/keyed.ts';
import { useWords } from '../../state/language.ts';
import type { Staff } from '../../state/staff.ts';
import { useStore } from '../../state/store.ts';
import { ActDialog } from './ActDialog.tsx';
import { OpenDialog } from './OpenDialog.tsx';
import { PlanCard } from './PlanCard.tsx';
import type { PlanAct } from './acts.ts';

/** All plans, the open ones first; what is done to one is shown and confirmed before. */
export function Plans({ staff }: { staff: Staff }) {
  const { t } = useWords();
  const plans = useAll(staff.floor.plans);
  const { me } = useStore(staff.state);
  const [wanted, setWanted] = useState<{ plan: PlanView; act: PlanAct } | null>(null);
  const want = useCallback((plan: PlanView, act: PlanAct) => setWanted({ plan, act }), []);
  const close = () => setWanted(null);
  const order = [...plans].sort((a, b) => Number(b.opening !== null) - Number(a.opening !== null));
  return (
    <section className="plans" aria-label={t('plans')}>
      {plans.length === 0 && <p className="hint">{t('noPlans')}</p>}
      {order.map((plan) => (
        <PlanCard key={plan.id} plan={plan} me={me?.id ?? ''} want={want} />
      ))}
      {wanted &&
        (wanted.act === 'open' || wanted.act === 'rehearse' ? (
          <OpenDialog
            plan={wanted.plan}
            drill={wanted.act === 'rehearse'}
            verb="open"
            close={close}
          />
        ) : (
          <ActDialog plan={wanted.plan} act={wanted.act} floor={staff.floor} close={close} />
        ))}
    </section>
  );
}
