import { useEffect, useId, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { TicketAct } from '../../../server/http/ticket-views.ts';
import type { Acting } from '../../state/tickets/acting.ts';
import { useWords } from '../../state/language.ts';
import { Refused } from '../common/Refused.tsx';

interface ActsProps {
  acts: readonly TicketAct[];
  acting: Acting;
  label: string;
  /** These stand out. */
  main?: readonly string[];
  /** Keys that ask for more than words. */
  children?: ReactNode;
}

/** What may be done with a ticket, as the server lists it; what asks for words opens a line for them. */
export function Acts({ acts, acting, label, main = [], children }: ActsProps) {
  const [asked, setAsked] = useState<string | null>(null);
  const asks = acts.find(({ id, allowed }) => id === asked && allowed);
  const field = asks && spoken(asks);
  if (acts.length === 0) return null;

  function press(act: TicketAct) {
    if (!act.allowed) return;
    if (act.asks) setAsked(act.id === asked ? null : act.id);
    else void acting.act(act);
  }

  return (
    <div className="ticket-acts">
      <div className="ticket-keys" role="group" aria-label={label}>
        {acts.map((act) => (
          <ActKey
            key={act.id}
            act={act}
            busy={acting.busy}
            main={main.includes(act.id)}
            open={asked === act.id}
            press={() => press(act)}
          />
        ))}
        {children}
      </div>
      {asks && field && (
        <Words
          key={asks.id}
          act={asks}
          field={field}
          acting={acting}
          close={() => setAsked(null)}
        />
      )}
      <Refused failure={acting.failure} testId="act-failure" />
    </div>
  );
}

type Spoken = 'why' | 'words' | 'unit';

/** The field that is filled in by words alone. */
const spoken = ({ asks }: TicketAct): Spoken | null =>
  asks === 'why' || asks === 'words' || asks === 'unit' ? asks : null;

interface ActKeyProps {
  act: TicketAct;
  busy: boolean;
  main: boolean;
  open: boolean;
  press(): void;
}

/** What is not allowed stays reachable and says why. */
export function ActKey({ act, busy, main, open, press }: ActKeyProps) {
  const { say } = useWords();
  const id = useId();
  const why = act.why && say(act.why);
  return (
    <>
      <button
        type="button"
        className={`quiet ticket-key ${main ? 'is-main' : ''}`}
        data-testid={`act-${act.id}`}
        aria-disabled={!act.allowed}
        aria-busy={busy}
        aria-expanded={act.asks && act.allowed ? open : undefined}
        aria-describedby={why ? id : undefined}
        title={why ?? undefined}
        onClick={press}
      >
        {say(act.label)}
      </button>
      {why && (
        <span className="unseen" id={id}>
          {why}
        </span>
      )}
    </>
  );
}

interface WordsProps {
  act: TicketAct;
  field: Spoken;
  acting: Acting;
  close(): void;
}

function Words({ act, field: asked, acting, close }: WordsProps) {
  const { t, say } = useWords();
  const [words, setWords] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  useEffect(() => field.current?.focus(), []);

  async function go() {
    const said = words.trim();
    if (said === '') return field.current?.focus();
    if (await acting.act(act, { [asked]: said })) close();
  }

  return (
    <form
      className="ticket-words"
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
    >
      <label htmlFor={id}>
        {say(act.label)}：{t(`ticket.asks.${asked}`)}
      </label>
      <textarea
        id={id}
        ref={field}
        rows={2}
        maxLength={4000}
        data-testid="act-words"
        value={words}
        onChange={({ target }) => setWords(target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Escape') close();
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void go();
        }}
      />
      <div className="ticket-keys">
        <button
          type="submit"
          className="quiet ticket-key is-main"
          data-testid="act-confirm"
          aria-disabled={words.trim() === ''}
        >
          {t('ticket.confirm')}
        </button>
        <button type="button" className="quiet ticket-key" onClick={close}>
          {t('cancel')}
        </button>
      </div>
    </form>
  );
}
