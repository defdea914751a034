import { useState } from 'react';
import type { ActView } from '../../../server/http/act-views.ts';
import type { Floor } from '../../state/floor.ts';
import { useAll } from '../../state/keyed.ts';
import { useWords } from '../../state/language.ts';
import { Table } from '../common/Table.tsx';
import type { Column } from '../common/Table.tsx';
import { Deed } from './Deed.tsx';
import { UndoDialog } from './UndoDialog.tsx';

/** Who did what, when and why, the newest first; what still holds can be taken back. */
export function Acts({ floor }: { floor: Floor }) {
  const { t, say } = useWords();
  const acts = useAll(floor.acts);
  const [undoing, undo] = useState<ActView | null>(null);
  const columns: readonly Column<ActView>[] = [
    {
      id: 'what',
      label: t('acts.what'),
      width: 'minmax(0, 1fr)',
      cell: (act) => <Deed {...act} />,
    },
    {
      id: 'undo',
      label: t('undo'),
      width: '76px',
      cell: (act) =>
        act.undoneBy ? (
          <small>{t('acts.undone', { by: say(act.undoneBy.by.name) })}</small>
        ) : (
          act.undoable && (
            <button
              type="button"
              className="quiet"
              data-testid={`undo-${act.id}`}
              onClick={() => undo(act)}
            >
              {t('undo')}
            </button>
          )
        ),
    },
  ];
  return (
    <>
      <Table label={t('acts')} testId="acts" columns={columns} rows={acts} rowHeight={50} />
      {undoing && <UndoDialog act={undoing} close={() => undo(null)} />}
    </>
  );
}
