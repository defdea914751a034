import type { FloorCall } from '../../../server/http/supervise-views.ts';
import type { Floor } from '../../state/floor.ts';
import { useWords } from '../../state/language.ts';
import { useManaged } from '../../state/managed.ts';
import type { MenuEntry } from '../common/ActionMenu.tsx';
import type { KeyWish } from './wishes.ts';

/** How a call is spoken of: 8001 王芳 · 138****8000. */
export function useAbout(floor: Floor): (call: FloorCall) => string {
  const { t, say } = useWords();
  return ({ seats, peers, number }) => {
    const names = seats.map((id) => {
      const seat = floor.seats.get(id);
      return seat && !seat.manager ? `${id} ${say(seat.name)}` : id;
    });
    return [...names, ...peers, number ?? t('calls.withheld')].join(' · ');
  };
}

/** Every key of a manager on this call, as the server lists it now; none where there is no call. */
export function useKeyEntries(
  floor: Floor,
  id: string | null,
  want: (wish: KeyWish) => void,
): readonly MenuEntry[] {
  const { say } = useWords();
  const managed = useManaged(floor, id);
  const about = useAbout(floor);
  const call = managed?.call;
  if (!call) return [];
  return managed.actions.map((action) => ({
    id: `key:${action.id}`,
    label: say(action.label),
    why: action.why && say(action.why),
    act: () => want({ kind: 'key', action, about: about(call) }),
  }));
}
