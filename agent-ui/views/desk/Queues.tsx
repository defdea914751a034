import type { DeskView } from '../../../server/http/views.ts';
import { useWords } from '../../state/language.ts';
import { Elapsed } from '../Elapsed.tsx';

export function Queues({ queues }: { queues: DeskView['queues'] }) {
  const { t } = useWords();
  return (
    <ul className="queues" aria-label={t('queues')}>
      {queues.map((queue) => (
        <li key={queue.hotline} data-testid={`queue-${queue.hotline}`} data-waiting={queue.waiting}>
          <b>{queue.hotline}</b> {t('queueWaiting')} <b>{queue.waiting}</b>
          {queue.longestSince !== null && (
            <>
              ・{t('queueLongest')} <Elapsed since={queue.longestSince} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
