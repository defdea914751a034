import type { FloorSeat } from '../../../server/http/floor-views.ts';
import { useWords } from '../../state/language.ts';
import { SeatBadge } from '../common/SeatBadge.tsx';
import { HandDialog } from './HandDialog.tsx';
import type { ForcedState } from './wishes.ts';

interface ForceDialogProps {
  seat: FloorSeat;
  state: ForcedState;
  close(): void;
  done(): void;
}

/** 强制示闲, 示忙 or 签出. The operator is told by whom and why. */
export function ForceDialog({ seat, state, close, done }: ForceDialogProps) {
  const { t, say } = useWords();
  const inCall = seat.state === 'talking' || seat.state === 'offered';
  return (
    <HandDialog
      title={t(`force.${state}`)}
      testId="force-dialog"
      first
      close={close}
      done={done}
      moves={[]}
      requests={[{ path: `/api/seats/${seat.id}/force`, body: { state } }]}
    >
      <ul className="moves">
        <li>
          <b>{seat.id}</b> {say(seat.name)} <SeatBadge state={seat.state} reason={seat.reason} />
          <span className="move-way">
            → <SeatBadge state={state} />
          </span>
        </li>
      </ul>
      <p className="hint">{t(inCall ? 'force.later' : 'force.told')}</p>
    </HandDialog>
  );
}
