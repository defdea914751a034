import type { Action, TargetView } from '../../../server/http/views.ts';
import type { Desk } from '../../state/desk.ts';
import { useWords } from '../../state/language.ts';
import { useStore } from '../../state/store.ts';
import { proposal } from '../../state/tickets/proposal.ts';
import { Shape } from '../Shape.tsx';
import { ActionButton } from './ActionButton.tsx';
import { TARGET_SHAPES, targetOf } from './target.ts';

/** 转 110, 三方通话, 接回: what is pressed most, with how it stands over there. */
export function BigKeys({ desk, actions }: { desk: Desk; actions: readonly Action[] }) {
  const { t } = useWords();
  const { targets } = useStore(desk.state);
  const main = actions.filter((action) => action.main);
  const back = actions.find(({ name }) => name === 'take-back');
  if (main.length === 0) return null;
  const target = targets.find(({ id }) => id === targetOf(main[0]!));
  return (
    <div className="row of-one-key" role="group" aria-label={t('bigKeys')}>
      <div className="buttons">
        {main.map((action) => (
          <ActionButton key={action.id} desk={desk} action={action}>
            <BigLabel action={action} target={target} />
          </ActionButton>
        ))}
        {back && <ActionButton desk={desk} action={back} />}
      </div>
      {target && <Standing target={target} />}
      <Proposal />
    </div>
  );
}

/** What the diversion list says of the matter; the keys stay as they are. */
function Proposal() {
  const { t, say } = useWords();
  const { said } = useStore(proposal);
  return (
    <div role="status" className="proposal-place">
      {said && (
        <p className={`proposal is-${said.act}`} data-testid="proposal" data-act={said.act}>
          <b>{t(`proposal.${said.act}`, { target: said.target ?? '' })}</b>
          <span title={say(said.why)}>{say(said.why)}</span>
          {said.guide && <q data-testid="guide">{say(said.guide)}</q>}
        </p>
      )}
    </div>
  );
}

function BigLabel({ action, target }: { action: Action; target: TargetView | undefined }) {
  const { t, say } = useWords();
  return (
    <span className="label">
      {action.group === 'three-way'
        ? t('group.three-way')
        : t('bigOneKey', { target: targetOf(action) })}
      {target && <small>{nameOf(target, say(target.name), action.group === 'three-way')}</small>}
    </span>
  );
}

/** Its number again only where the label does not have it. */
function nameOf({ id }: TargetView, name: string, numbered: boolean): string {
  if (name === id) return numbered ? id : '';
  return numbered ? `${id} ${name}` : name;
}

/** Whether somebody is free over there. */
export function Standing({ target }: { target: TargetView }) {
  const { say } = useWords();
  return (
    <span className={`standing is-${target.state}`} data-testid={`standing-${target.id}`}>
      <Shape name={TARGET_SHAPES[target.state]} />
      <b>{target.id}</b> {say(target.words)}
    </span>
  );
}
