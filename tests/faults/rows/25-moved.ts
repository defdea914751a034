import type { FaultRow } from '../row.ts';

export const rows: readonly FaultRow[] = [
  {
    n: 25,
    injected: 'a channel is moved to an application that is not registered',
    expected: 'ApplicationMoveFailed: it is still ours',
    absent: 'no channel is ever moved from one application to another',
    run: () => Promise.reject(new Error('absent')),
  },
];
