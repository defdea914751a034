import type { LegView } from '../../../server/http/views.ts';
import { useWords } from '../../state/language.ts';
import { Elapsed } from '../Elapsed.tsx';
import { Shape } from '../Shape.tsx';
import type { ShapeName } from '../Shape.tsx';

const SHAPES: Record<LegView['state'], ShapeName> = {
  waiting: 'wait',
  offered: 'bell',
  dialling: 'wait',
  ringing: 'bell',
  talking: 'voice',
  held: 'pause',
  music: 'pause',
  away: 'alert',
  listening: 'voice',
  whispering: 'voice',
};

export function Legs({ legs }: { legs: readonly LegView[] }) {
  const { t, say } = useWords();
  return (
    <>
      <h3>{t('legs')}</h3>
      <ul className="legs">
        {legs.map((leg) => (
          <li
            key={leg.id}
            className={`is-${leg.state}`}
            data-testid={`leg-${leg.role}`}
            data-state={leg.state}
          >
            <Shape name={SHAPES[leg.state]} />
            <b>
              {say(leg.name)}
              {leg.you && <small>（{t('you')}）</small>}
            </b>
            {leg.number !== null && !leg.you && <span className="leg-number">{leg.number}</span>}
            <span className="leg-state">
              {t(`leg.${leg.state}`)}
              {leg.muted && <em>{t('muted')}</em>}
            </span>
            <Elapsed since={leg.since} />
          </li>
        ))}
      </ul>
    </>
  );
}
