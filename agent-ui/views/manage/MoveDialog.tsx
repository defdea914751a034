import { useWords } from '../../state/language.ts';
import { SeatBadge } from '../common/SeatBadge.tsx';
import { HandDialog } from './HandDialog.tsx';
import { workOf } from './wishes.ts';
import type { Move } from './wishes.ts';

interface MoveDialogProps {
  moves: readonly Move[];
  close(): void;
  done(): void;
}

/** 调动: from which queues to which, with the forecast before. A seat in a call changes after it. */
export function MoveDialog({ moves, close, done }: MoveDialogProps) {
  const { t, say } = useWords();
  const inCall = moves.some(({ seat }) => seat.state === 'talking' || seat.state === 'offered');
  return (
    <HandDialog
      title={t('move.title')}
      testId="move-dialog"
      first
      close={close}
      done={done}
      moves={moves.map(({ seat, hotlines }) => ({ seat: seat.id, hotlines: [...hotlines] }))}
      requests={moves.map(({ seat, hotlines }) => ({
        path: `/api/seats/${seat.id}/move`,
        body: { hotlines, version: seat.version },
      }))}
    >
      <ul className="moves">
        {moves.map(({ seat, hotlines }) => (
          <li key={seat.id}>
            <b>{seat.id}</b> {say(seat.name)} <SeatBadge state={seat.state} reason={seat.reason} />
            <span className="move-way">
              {workOf(seat).hotlines.join('、') || t('noQueue')} →{' '}
              <b>{hotlines.join('、') || t('noQueue')}</b>
            </span>
          </li>
        ))}
      </ul>
      {inCall && <p className="hint">{t('move.inCall')}</p>}
    </HandDialog>
  );
}
