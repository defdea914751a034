import { useCallback, useState } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import type { Failure } from '../../../server/http/views.ts';
import { Refusal, perform } from '../../link/rest.ts';
import { useAlarmSound } from '../../state/alarm-sound.ts';
import type { Floor } from '../../state/floor.ts';
import { useOne } from '../../state/keyed.ts';
import { useWords } from '../../state/language.ts';
import { NO_FILTER } from '../../state/seat-filter.ts';
import type { OwnPlace } from '../../state/own-place.ts';
import type { Staff } from '../../state/staff.ts';
import { Figures } from '../common/Figures.tsx';
import { Frame } from '../common/Frame.tsx';
import { Hour } from '../common/Hour.tsx';
import { SeatCounts } from '../common/SeatCounts.tsx';
import { SoundSwitch } from '../common/SoundSwitch.tsx';
import { Toasts, tell } from '../common/Toasts.tsx';
import { Board } from './Board.tsx';
import { Filters } from './Filters.tsx';
import { HelpAlarms } from './HelpAlarms.tsx';
import { KeyDialog } from './KeyDialog.tsx';
import { OwnCall } from './OwnCall.tsx';
import { PlaceLight } from './PlaceLight.tsx';
import { Side } from './Side.tsx';
import { WishDialog } from './WishDialog.tsx';
import type { KeyWish, Wish } from './wishes.ts';
import './manage.css';

/** The seat managers’ desk: figures, queues with their seats, calls, and what was done. */
export function ManagePage({ staff, place }: { staff: Staff; place: OwnPlace }) {
  const { language } = useWords();
  return (
    <I18nProvider locale={language === 'zh' ? 'zh-CN' : 'en-US'}>
      <Frame
        staff={staff}
        tools={
          <>
            <PlaceLight floor={staff.floor} place={place} />
            <SoundSwitch />
          </>
        }
      >
        <Manage staff={staff} />
      </Frame>
      <Toasts />
    </I18nProvider>
  );
}

function Manage({ staff }: { staff: Staff }) {
  const { t, say } = useWords();
  const { floor } = staff;
  const [filter, setFilter] = useState(NO_FILTER);
  const [wish, setWish] = useState<Wish | KeyWish | null>(null);
  const press = useCallback(
    async ({ action }: KeyWish) => {
      const failed = (words: Failure['words']) => tell({ kind: 'problem', text: say(words) });
      if (!action.allowed) return failed(action.why ?? action.label);
      try {
        await perform(action.request);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        failed(error.failure.words);
      }
    },
    [say],
  );
  const want = useCallback(
    (wanted: Wish | KeyWish) => {
      if (wanted.kind === 'key' && !takesTheCall(wanted)) void press(wanted);
      else setWish(wanted);
    },
    [press],
  );
  return (
    <main className="manage" tabIndex={-1}>
      <FigureAlarms floor={floor} />
      <HelpAlarms floor={floor} want={want} />
      <OwnCall floor={floor} want={want} />
      <div className="figures" role="group" aria-label={t('figures')}>
        <Figures floor={floor} hotline={filter.hotline} />
        <SeatCounts floor={floor} hotline={filter.hotline} />
      </div>
      <Filters floor={floor} filter={filter} change={setFilter} />
      <div className="manage-columns">
        <Board floor={floor} filter={filter} want={want} />
        <aside className="manage-side">
          <Hour hotline={filter.hotline} />
          <Side floor={floor} hotline={filter.hotline} want={want} />
        </aside>
      </div>
      {wish?.kind === 'key' && (
        <KeyDialog wish={wish} press={(one) => void press(one)} close={() => setWish(null)} />
      )}
      {wish && wish.kind !== 'key' && (
        <WishDialog staff={staff} wish={wish} close={() => setWish(null)} />
      )}
    </main>
  );
}

const takesTheCall = ({ action: { name, allowed } }: KeyWish): boolean =>
  allowed && (name === 'take-over' || name === 'end-call');

/** Heard while figures of all hotlines together are at alarm. */
function FigureAlarms({ floor }: { floor: Floor }) {
  const figures = useOne(floor.figures, '')?.figures ?? [];
  useAlarmSound(figures.filter(({ level }) => level === 'alarm').length);
  return null;
}
