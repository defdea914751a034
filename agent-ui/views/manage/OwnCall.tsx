import type { Action, CallView } from '../../../server/http/views.ts';
import type { Floor } from '../../state/floor.ts';
import { useWords } from '../../state/language.ts';
import { useStore } from '../../state/store.ts';
import { Elapsed } from '../Elapsed.tsx';
import { Shape } from '../Shape.tsx';
import { ActionMenu } from '../common/ActionMenu.tsx';
import { KeyButton } from './KeyButton.tsx';
import type { KeyWish } from './wishes.ts';

interface OwnCallProps {
  floor: Floor;
  want(wish: KeyWish): void;
}

/** As his leg says it while he is with others; else it is his call. */
const HOWS = ['ringing', 'listening', 'whispering', 'talking'] as const;

/** What lies open as buttons; further ways of transfer are in a menu. */
const OPEN: ReadonlySet<Action['group']> = new Set(['supervise', 'call', 'transfer']);

/** The call that the manager himself is with: how, with whom, since when, and every key. */
export function OwnCall({ floor, want }: OwnCallProps) {
  const { view } = useStore(floor.place);
  if (!view?.call) return null;
  return <Inside call={view.call} actions={view.actions} want={want} />;
}

interface InsideProps {
  call: CallView;
  actions: readonly Action[];
  want(wish: KeyWish): void;
}

function Inside({ call, actions, want }: InsideProps) {
  const { t, say } = useWords();
  const mine = call.legs.find(({ you }) => you);
  const others = call.legs.filter(({ role, you }) => !you && role !== 'caller');
  const number = call.number ?? t('calls.withheld');
  const about = [
    ...(others.length > 0 ? others.map(({ name }) => say(name)) : [call.hotline]),
    number,
  ].join(' · ');
  const more = actions.filter(({ group }) => group !== 'seat' && !OPEN.has(group));
  const how = HOWS.find((one) => mine?.role === 'supervisor' && mine.state === one) ?? 'mine';
  return (
    <section className={`own-call is-${how}`} aria-label={t('own')} data-testid="own-call">
      <Shape name="voice" />
      <b role="status" data-testid="own-how" data-how={how}>
        {t(`own.${how}`)}
      </b>
      <span className="help-about">{about}</span>
      {mine && <Elapsed since={mine.since} />}
      <span className="help-keys">
        {actions
          .filter(
            ({ group, name, allowed }) => OPEN.has(group) && (allowed || name !== 'dismiss-help'),
          )
          .map((action) => (
            <KeyButton key={action.id} action={action} about={about} want={want} />
          ))}
        {more.length > 0 && (
          <ActionMenu
            label={t('own.more')}
            testId="own-more"
            useEntries={() =>
              more.map((action) => ({
                id: action.id,
                label: say(action.label),
                why: action.why && say(action.why),
                act: () => want({ kind: 'key', action, about }),
              }))
            }
          >
            {t('own.more')}
          </ActionMenu>
        )}
      </span>
    </section>
  );
}
