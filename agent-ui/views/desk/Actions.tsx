import type { Action, DeskView, Words } from '../../../server/http/views.ts';
import type { Desk } from '../../state/desk.ts';
import { useWords } from '../../state/language.ts';
import { ActionButton } from './ActionButton.tsx';

interface ActionsProps {
  desk: Desk;
  view: DeskView;
  keysOn: boolean;
}

interface GroupProps extends Omit<ActionsProps, 'view'> {
  group: Action['group'];
  actions: readonly Action[];
}

/** Everything that can be done to the call, drawn as the server lists it. */
export function Actions({ desk, view, keysOn }: ActionsProps) {
  const { t } = useWords();
  const of = (group: Action['group']): GroupProps => ({
    group,
    desk,
    keysOn,
    actions: view.actions.filter((action) => action.group === group),
  });
  return (
    <section className="panel actions" id="actions" tabIndex={-1} aria-label={t('actions')}>
      <Row {...of('call')} />
      <Row {...of('transfer')} />
      <Row {...of('one-key')} />
      <div className="ways">
        <Column {...of('three-way')} />
        <Column {...of('consult')} />
        <Column {...of('release')} />
      </div>
    </section>
  );
}

function Row({ group, actions, desk, keysOn }: GroupProps) {
  const { t, say } = useWords();
  if (actions.length === 0) return null;
  const why = sharedWhy(actions);
  const live = actions.some((action) => action.allowed);
  const tipOnly = why !== null || (group === 'transfer' && !live);
  return (
    <div
      className={`row of-${group} ${live ? 'is-live' : ''}`}
      role="group"
      aria-label={t(`group.${group}`)}
    >
      <h2>
        {t(`group.${group}`)} {why && <small>{say(why)}</small>}
      </h2>
      <div className="buttons">
        {actions.map((action) => (
          <ActionButton
            key={action.id}
            desk={desk}
            action={action}
            keysOn={keysOn}
            tipOnly={tipOnly}
          />
        ))}
      </div>
    </div>
  );
}

function Column({ group, actions, desk, keysOn }: GroupProps) {
  const { t, say } = useWords();
  if (actions.length === 0) return null;
  const why = sharedWhy(actions);
  return (
    <div className={`column of-${group}`} role="group" aria-label={t(`group.${group}`)}>
      <h2>
        {t(`group.${group}`)} {why && <small>{say(why)}</small>}
      </h2>
      {actions.map((action) => (
        <ActionButton
          key={action.id}
          desk={desk}
          action={action}
          keysOn={keysOn}
          tipOnly={why !== null}
        />
      ))}
    </div>
  );
}

/** The reason all of them share, to be said once. */
function sharedWhy(actions: readonly Action[]): Words | null {
  const [first] = actions;
  if (!first?.why || actions.length < 2) return null;
  return actions.every((action) => !action.allowed && action.why?.zh === first.why?.zh)
    ? first.why
    : null;
}
