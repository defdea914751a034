import type { ManagerLogEntry } from '../../../server/http/supervise-views.ts';
import { useWords } from '../../state/language.ts';
import { usePolled } from '../../state/polled.ts';
import { Table } from '../common/Table.tsx';
import type { Column } from '../common/Table.tsx';
import { Deed } from './Deed.tsx';

const EVERY_MS = 4_000;

/** Which manager was with whose call and how, the newest first. */
export function ManagerLog() {
  const { t } = useWords();
  const entries = usePolled<ManagerLogEntry>('/api/manager-log', EVERY_MS);
  const columns: readonly Column<ManagerLogEntry>[] = [
    {
      id: 'what',
      label: t('log.what'),
      width: 'minmax(0, 1fr)',
      cell: (entry) => <Deed {...entry} />,
    },
  ];
  return (
    <Table label={t('log')} testId="manager-log" columns={columns} rows={entries} rowHeight={50} />
  );
}
