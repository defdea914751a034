import type { FloorCall } from '../../../server/http/supervise-views.ts';
import type { Floor } from '../../state/floor.ts';
import { useAll } from '../../state/keyed.ts';
import { useWords } from '../../state/language.ts';
import { Elapsed } from '../Elapsed.tsx';
import { Shape } from '../Shape.tsx';
import { ActionMenu } from '../common/ActionMenu.tsx';
import { Table } from '../common/Table.tsx';
import type { Column } from '../common/Table.tsx';
import { useAbout, useKeyEntries } from './key-entries.ts';
import type { KeyWish } from './wishes.ts';

interface CallsProps {
  floor: Floor;
  /** Empty: of all. */
  hotline: string;
  want(wish: KeyWish): void;
}

/** Who talks with whom since when, and which manager is with them; who asks for help comes first. */
export function Calls({ floor, hotline, want }: CallsProps) {
  const { t } = useWords();
  const calls = useAll(floor.calls).filter((call) => hotline === '' || call.hotline === hotline);
  const columns: readonly Column<FloorCall>[] = [
    {
      id: 'call',
      label: t('calls.who'),
      width: 'minmax(0, 1fr)',
      cell: (call) => <Talk call={call} floor={floor} />,
    },
    {
      id: 'keys',
      label: t('calls.keys'),
      width: '44px',
      cell: (call) => <CallMenu call={call} floor={floor} want={want} />,
    },
  ];
  return (
    <Table
      label={t('calls')}
      testId="calls"
      columns={columns}
      rows={[...calls].sort(byWeight)}
      rowHeight={56}
    />
  );
}

const weight = ({ help, danger }: FloorCall): number => (help ? 2 : 0) + (danger ? 1 : 0);
const byWeight = (a: FloorCall, b: FloorCall): number => weight(b) - weight(a) || a.since - b.since;

function Talk({ call, floor }: { call: FloorCall; floor: Floor }) {
  const { t } = useWords();
  const { supervisor } = call;
  const about = useAbout(floor);
  return (
    <>
      <span className="talk-first">
        <b>{call.hotline}</b> {about(call)}
        <Elapsed since={call.since} />
      </span>
      <span className="talk-notes">
        {call.help && (
          <em className="is-help">
            <Shape name="bell" />
            {t('help.asks')}
          </em>
        )}
        {call.danger && (
          <em className="is-help">
            <Shape name="alert" />
            {t('calls.danger')}
          </em>
        )}
        {call.drill && <em>{t('drill')}</em>}
        {call.held && <span>{t('calls.held')}</span>}
        {call.stage !== 'talking' && <span>{t(`at.${call.stage}`)}</span>}
        {supervisor && (
          <em className="is-with" data-testid={`with-${call.id}`}>
            <Shape name="voice" />
            {supervisor.name} {t(supervisor.here ? `with.${supervisor.how}` : 'with.ringing')}
          </em>
        )}
      </span>
    </>
  );
}

function CallMenu({ call, floor, want }: Omit<CallsProps, 'hotline'> & { call: FloorCall }) {
  const { t } = useWords();
  const about = useAbout(floor);
  return (
    <ActionMenu
      label={t('calls.menu', { about: about(call) })}
      testId={`menu-of-call-${call.id}`}
      useEntries={() => useKeyEntries(floor, call.id, want)}
    >
      <Shape name="more" />
    </ActionMenu>
  );
}
