import { useEffect } from 'react';
import type { Desk } from '../../state/desk.ts';
import { useWords } from '../../state/language.ts';
import { useStore } from '../../state/store.ts';
import { Elsewhere } from './Elsewhere.tsx';
import { LogIn } from '../log-in/LogIn.tsx';
import { Shift } from './Shift.tsx';

export function DeskPage({ desk }: { desk: Desk }) {
  const { t } = useWords();
  const { screen, view, logInFailure } = useStore(desk.state);

  useEffect(() => {
    document.title = t('deskTitle');
  }, [t('deskTitle')]);

  if (screen === 'log-in')
    return <LogIn page="/desk" failure={logInFailure} entered={desk.start} />;
  if (screen === 'elsewhere') return <Elsewhere desk={desk} />;
  if (screen === 'desk' && view) return <Shift desk={desk} view={view} />;
  return (
    <p className="opening" role="status">
      {t('loading')}
    </p>
  );
}
