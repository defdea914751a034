import { useState } from 'react';
import type { ReactNode } from 'react';
import type { StoryView, Ticket, TicketAct } from '../../../server/http/ticket-views.ts';
import { useWords } from '../../state/language.ts';
import { useActing, type Acting } from '../../state/tickets/acting.ts';
import { Dialog } from '../common/Dialog.tsx';
import { Refused } from '../common/Refused.tsx';
import { ActKey } from './Acts.tsx';
import { CodeField } from './CodeField.tsx';
import { OtherTicket } from './OtherTicket.tsx';

interface JoiningProps {
  story: StoryView;
  acting: Acting;
  look(): Promise<void>;
  open(key: string): void;
}

/** 并单, 拆单, 关联: each asks first for what it needs, and says what will come of it. */
export function Joining({ story, acting, look, open }: JoiningProps) {
  const [asked, setAsked] = useState<string | null>(null);
  const acts = story.acts.filter(({ group }) => group === 'join');
  const act = acts.find(({ id, allowed }) => id === asked && allowed);
  const common = { story, look, close: () => setAsked(null) };
  return (
    <>
      {acts.map((one) => (
        <ActKey
          key={one.id}
          act={one}
          busy={acting.busy}
          main={false}
          open={asked === one.id}
          press={() => one.allowed && setAsked(one.id)}
        />
      ))}
      {act?.asks === 'into' && <Merge act={act} {...common} open={open} />}
      {act?.asks === 'other' && <Link act={act} {...common} />}
      {act?.asks === 'fields' && <Split act={act} {...common} open={open} />}
    </>
  );
}

interface AskProps {
  act: TicketAct;
  story: StoryView;
  look(): Promise<void>;
  close(): void;
}

function Merge({ act, story, look, close, open }: AskProps & { open(key: string): void }) {
  const { t } = useWords();
  const acting = useActing(look);
  const [into, setInto] = useState<string | null>(null);

  async function go() {
    if (into === null || !(await acting.act(act, { into }))) return;
    close();
    open(into);
  }

  return (
    <JoinDialog
      {...{ act, acting, close, go }}
      title={t('join.mergeTitle', { key: story.ticket.key })}
      testId="merge-dialog"
      off={into === null}
    >
      <p className="join-note">{t('join.mergeNote')}</p>
      <OtherTicket story={story} label={t('join.into')} chosen={into} choose={setInto} />
    </JoinDialog>
  );
}

const WHYS = ['related', 'same-event', 'repeat'] as const;

function Link({ act, story, look, close }: AskProps) {
  const { t } = useWords();
  const acting = useActing(look);
  const [other, setOther] = useState<string | null>(null);
  const [why, setWhy] = useState<(typeof WHYS)[number]>('related');

  async function go() {
    if (other !== null && (await acting.act(act, { other, why }))) close();
  }

  return (
    <JoinDialog
      {...{ act, acting, close, go }}
      title={t('join.linkTitle', { key: story.ticket.key })}
      testId="link-dialog"
      off={other === null}
    >
      <OtherTicket story={story} label={t('join.other')} chosen={other} choose={setOther} />
      <fieldset className="join-whys">
        <legend>{t('join.why')}</legend>
        {WHYS.map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="join-why"
              data-testid={`link-${one}`}
              checked={one === why}
              onChange={() => setWhy(one)}
            />
            {t(`join.why.${one}`)}
          </label>
        ))}
      </fieldset>
      <p className="join-note">{t('join.linkNote')}</p>
    </JoinDialog>
  );
}

function Split({ act, story, look, close, open }: AskProps & { open(key: string): void }) {
  const { t } = useWords();
  const acting = useActing(look);
  const [asked, setAsked] = useState('');
  const { matter } = story.ticket.fields;
  const [its, setIts] = useState(matter);

  async function go() {
    const fields = { asked: asked.trim(), matter: its };
    await acting.act(act, { fields }, (part) => {
      close();
      open((part as Ticket).key);
    });
  }

  return (
    <JoinDialog
      {...{ act, acting, close, go }}
      title={t('join.splitTitle', { key: story.ticket.key })}
      testId="split-dialog"
      off={asked.trim() === ''}
    >
      <p className="join-note">{t('join.splitNote')}</p>
      <blockquote className="join-whole">{story.ticket.fields.asked}</blockquote>
      <label className="join-part">
        {t('join.part')}
        <textarea
          rows={3}
          maxLength={4000}
          autoFocus
          data-testid="split-asked"
          value={asked}
          onChange={({ target }) => setAsked(target.value)}
        />
      </label>
      <CodeField
        of="matters"
        label={t('ticket.matter')}
        hint={t('ticket.matterHint')}
        code={its}
        name={its === matter ? story.names.matter : null}
        testId="split-matter"
        change={setIts}
      />
    </JoinDialog>
  );
}

interface JoinDialogProps extends Pick<AskProps, 'act' | 'close'> {
  acting: Acting;
  title: string;
  testId: string;
  /** It cannot be done yet. */
  off: boolean;
  go(): Promise<unknown>;
  children: ReactNode;
}

function JoinDialog({ act, acting, off, go, children, ...rest }: JoinDialogProps) {
  const { say } = useWords();
  const { busy, failure } = acting;
  return (
    <Dialog {...rest} confirm={{ label: say(act.label), busy, off, go: () => void go() }}>
      {children}
      <Refused failure={failure} testId="join-failure" />
    </Dialog>
  );
}
