import type { StoryView } from '../../../server/http/ticket-views.ts';
import { dayAndTime } from '../../state/clock.ts';
import { useWords } from '../../state/language.ts';
import { Shape } from '../Shape.tsx';

/** What of the ticket has not reached another deployment, and the way by paper. */
export function Waits({
  waits,
  report,
}: Pick<StoryView, 'waits'> & {
  report(peer: string): void;
}) {
  const { t, say } = useWords();
  return waits.map(({ peer, name, downSince, messages, dead }) => (
    <div key={peer} className="ticket-waits" role="status" data-testid={`waits-${peer}`}>
      <Shape name={dead ? 'alert' : 'wait'} />
      <p>
        {dead
          ? t('waits.dead', { peer: say(name), why: say(dead) })
          : downSince !== null
            ? t('waits.down', { peer: say(name), at: dayAndTime(downSince), count: messages })
            : t('waits.fetches', { peer: say(name), count: messages })}
      </p>
      <button
        type="button"
        className="quiet ticket-key"
        data-testid="show-report"
        onClick={() => report(peer)}
      >
        {t('report')}
      </button>
    </div>
  ));
}
