import type { Action, DeskView } from '../../../server/http/views.ts';
import type { Desk } from '../../state/desk.ts';
import { useWords } from '../../state/language.ts';
import { ActionButton } from './ActionButton.tsx';
import { BigKeys } from './BigKeys.tsx';
import { sharedWhy } from './target.ts';
import { Targets } from './Targets.tsx';

interface ActionsProps {
  desk: Desk;
  view: DeskView;
}

interface RowProps {
  group: Action['group'];
  desk: Desk;
  actions: readonly Action[];
}

/** Everything that can be done to the call, drawn as the server lists it. */
export function Actions({ desk, view }: ActionsProps) {
  const { t } = useWords();
  const of = (group: Action['group']) => view.actions.filter((action) => action.group === group);
  const transfer = of('transfer').filter(({ name }) => name !== 'take-back');
  return (
    <section className="panel actions" aria-label={t('actions')}>
      <Row group="supervise" desk={desk} actions={of('supervise')} />
      <Row group="call" desk={desk} actions={of('call')} />
      <BigKeys desk={desk} actions={view.actions} />
      {transfer.some(({ allowed }) => allowed) && (
        <Row group="transfer" desk={desk} actions={transfer} />
      )}
      <Targets desk={desk} actions={view.actions} />
    </section>
  );
}

function Row({ group, actions, desk }: RowProps) {
  const { t, say } = useWords();
  if (actions.length === 0) return null;
  const why = sharedWhy(actions);
  return (
    <div className={`row of-${group}`} role="group" aria-label={t(`group.${group}`)}>
      <h2>
        {t(`group.${group}`)} {why && <small>{say(why)}</small>}
      </h2>
      <div className="buttons">
        {actions.map((action) => (
          <ActionButton key={action.id} desk={desk} action={action} tipOnly />
        ))}
      </div>
    </div>
  );
}
