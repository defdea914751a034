import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { ReactNode } from 'react';
import { useWords } from '../../state/language.ts';

export interface Column<T> {
  readonly id: string;
  readonly label: string;
  /** As in `grid-template-columns`. */
  readonly width: string;
  cell(row: T): ReactNode;
}

interface TableProps<T extends { readonly id: string }> {
  label: string;
  testId: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  /** Of one row, as long as it was not measured; in px. */
  rowHeight: number;
}

/** A table of any length: only the rows that are seen are made. */
export function Table<T extends { readonly id: string }>(props: TableProps<T>) {
  const { label, testId, columns, rows, rowHeight } = props;
  const { t } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
  });
  const template = { gridTemplateColumns: columns.map(({ width }) => width).join(' ') };
  return (
    <div
      className="table"
      ref={box}
      role="table"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={rows.length + 1}
      data-testid={testId}
    >
      <div className="table-head" role="rowgroup">
        <div className="table-row" role="row" aria-rowindex={1} style={template}>
          {columns.map((column) => (
            <span key={column.id} role="columnheader">
              {column.label}
            </span>
          ))}
        </div>
      </div>
      {rows.length === 0 && <p className="hint">{t('nothing')}</p>}
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <div
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              data-testid={`${testId}-${row.id}`}
              className="table-row"
              role="row"
              aria-rowindex={index + 2}
              style={{ ...template, transform: `translateY(${start}px)`, position: 'absolute' }}
            >
              {columns.map((column) => (
                <span key={column.id} role="cell">
                  {column.cell(row)}
                </span>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}
