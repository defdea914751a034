import { useState } from 'react';
import type { ActView } from '../../../server/http/act-views.ts';
import { ask } from '../../state/hand.ts';
import { useWords } from '../../state/language.ts';
import type { Staff } from '../../state/staff.ts';
import { tell } from '../common/Toasts.tsx';
import { useSkills } from './Filters.tsx';
import { ForceDialog } from './ForceDialog.tsx';
import { MoveDialog } from './MoveDialog.tsx';
import { QueueDialog } from './QueueDialog.tsx';
import { SkillsDialog } from './SkillsDialog.tsx';
import type { Wish } from './wishes.ts';

interface WishDialogProps {
  staff: Staff;
  wish: Wish;
  close(): void;
}

/** What is wanted, asked about and done; afterwards it can be undone at the foot of the page. */
export function WishDialog({ staff, wish, close }: WishDialogProps) {
  const { t, say } = useWords();
  const { floor } = staff;
  const known = useSkills(floor);
  const [before] = useState(() => new Set(floor.acts.ids()));
  const things = thingsOf(wish);

  async function undo() {
    const me = staff.state.get().me?.id;
    const mine = floor.acts
      .all()
      .filter(
        ({ id, by, thing, undoable }) =>
          undoable && by.id === me && things.includes(thing) && !before.has(id),
      );
    for (const { id } of mine) {
      const answer = await ask<ActView>(`/api/acts/${id}/undo`, { why: t('undo.why') });
      if ('done' in answer) tell({ kind: 'done', text: say(answer.done.words) });
      else tell({ kind: 'problem', text: say(answer.refused.words) });
    }
  }

  const done = () =>
    tell({
      kind: 'done',
      text: t(`done.${wish.kind}`, { things: things.join('、') }),
      // A state that was forced is mended by forcing another.
      ...(wish.kind === 'force' ? {} : { undo: () => void undo() }),
    });
  switch (wish.kind) {
    case 'move':
      return <MoveDialog moves={wish.moves} close={close} done={done} />;
    case 'skills':
      return <SkillsDialog seat={wish.seat} known={known} close={close} done={done} />;
    case 'force':
      return <ForceDialog seat={wish.seat} state={wish.state} close={close} done={done} />;
    case 'queue':
      return <QueueDialog queue={wish.queue} close={close} done={done} />;
  }
}

function thingsOf(wish: Wish): string[] {
  switch (wish.kind) {
    case 'move':
      return wish.moves.map(({ seat }) => seat.id);
    case 'skills':
    case 'force':
      return [wish.seat.id];
    case 'queue':
      return [wish.queue.hotline];
  }
}
