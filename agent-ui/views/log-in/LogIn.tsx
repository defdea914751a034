import { useEffect, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import type { Failure, MeView } from '../../../server/http/views.ts';
import { Refusal } from '../../link/rest.ts';
import { logIn } from '../../link/session.ts';
import { useWords } from '../../state/language.ts';
import { recall, remember } from '../../state/memory.ts';
import { Switches } from '../common/Switches.tsx';

interface LogInProps {
  /** Where this log-in stands. Whoever has no business here is led to his own page. */
  page: MeView['pages'][number];
  /** Why one must log in; null: nobody has yet. */
  failure: Failure | null;
  entered(): Promise<void> | void;
}

/** The one way in for all desks: a seat, a person or a site, by what is typed. */
export function LogIn({ page, failure, entered }: LogInProps) {
  const { t, say } = useWords();
  const [account, setAccount] = useState(recall('account') ?? '');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | Failure | null>(failure);
  const passwordField = useRef<HTMLInputElement>(null);
  const accountField = useRef<HTMLInputElement>(null);

  useEffect(() => (account ? passwordField : accountField).current?.focus(), []);
  useEffect(() => setProblem(failure), [failure]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    remember('account', account.trim());
    setBusy(true);
    setProblem(null);
    try {
      const { pages } = await logIn(account.trim(), password);
      const [own] = pages;
      if (pages.includes(page)) await entered();
      else if (own) location.assign(own);
      else setProblem(t('noPage'));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setProblem(error.failure);
    }
    setBusy(false);
    passwordField.current?.select();
  }

  const field = typeof problem === 'string' ? undefined : problem?.field;
  return (
    <main className="gate">
      <form className="card" onSubmit={submit}>
        <header>
          <h1>
            {t('product')} <small>{t('logInHeading')}</small>
          </h1>
          <Switches />
        </header>
        <label htmlFor="account">{t('account')}</label>
        <input
          id="account"
          ref={accountField}
          data-testid="log-in-account"
          value={account}
          onChange={(event) => setAccount(event.target.value)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          aria-invalid={field === 'account' ? true : undefined}
          aria-describedby="log-in-failure account-hint"
        />
        <p id="account-hint" className="hint">
          {t('accountHint')}
        </p>
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
          aria-invalid={field === 'password' ? true : undefined}
          aria-describedby="log-in-failure"
        />
        <p id="log-in-failure" className="failure" role="alert" data-testid="log-in-failure">
          {typeof problem === 'string' ? problem : problem && say(problem.words)}
        </p>
        <button type="submit" className="primary" data-testid="log-in" aria-busy={busy}>
          {t(busy ? 'loggingIn' : 'logIn')}
        </button>
        {page === '/desk' && <p className="hint">{t('logInHint')}</p>}
      </form>
    </main>
  );
}
