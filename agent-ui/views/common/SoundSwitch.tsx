import { switchSound, useSoundSwitch } from '../../state/alarm-sound.ts';
import { useWords } from '../../state/language.ts';

/** Whether figures that come to alarm are heard. */
export function SoundSwitch() {
  const { t } = useWords();
  const on = useSoundSwitch();
  return (
    <button
      type="button"
      className="quiet"
      aria-pressed={on}
      data-testid="sound"
      onClick={switchSound}
    >
      {t(on ? 'soundOn' : 'soundOff')}
    </button>
  );
}
