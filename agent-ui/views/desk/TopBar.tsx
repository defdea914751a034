import type { DeskView } from '../../../server/http/views.ts';
import type { Desk } from '../../state/desk.ts';
import { useWords } from '../../state/language.ts';
import { useStore } from '../../state/store.ts';
import type { WordKey } from '../../state/words.ts';
import { Elapsed } from '../Elapsed.tsx';
import { LanguageButton } from '../LanguageButton.tsx';
import { Shape } from '../Shape.tsx';
import type { ShapeName } from '../Shape.tsx';
import { ActionButton } from './ActionButton.tsx';

type Seat = DeskView['seat'];

const STATE_SHAPES: Record<Seat['state'], ShapeName> = {
  'signed-out': 'cross',
  'not-ready': 'pause',
  ready: 'tick',
  offered: 'bell',
  talking: 'voice',
  'wrap-up': 'pen',
};

interface TopBarProps {
  desk: Desk;
  view: DeskView;
  keysOn: boolean;
  switchKeys(): void;
}

export function TopBar({ desk, view, keysOn, switchKeys }: TopBarProps) {
  const { t, say } = useWords();
  const { seat } = view;
  return (
    <header className="top">
      <div className="who">
        <strong>
          {seat.name}
          {seat.site && (
            <small data-testid="seat-site" title={t('seat.site')}>
              <i className="unseen">{t('seat.site')}</i> {say(seat.site.name)}
            </small>
          )}
        </strong>
        <span>
          {seat.id}・{say(seat.hotlineName)}
        </span>
      </div>
      <SeatState seat={seat} />
      <div className="seat-keys" role="group" aria-label={t('group.seat')}>
        {view.actions
          .filter((action) => action.group === 'seat')
          .map((action) => (
            <ActionButton key={action.id} desk={desk} action={action} keysOn={keysOn} tipOnly />
          ))}
      </div>
      <div className="lights">
        <LineState desk={desk} seat={seat} />
        <ServerState desk={desk} />
      </div>
      <div className="page-keys">
        <button
          type="button"
          className="quiet"
          aria-pressed={keysOn}
          data-testid="keys"
          onClick={switchKeys}
        >
          {t(keysOn ? 'keysOn' : 'keysOff')}
        </button>
        <LanguageButton />
        <button
          type="button"
          className="quiet"
          data-testid="log-out"
          onClick={() => void desk.logOut()}
        >
          {t('logOut')}
        </button>
      </div>
    </header>
  );
}

function SeatState({ seat }: { seat: Seat }) {
  const { t, say } = useWords();
  return (
    <div className={`seat-state is-${seat.state}`}>
      <Shape name={STATE_SHAPES[seat.state]} />
      <strong
        role="status"
        aria-label={t('seatState')}
        data-testid="seat-state"
        data-state={seat.state}
      >
        {seat.reason ? say(seat.reason) : t(`seat.${seat.state}`)}
      </strong>
      <Elapsed since={seat.since} />
      {seat.wrapUpEndsAt !== null && (
        <small>
          {t('wrapUpLeft')} <Elapsed until={seat.wrapUpEndsAt} />
        </small>
      )}
    </div>
  );
}

/** For a browser seat both ends must agree that the leg is there. */
function LineState({ desk, seat }: { desk: Desk; seat: Seat }) {
  const { line } = useStore(desk.leg.state);
  const state = seat.line === 'phone' ? (seat.lineUp ? 'up' : 'lost') : bothEnds(line, seat.lineUp);
  const word: WordKey =
    seat.line === 'phone' ? (seat.lineUp ? 'line.phone-up' : 'line.phone-lost') : `line.${state}`;
  return <Light name="line" state={state} word={word} testId="line-state" />;
}

function bothEnds(here: 'off' | 'connecting' | 'up' | 'lost', there: boolean) {
  return here === 'up' && !there ? 'connecting' : here;
}

function ServerState({ desk }: { desk: Desk }) {
  const { live } = useStore(desk.state);
  return (
    <Light
      name="server"
      state={live ? 'up' : 'lost'}
      word={live ? 'server.live' : 'server.lost'}
      testId="server-state"
    />
  );
}

const LIGHT_SHAPES: Record<string, ShapeName> = { up: 'tick', connecting: 'wait', lost: 'cross' };

function Light(props: { name: WordKey; state: string; word: WordKey; testId: string }) {
  const { t } = useWords();
  return (
    <span className={`light is-${props.state}`}>
      <Shape name={LIGHT_SHAPES[props.state] ?? 'ring'} />
      <span>{t(props.name)}</span>
      <b role="status" data-testid={props.testId} data-state={props.state}>
        {t(props.word)}
      </b>
    </span>
  );
}
