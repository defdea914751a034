import { memo } from 'react';
import { Button } from 'react-aria-components/Button';
import { GridListItem } from 'react-aria-components/GridList';
import type { FloorSeat } from '../../../server/http/floor-views.ts';
import type { Floor } from '../../state/floor.ts';
import { useAll, useOfAll, useOne } from '../../state/keyed.ts';
import { useWords } from '../../state/language.ts';
import { Elapsed } from '../Elapsed.tsx';
import { Shape } from '../Shape.tsx';
import { ActionMenu } from '../common/ActionMenu.tsx';
import type { MenuEntry } from '../common/ActionMenu.tsx';
import { SeatBadge } from '../common/SeatBadge.tsx';
import { moved, workOf } from './wishes.ts';
import type { KeyWish, Wish } from './wishes.ts';
import { useKeyEntries } from './key-entries.ts';

interface SeatRowProps {
  id: string;
  floor: Floor;
  /** The list in which it stands; null: of those that work for no hotline. */
  hotline: string | null;
  want(wish: Wish | KeyWish): void;
}

/** A seat in a list. The list holds only its number; the row itself looks at the seat. */
export function SeatRow(props: SeatRowProps) {
  return (
    <GridListItem
      id={props.id}
      textValue={props.id}
      className="seat-row"
      data-testid={`seat-${props.hotline ?? 'none'}-${props.id}`}
    >
      <Inside {...props} />
    </GridListItem>
  );
}

const Inside = memo(function Inside({ id, floor, hotline, want }: SeatRowProps) {
  const { t, say } = useWords();
  const seat = useOne(floor.seats, id);
  if (!seat) return null;
  const site = seat.site === null ? undefined : floor.sites.get(seat.site);
  const others = seat.hotlines.filter((one) => one !== hotline);
  return (
    <div className="seat-cells" data-state={seat.state}>
      <Button slot="drag" className="seat-drag" aria-label={t('dragSeat', { seat: id })}>
        <Shape name="grip" />
      </Button>
      <b className="seat-id">{id}</b>
      <span className="seat-name" title={say(seat.name)}>
        {say(seat.name)}
      </span>
      <SeatBadge state={seat.state} reason={seat.reason} />
      <span className="seat-time">
        <Elapsed since={seat.since} />
      </span>
      <span className="seat-notes">
        {!seat.lineUp && seat.state !== 'signed-out' && <em>{t('lineLost')}</em>}
        {seat.next && (
          <em data-testid={`next-${id}`}>
            {t('afterCall', { work: seat.next.hotlines.join('、') || t('noQueue') })}
          </em>
        )}
        {seat.forced && (
          <em data-testid={`forced-${id}`}>
            {t('afterCall', { work: t(`force.${seat.forced}`) })}
          </em>
        )}
        {seat.leaving && <em>{t('leaving')}</em>}
        {site && <span>{say(site.name)}</span>}
        {others.length > 0 && <span>{t('alsoFor', { hotlines: others.join('、') })}</span>}
        {seat.skills.map(({ skill, level }) => (
          <span key={skill} className="skill">
            {skill} {level}
          </span>
        ))}
      </span>
      <SeatMenu seat={seat} floor={floor} hotline={hotline} want={want} />
    </div>
  );
});

const FORCED = ['ready', 'not-ready', 'signed-out'] as const;

function SeatMenu({ seat, floor, hotline, want }: Omit<SeatRowProps, 'id'> & { seat: FloorSeat }) {
  const { t } = useWords();
  return (
    <ActionMenu
      label={t('seatMenu', { seat: seat.id })}
      testId={`menu-of-${seat.id}`}
      useEntries={() => useSeatEntries(seat, floor, hotline, want)}
    >
      <Shape name="more" />
    </ActionMenu>
  );
}

/** The call that it has, the queues it works for, its skills, its state. */
function useSeatEntries(
  seat: FloorSeat,
  floor: Floor,
  hotline: string | null,
  want: SeatRowProps['want'],
): readonly MenuEntry[] {
  const { t, say } = useWords();
  const call = useOfAll(
    floor.calls,
    (calls) => calls.find(({ seats }) => seats.includes(seat.id))?.id ?? null,
  );
  const keys = useKeyEntries(floor, call, want);
  const queues = useAll(floor.queues).filter(({ drill }) => !drill);
  const { hotlines } = workOf(seat);
  // A seat of a site is called in by steps and plans, not moved.
  const elsewhere = (seat.site === null ? queues : []).filter(
    (queue) => !hotlines.includes(queue.hotline),
  );
  const works = (work: readonly string[]) =>
    want({ kind: 'move', moves: [{ seat, hotlines: work }] });
  return [
    ...keys,
    ...elsewhere.map((queue) => ({
      id: `move:${queue.hotline}`,
      label: t('menu.move', { name: `${queue.hotline} ${say(queue.name)}` }),
      act: () => works(moved(seat, hotline, queue.hotline)),
    })),
    ...elsewhere.map((queue) => ({
      id: `add:${queue.hotline}`,
      label: t('menu.add', { name: `${queue.hotline} ${say(queue.name)}` }),
      act: () => works([...hotlines, queue.hotline]),
    })),
    ...(hotlines.length > 1 && hotline !== null
      ? [
          {
            id: `leave:${hotline}`,
            label: t('menu.leave', { name: hotline }),
            act: () => works(hotlines.filter((one) => one !== hotline)),
          },
        ]
      : []),
    { id: 'skills', label: t('menu.skills'), act: () => want({ kind: 'skills', seat }) },
    ...FORCED.map((state) => ({
      id: `force:${state}`,
      label: t(`force.${state}`),
      why: seat.state === 'signed-out' ? t('force.nobody') : null,
      act: () => want({ kind: 'force', seat, state }),
    })),
  ];
}
