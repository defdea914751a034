import type { DeskView } from '../../../server/http/views.ts';
import type { Desk } from '../../state/desk.ts';
import { useWords } from '../../state/language.ts';
import { useStore } from '../../state/store.ts';
import type { WordKey } from '../../words/words.ts';
import { Elapsed } from '../Elapsed.tsx';
import { Switches } from '../common/Switches.tsx';
import { Shape } from '../Shape.tsx';
import type { ShapeName } from '../Shape.tsx';
import { ActionButton } from './ActionButton.tsx';
import { Reasons } from './Reasons.tsx';

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
  showKeys(): void;
  showChecks(): void;
}

export function TopBar({ desk, view, showKeys, showChecks }: TopBarProps) {
  const { t, say } = useWords();
  const { seat } = view;
  const own = view.actions.filter(({ group }) => group === 'seat');
  return (
    <header className="top">
      <div className="who">
        <strong title={seat.name}>
          {seat.name}
          {seat.site && (
            <small data-testid="seat-site" title={t('seat.site')}>
              <i className="unseen">{t('seat.site')}</i> {say(seat.site.name)}
            </small>
          )}
        </strong>
        <span title={say(seat.hotlineName)}>
          {seat.id}・{say(seat.hotlineName)}
        </span>
      </div>
      <SeatState seat={seat} />
      {seat.autoAnswer && (
        <small className="auto-answer" data-testid="auto-answer">
          <Shape name="bell" />
          {t('autoAnswer')}
        </small>
      )}
      <div className="seat-keys" role="group" aria-label={t('group.seat')}>
        {own
          .filter(({ name }) => name === 'ready')
          .map((action) => (
            <ActionButton key={action.id} desk={desk} action={action} tipOnly />
          ))}
        <Reasons desk={desk} actions={own.filter(({ name }) => name === 'not-ready')} />
      </div>
      <div className="lights">
        <LineState desk={desk} seat={seat} />
        <ServerState desk={desk} />
      </div>
      <div className="page-keys">
        {seat.line === 'browser' && (
          <button type="button" className="quiet" data-testid="show-checks" onClick={showChecks}>
            {t('checksShort')}
          </button>
        )}
        <button
          type="button"
          className="quiet"
          data-testid="show-keys"
          aria-haspopup="dialog"
          onClick={showKeys}
        >
          {t('keysTitle')}
        </button>
        <Switches />
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
        {seat.reason && seat.state === 'not-ready' ? say(seat.reason) : t(`seat.${seat.state}`)}
      </strong>
      {seat.wrapUpEndsAt === null ? (
        <Elapsed since={seat.since} />
      ) : (
        <Elapsed until={seat.wrapUpEndsAt} />
      )}
      {seat.reason && seat.state !== 'not-ready' && (
        <small data-testid="seat-then">
          {t('seatThen')} {say(seat.reason)}
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
