import { useState } from 'react';
import type { ReactNode } from 'react';
import type { PlanView } from '../../../server/http/floor-views.ts';
import { useWords } from '../../state/language.ts';

interface Second {
  /** Null: nobody else has to confirm it. */
  readonly fields: ReactNode;
  /** What the request says of it; null: somebody has still to confirm. */
  readonly body: object | null;
}

/** 双人确认: another of those who may open the plan confirms at the same desk, with his own password. */
export function useSecond(plan: PlanView, inEarnest: boolean): Second {
  const { t, say } = useWords();
  const [person, setPerson] = useState('');
  const [password, setPassword] = useState('');
  if (!plan.twoPeople || !inEarnest) return { fields: null, body: {} };
  const fields = (
    <fieldset className="open-how">
      <legend>{t('second')}</legend>
      <label className="field">
        {t('second.who')}
        <select
          data-testid="second-person"
          value={person}
          onChange={({ target }) => setPerson(target.value)}
        >
          <option value="">{t('second.choose')}</option>
          {plan.mayOpen.map(({ id, name }) => (
            <option key={id} value={id}>
              {say(name)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        {t('second.password')}
        <input
          type="password"
          autoComplete="off"
          maxLength={200}
          data-testid="second-password"
          value={password}
          onChange={({ target }) => setPassword(target.value)}
        />
      </label>
    </fieldset>
  );
  const complete = person !== '' && password !== '';
  return { fields, body: complete ? { second: { person, password } } : null };
}
