import { useEffect, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import type { Desk } from '../../state/desk.ts';
import { useWords } from '../../state/language.ts';
import { recall, remember } from '../../state/memory.ts';
import { useStore } from '../../state/store.ts';
import { LanguageButton } from '../LanguageButton.tsx';

export function LogIn({ desk }: { desk: Desk }) {
  const { t, say } = useWords();
  const { logInFailure } = useStore(desk.state);
  const [seat, setSeat] = useState(recall('seat') ?? '');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const passwordField = useRef<HTMLInputElement>(null);
  const seatField = useRef<HTMLInputElement>(null);

  useEffect(() => (seat ? passwordField : seatField).current?.focus(), []);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    remember('seat', seat.trim());
    setBusy(true);
    await desk.logIn(seat.trim(), password);
    setBusy(false);
    passwordField.current?.select();
  }

  const at = (field: string) => (logInFailure?.field === field ? true : undefined);
  return (
    <main className="gate">
      <form className="card" onSubmit={submit}>
        <header>
          <h1>
            {t('product')} <small>{t('logInHeading')}</small>
          </h1>
          <LanguageButton />
        </header>
        <label htmlFor="seat">{t('seatNumber')}</label>
        <input
          id="seat"
          ref={seatField}
          data-testid="log-in-seat"
          value={seat}
          onChange={(event) => setSeat(event.target.value)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          aria-invalid={at('seat')}
          aria-describedby="log-in-failure"
        />
        <label htmlFor="password">{t('password')}</label>
        <input
          id="password"
          ref={passwordField}
          data-testid="log-in-password"
          type="password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          autoComplete="current-password"
          required
          aria-invalid={at('password')}
          aria-describedby="log-in-failure"
        />
        <p id="log-in-failure" className="failure" role="alert" data-testid="log-in-failure">
          {logInFailure && say(logInFailure.words)}
        </p>
        <button type="submit" className="primary" data-testid="log-in" aria-busy={busy}>
          {t(busy ? 'loggingIn' : 'logIn')}
        </button>
        <p className="hint">{t('logInHint')}</p>
      </form>
    </main>
  );
}
