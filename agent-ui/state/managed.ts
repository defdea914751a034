import { useEffect, useState } from 'react';
import type { ManagedCall } from '../../server/http/supervise-views.ts';
import { get } from '../link/rest.ts';
import type { Floor } from './floor.ts';
import { useOne } from './keyed.ts';
import { useStore } from './store.ts';

/** What this manager may do to a call now, asked anew whenever it or his own place changes; null: not known yet. */
export function useManaged(floor: Floor, id: string | null): ManagedCall | null {
  const call = useOne(floor.calls, id ?? '');
  const { view } = useStore(floor.place);
  const [managed, setManaged] = useState<ManagedCall | null>(null);
  useEffect(() => {
    if (id === null) return;
    let over = false;
    get<ManagedCall>(`/api/calls/${id}/managed`).then(
      (answer) => {
        if (!over) setManaged(answer);
      },
      // It is over, or the link is down, which stands at the top.
      () => undefined,
    );
    return () => {
      over = true;
    };
  }, [id, call, view]);
  return managed;
}
