import { useState } from 'react';
import type { TicketAct } from '../../../server/http/ticket-views.ts';
import type { Failure } from '../../../server/http/views.ts';
import { Refusal, post } from '../../link/rest.ts';

export interface Acting {
  readonly busy: boolean;
  readonly failure: Failure | null;
  /** @param done gets the answer before the ticket is looked at again; @returns whether it is done */
  act(
    act: Pick<TicketAct, 'request'>,
    said?: Readonly<Record<string, unknown>>,
    done?: (answer: unknown) => void,
  ): Promise<boolean>;
}

/** Does what the server lists for a ticket; whatever comes of it, the ticket is looked at again. */
export function useActing(look: () => Promise<void>): Acting {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  return {
    busy,
    failure,
    async act({ request: { path, body } }, said = {}, done) {
      if (busy) return false;
      setBusy(true);
      setFailure(null);
      try {
        const answer = await post<unknown>(path, { ...body, ...said });
        done?.(answer);
        await look();
        return true;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        setFailure(error.failure);
        await look();
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
