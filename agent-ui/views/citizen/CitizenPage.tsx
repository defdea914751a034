import { useEffect, useState } from 'react';
import type { FormEvent } from 'react';
import type { Citizen, CitizenState } from '../../state/citizen.ts';
import { clockText } from '../../state/clock.ts';
import { useWords } from '../../state/language.ts';
import { useStore } from '../../state/store.ts';
import type { WordKey } from '../../words/words.ts';
import { Elapsed } from '../Elapsed.tsx';
import { Switches } from '../common/Switches.tsx';
import { Shape } from '../Shape.tsx';
import type { ShapeName } from '../Shape.tsx';

const NUMBER = /^\d{3,15}$/;

export function CitizenPage({ citizen }: { citizen: Citizen }) {
  const { t, say } = useWords();
  const state = useStore(citizen.state);
  const [number, setNumber] = useState('13800138000');
  const [chosen, setChosen] = useState<string | null>(null);
  const [withhold, setWithhold] = useState(false);

  const hotlines = state.line?.hotlines ?? [];
  const hotline = chosen ?? hotlines[0]?.number;
  const busy = ['dialling', 'ringing', 'talking'].includes(state.call);
  const numberOk = NUMBER.test(number);

  useEffect(() => {
    document.title = t('citizenTitle');
  }, [t('citizenTitle')]);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) citizen.hangUp();
    else if (numberOk && hotline) citizen.ring({ number, hotline, withhold });
  }

  return (
    <main className="gate">
      <form className="card phone" onSubmit={submit}>
        <header>
          <h1>{t('citizenHeading')}</h1>
          <Switches />
        </header>
        <p className="hint">{t('citizenHint')}</p>
        {state.failure && (
          <p className="failure" role="alert" data-testid="citizen-failure">
            {t('citizenOff')}：{say(state.failure.words)}
          </p>
        )}
        <label htmlFor="number">{t('yourNumber')}</label>
        <input
          id="number"
          data-testid="citizen-number"
          value={number}
          onChange={(event) => setNumber(event.target.value.replace(/\D/g, ''))}
          inputMode="numeric"
          autoComplete="off"
          maxLength={15}
          disabled={busy}
          aria-invalid={!numberOk}
          aria-describedby="number-wrong"
        />
        <p id="number-wrong" className="failure">
          {!numberOk && t('numberWrong')}
        </p>
        <fieldset disabled={busy}>
          <legend>{t('ringWhom')}</legend>
          {hotlines.map((one) => (
            <label
              key={one.number}
              className="hotline"
              data-testid={`citizen-hotline-${one.number}`}
            >
              <input
                type="radio"
                name="hotline"
                checked={hotline === one.number}
                onChange={() => setChosen(one.number)}
              />
              <b>{one.number}</b>
              <span>{say(one.name)}</span>
            </label>
          ))}
        </fieldset>
        <label className="check">
          <input
            type="checkbox"
            data-testid="citizen-withhold"
            checked={withhold}
            disabled={busy}
            onChange={(event) => setWithhold(event.target.checked)}
          />
          {t('withhold')}
        </label>
        <Display state={state} citizen={citizen} />
        <div className="keys">
          <button
            type="submit"
            className="go"
            data-testid="citizen-ring"
            disabled={busy || !numberOk || !hotline}
          >
            {t('ring')}
          </button>
          <button
            type="button"
            className="stop"
            data-testid="citizen-hang-up"
            disabled={!busy}
            onClick={citizen.hangUp}
          >
            {t('hangUp')}
          </button>
        </div>
      </form>
    </main>
  );
}

const SHAPES: Record<CitizenState['call'], ShapeName> = {
  idle: 'ring',
  dialling: 'wait',
  ringing: 'bell',
  talking: 'voice',
  over: 'dot',
  failed: 'alert',
};

function Display({ state, citizen }: { state: CitizenState; citizen: Citizen }) {
  const { t } = useWords();
  return (
    <div className={`display is-${state.call}`}>
      <Shape name={SHAPES[state.call]} />
      <b role="status" data-testid="citizen-state" data-state={state.call}>
        {t(`citizen.${state.call}`)}
      </b>
      <span className="clock">
        {state.call === 'talking' ? <Elapsed since={state.since} /> : clockText(state.lastedMs)}
      </span>
      {state.trouble && (
        <p role="alert">
          {t(wordOfTrouble(state.trouble.kind))} {state.trouble.detail}
        </p>
      )}
      {state.soundBlocked && (
        <button type="button" className="quiet" onClick={citizen.allowSound}>
          {t('allowSound')}
        </button>
      )}
    </div>
  );
}

type TroubleKind = NonNullable<CitizenState['trouble']>['kind'];

function wordOfTrouble(kind: TroubleKind): WordKey {
  if (kind === 'refused' || kind === 'socket' || kind === 'media') return `failed.${kind}`;
  return `trouble.${kind}`;
}
