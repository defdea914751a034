import { memo, useCallback, useMemo } from 'react';
import { GridList } from 'react-aria-components/GridList';
import { isTextDropItem, useDragAndDrop } from 'react-aria-components/useDragAndDrop';
import type { DropItem } from 'react-aria-components/useDragAndDrop';
import { ListLayout, Virtualizer } from 'react-aria-components/Virtualizer';
import type { QueueView } from '../../../server/http/floor-views.ts';
import type { Floor } from '../../state/floor.ts';
import { useOfAll, useOne } from '../../state/keyed.ts';
import { useWords } from '../../state/language.ts';
import { isIdle, useSeatsOf } from '../../state/seat-filter.ts';
import type { SeatFilter, SeatId } from '../../state/seat-filter.ts';
import { Elapsed } from '../Elapsed.tsx';
import { Shape } from '../Shape.tsx';
import { useSeatCounts } from '../common/SeatCounts.tsx';
import { SeatRow } from './SeatRow.tsx';
import type { KeyWish, Wish } from './wishes.ts';
import { moved } from './wishes.ts';

interface BoardProps {
  floor: Floor;
  filter: SeatFilter;
  /** Something is wanted: it is previewed before it is done. */
  want(wish: Wish | KeyWish): void;
}

const SEAT = 'application/x-liandong-seat';
const ROW_PX = 40;

/** Queues side by side with their seats, live. A seat is moved by dragging it to another queue, or by its menu. */
export function Board({ floor, filter, want }: BoardProps) {
  const { t } = useWords();
  const ids = useOfAll(floor.queues, floor.queues.ids);
  const queues = ids.filter((id) => filter.hotline === '' || id === filter.hotline);
  const unassigned = useOfAll(floor.seats, (seats) => seats.some(isIdle));
  return (
    <div className="board" role="group" aria-label={t('board')}>
      <div className="board-queues">
        {queues.map((id) => (
          <section key={id} className="queue" aria-label={id} data-testid={`board-${id}`}>
            <QueueHead id={id} floor={floor} want={want} />
            <Seats floor={floor} queueId={id} filter={filter} want={want} />
          </section>
        ))}
      </div>
      {unassigned && filter.hotline === '' && (
        <section className="queue of-none" aria-label={t('noQueue')} data-testid="board-none">
          <header className="queue-head">
            <h2>{t('noQueue')}</h2>
          </header>
          <Seats floor={floor} queueId={null} filter={filter} want={want} />
        </section>
      )}
    </div>
  );
}

function QueueHead({ id, ...props }: { id: string } & Pick<BoardProps, 'floor' | 'want'>) {
  const queue = useOne(props.floor.queues, id);
  return queue ? <Head queue={queue} {...props} /> : null;
}

function Head({ queue, floor, want }: { queue: QueueView } & Pick<BoardProps, 'floor' | 'want'>) {
  const { t, say } = useWords();
  const counts = useSeatCounts(floor, queue.hotline);
  const here = Object.values(counts).reduce((sum, one) => sum + one, 0) - counts['signed-out'];
  return (
    <header className="queue-head">
      <h2>
        {queue.hotline} <small>{say(queue.name)}</small>
        {queue.drill && <small className="drill">{t('drill')}</small>}
      </h2>
      <p className="queue-facts">
        <span>
          {t('figure.waiting')} <b data-testid={`waiting-${queue.id}`}>{queue.waiting}</b>
        </span>
        {queue.longestSince !== null && (
          <span>
            {t('figure.longest')}{' '}
            <b>
              <Elapsed since={queue.longestSince} />
            </b>
          </span>
        )}
        <span>
          {t('readyOf')} <b>{counts.ready}</b> / {here}
        </span>
        {queue.steps.some(({ crowded }) => crowded) && (
          <span className="overflows">
            <Shape name="alert" />
            {t('overflowing')}
          </span>
        )}
      </p>
      {!queue.drill && (
        <button
          type="button"
          className="quiet"
          data-testid={`queue-settings-${queue.id}`}
          onClick={() => want({ kind: 'queue', queue })}
        >
          {t('queueSettings')}
        </button>
      )}
    </header>
  );
}

interface SeatsProps extends BoardProps {
  /** Null: of those that work for no hotline. */
  queueId: string | null;
}

/** That more people wait is no reason for making the rows anew: of the queue only what stays is looked at. */
const Seats = memo(function Seats({ floor, queueId, filter, want }: SeatsProps) {
  const { t, say } = useWords();
  const queue = queueId === null ? undefined : floor.queues.get(queueId);
  const hotline = queue?.hotline ?? null;
  const items = useSeatsOf(floor.seats, hotline, filter);
  const receives = queue !== undefined && !queue.drill;
  const options = useMemo(
    () => ({
      getItems: (keys: Set<string | number>) =>
        [...keys].map((key) => ({
          [SEAT]: JSON.stringify({ seat: key, from: hotline }),
          'text/plain': String(key),
        })),
      acceptedDragTypes: receives ? [SEAT] : [],
      getDropOperation: () => 'move' as const,
      onRootDrop: ({ items: dropped }: { items: DropItem[] }) => {
        void seatsIn(dropped).then((all) => {
          const from = all.filter((one) => one.from !== hotline);
          if (hotline === null || from.length === 0) return;
          const moves = from.flatMap((one) => {
            const seat = floor.seats.get(one.seat);
            return seat ? [{ seat, hotlines: moved(seat, one.from, hotline) }] : [];
          });
          want({ kind: 'move', moves });
        });
      },
    }),
    [floor, hotline, receives, want],
  );
  const { dragAndDropHooks } = useDragAndDrop(receives ? options : { getItems: options.getItems });
  const seat = useCallback(
    ({ id }: SeatId) => <SeatRow id={id} floor={floor} hotline={hotline} want={want} />,
    [floor, hotline, want],
  );
  const name = queue ? `${queue.hotline} ${say(queue.name)}` : t('noQueue');
  return (
    <Virtualizer layout={ListLayout} layoutOptions={LAYOUT}>
      <GridList
        className="seats"
        aria-label={t('seatsOf', { name })}
        items={items}
        selectionMode="multiple"
        selectionBehavior="replace"
        dragAndDropHooks={dragAndDropHooks}
        renderEmptyState={() => <p className="hint">{t('nothing')}</p>}
      >
        {seat}
      </GridList>
    </Virtualizer>
  );
});

const LAYOUT = { rowHeight: ROW_PX };

/** Seats that were dropped, and the hotline whose list they were dragged from. */
async function seatsIn(items: readonly DropItem[]) {
  const texts = await Promise.all(
    items.flatMap((item) =>
      isTextDropItem(item) && item.types.has(SEAT) ? [item.getText(SEAT)] : [],
    ),
  );
  return texts.map((text) => JSON.parse(text) as { seat: string; from: string | null });
}
