import type { Floor } from '../../state/floor.ts';
import { useWords } from '../../state/language.ts';
import type { OwnPlace } from '../../state/own-place.ts';
import { useStore } from '../../state/store.ts';
import { Shape } from '../Shape.tsx';

/** Whether the manager can be put into calls: the line of his own place. Nothing where he has none. */
export function PlaceLight({ floor, place }: { floor: Floor; place: OwnPlace }) {
  const { t } = useWords();
  const { view } = useStore(floor.place);
  const { tab, leg } = useStore(place.state);
  if (!view) return null;
  const { id, line, lineUp } = view.seat;
  const state = tab === 'elsewhere' ? 'elsewhere' : lineUp ? 'up' : 'lost';
  const trouble = leg?.microphone ?? (leg?.line === 'up' ? null : leg?.trouble) ?? null;
  return (
    <>
      <span className={`light is-${state === 'up' ? 'up' : 'lost'}`}>
        <Shape name={state === 'up' ? 'tick' : 'cross'} />
        <span>{t(line === 'phone' ? 'place.phone' : 'place.browser', { id })}</span>
        <b
          role="status"
          data-testid="place-state"
          data-state={state}
          title={trouble ? t(`trouble.${trouble.kind}`) : undefined}
        >
          {t(`place.${state}`)}
        </b>
      </span>
      {tab === 'elsewhere' && (
        <button
          type="button"
          className="quiet"
          data-testid="place-take"
          onClick={() => place.takeHere()}
        >
          {t('place.take')}
        </button>
      )}
      {leg?.soundBlocked && (
        <button type="button" className="quiet" onClick={() => place.allowSound()}>
          {t('allowSound')}
        </button>
      )}
    </>
  );
}
