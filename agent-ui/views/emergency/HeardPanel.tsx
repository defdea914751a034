import type { Heard } from '../../../server/http/emergency-views.ts';
import { useHeard } from '../../state/emergency.ts';
import type { Floor } from '../../state/floor.ts';
import { useAll } from '../../state/keyed.ts';
import { useWords } from '../../state/language.ts';
import { Prompt } from './Prompt.tsx';

/** What callers of each hotline hear while they wait, now and with each plan that is not open. */
export function HeardPanel({ floor }: { floor: Floor }) {
  const { t, say } = useWords();
  const heard = useHeard(floor);
  const plans = useAll(floor.plans);
  if (!heard) return null;
  const toCome = heard.plans.flatMap(({ plan: id, prompt }) => {
    const plan = plans.find((one) => one.id === id);
    const said = plan?.opening?.drill === false && plan.opening.stage === 'open';
    return plan && !said ? [{ plan, prompt }] : [];
  });
  return (
    <section className="panel heard" aria-label={t('heard')} data-testid="heard" tabIndex={0}>
      <h2>{t('heard')}</h2>
      {heard.hotlines.map(({ hotline, name, hears }) => (
        <div key={hotline}>
          <h3>
            {hotline} {say(name)}
          </h3>
          <ol data-testid={`heard-${hotline}`}>
            {hears.map((one, nth) => (
              <li key={nth} className={one.what === 'plan' ? 'is-plan' : undefined}>
                <When heard={one} />
                {one.prompt && <Prompt prompt={one.prompt} />}
              </li>
            ))}
            <li>{t('heard.music')}</li>
            {toCome
              .filter(({ plan }) => plan.queues.includes(hotline))
              .map(({ plan, prompt }) => (
                <li key={plan.id} className="is-to-come" data-testid={`hears-if-${plan.id}`}>
                  <span>{t('heard.ifOpen', { name: say(plan.name) })}</span>
                  <Prompt prompt={prompt} />
                </li>
              ))}
          </ol>
        </div>
      ))}
    </section>
  );
}

function When({ heard }: { heard: Heard }) {
  const { t } = useWords();
  const { what, afterSeconds, everySeconds, key } = heard;
  return (
    <span>
      {t(`heard.${what}`, { key: key ?? '' })}
      {afterSeconds > 0 && (
        <small>
          {' '}
          {t('heard.after', { seconds: afterSeconds })}
          {everySeconds !== null && ` ${t('heard.every', { seconds: everySeconds })}`}
        </small>
      )}
    </span>
  );
}
