import { useEffect, useId, useState } from 'react';
import type { ReactNode } from 'react';
import type { Diversion } from '../../../server/http/diversion-views.ts';
import type { Ticket, TicketAtDesk } from '../../../server/http/ticket-views.ts';
import { get } from '../../link/rest.ts';
import { useActing } from '../../state/tickets/acting.ts';
import { serverValue, useTicketForm, type TicketForm as Form } from '../../state/tickets/form.ts';
import { proposal } from '../../state/tickets/proposal.ts';
import { useWords } from '../../state/language.ts';
import { Shape } from '../Shape.tsx';
import { CodeField } from './CodeField.tsx';
import { Head } from './Head.tsx';
import { LevelField } from './LevelField.tsx';

const URGENCIES = ['normal', 'urgent', 'most-urgent'] as const;
const DANGERS = ['life', 'property', 'publicSafety'] as const;
const TYPING_MS = 300;

interface TicketFormProps {
  view: TicketAtDesk;
  look(): Promise<void>;
}

/** The form of a ticket beside the call: everything is saved as it is typed. */
export function TicketForm({ view, look }: TicketFormProps) {
  const { t } = useWords();
  const form = useTicketForm(view, look);
  const acting = useActing(look);
  const { ticket } = form;
  const { hotline, names, questions, missing } = view;
  const { fields } = ticket;
  const caller = form.value('caller', fields.caller);
  const place = form.value('place', fields.place);
  const matter = form.value('matter', fields.matter);
  const asked = form.value('asked', fields.asked);
  const urgency = form.value('urgency', fields.urgency);
  useProposal(hotline, asked, matter);

  return (
    <section className="ticket-form" aria-label={t('ticket')} data-testid="ticket-form">
      <Saved form={form} />
      <Head view={view} acting={acting} />
      <div className="ticket-fields">
        <div className="ticket-row">
          <Field label={t('ticket.name')} part="caller" form={form}>
            {(id) => (
              <input
                id={id}
                data-testid="ticket-name"
                maxLength={100}
                autoComplete="off"
                value={caller.name ?? ''}
                onChange={({ target }) =>
                  form.type('caller', { ...caller, name: target.value || null })
                }
              />
            )}
          </Field>
          <CallerNumber
            number={caller.number}
            withheld={caller.withheld}
            change={(number) => form.type('caller', { ...caller, number })}
          />
        </div>
        <div className="ticket-row is-place">
          <Field label={t('ticket.place')} part="place" form={form}>
            {(id) => (
              <input
                id={id}
                data-testid="ticket-place"
                maxLength={500}
                autoComplete="off"
                value={place.text}
                onChange={({ target }) => form.type('place', { ...place, text: target.value })}
              />
            )}
          </Field>
          <CodeField
            of="divisions"
            label={t('ticket.division')}
            hint={t('ticket.divisionHint')}
            code={place.division}
            name={place.division === fields.place.division ? names.division : null}
            testId="ticket-division"
            change={(division) => form.type('place', { ...place, division })}
          />
        </div>
        <CodeField
          of="matters"
          label={t('ticket.matter')}
          hint={t('ticket.matterHint')}
          code={matter}
          name={matter === fields.matter ? names.matter : null}
          testId="ticket-matter"
          change={(code) => form.type('matter', code)}
        />
        <Field label={t('ticket.asked')} part="asked" form={form} tall>
          {(id) => (
            <textarea
              id={id}
              className="ticket-asked"
              data-testid="ticket-asked"
              maxLength={4000}
              placeholder={t('ticket.askedHint')}
              value={asked}
              onChange={({ target }) => form.type('asked', target.value)}
            />
          )}
        </Field>
        {questions.map(({ id, words }) => (
          <Question
            key={id}
            id={id}
            words={words}
            missing={missing.some((one) => one.id === id)}
            form={form}
          />
        ))}
        <div className="ticket-row">
          <fieldset className="ticket-choice">
            <legend>{t('ticket.urgency')}</legend>
            {URGENCIES.map((one) => (
              <label key={one} className={urgency === one ? `is-checked is-${one}` : ''}>
                <input
                  type="radio"
                  name={`urgency ${ticket.id}`}
                  data-testid={`urgency-${one}`}
                  checked={urgency === one}
                  onChange={() => form.type('urgency', one)}
                />
                {t(`urgency.${one}`)}
              </label>
            ))}
          </fieldset>
          <LevelField
            level={fields.level}
            set={(level, why) =>
              acting.act({ request: requestOf(view, 'set-level') }, { level, why })
            }
          />
        </div>
        <Dangers
          danger={fields.danger}
          social={fields.socialResources}
          set={(type, body) => acting.act({ request: requestOf(view, type) }, body)}
        />
        <Failures acting={acting.failure} form={form} />
      </div>
    </section>
  );
}

interface DangersProps {
  danger: Ticket['fields']['danger'];
  social: boolean;
  set(type: 'mark-danger' | 'social-resources', body: Record<string, unknown>): Promise<boolean>;
}

/** Shown as it is pressed; what is refused goes back. */
function Dangers({ danger, social, set }: DangersProps) {
  const { t } = useWords();
  const [asked, setAsked] = useState<Readonly<Record<string, boolean>>>({});
  async function press(what: string, on: boolean) {
    setAsked({ [what]: on });
    if (what === 'social') await set('social-resources', { needed: on });
    else await set('mark-danger', { danger: { ...danger, [what]: on } });
    setAsked({});
  }
  const all = [...DANGERS.map((one) => [one, danger[one]] as const), ['social', social] as const];
  return (
    <fieldset className="ticket-choice is-danger">
      <legend>{t('ticket.danger')}</legend>
      {all.map(([one, is]) => {
        const checked = asked[one] ?? is;
        return (
          <label key={one} className={checked ? 'is-checked' : ''}>
            <input
              type="checkbox"
              data-testid={`danger-${one}`}
              checked={checked}
              onChange={({ target }) => void press(one, target.checked)}
            />
            {t(`danger.short.${one}`)}
          </label>
        );
      })}
    </fieldset>
  );
}

const requestOf = ({ ticket, hotline }: TicketAtDesk, type: string) => ({
  method: 'POST' as const,
  path: `/api/tickets/${ticket.id}/${type}`,
  body: { hotline },
});

/** Shown beside the keys as long as this form is there. */
function useProposal(hotline: string, text: string, matter: string | null) {
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(() => {
      const of = `hotline=${hotline}${matter === null ? '' : `&matter=${matter}`}`;
      get<Diversion>(`/api/tickets/diversion?${of}&text=${encodeURIComponent(text.slice(-300))}`)
        .then((said) => wanted && proposal.set({ said: said.proposal }))
        .catch(() => undefined);
    }, TYPING_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [hotline, text, matter]);
  useEffect(() => () => proposal.set({ said: null }), []);
}

function Saved({ form }: { form: Form }) {
  const { t } = useWords();
  return (
    <p
      className={`note-state is-${form.state}`}
      role="status"
      data-testid="ticket-saved"
      data-state={form.state}
    >
      {form.state === 'unsaved' && <Shape name="alert" />}
      {t(`ticketSaved.${form.state}`)}
    </p>
  );
}

interface FieldProps {
  label: string;
  part: string;
  form: Form;
  missing?: boolean;
  /** It takes what room is left. */
  tall?: boolean;
  children(id: string): ReactNode;
}

/** One part of the form; where somebody else has written meanwhile, both are shown and one is chosen. */
function Field({ label, part, form, missing, tall, children }: FieldProps) {
  const { t, say } = useWords();
  const id = useId();
  const { objection } = form;
  const mine = objection?.part === part ? objection : null;
  return (
    <div className={`ticket-field ${missing ? 'is-missing' : ''} ${tall ? 'is-tall' : ''}`}>
      <label htmlFor={id}>
        {label}
        {missing && <span className="ticket-required">{t('ticket.required')}</span>}
      </label>
      {children(id)}
      {mine && (
        <div className="failure" role="alert" data-testid={`objection-${part}`}>
          <p>{say(mine.failure.words)}</p>
          {mine.conflict && (
            <>
              <q>{textOf(serverValue(form.ticket, part))}</q>
              <span className="ticket-keys">
                <button
                  type="button"
                  className="quiet"
                  data-testid="keep-mine"
                  onClick={() => form.keepMine(part)}
                >
                  {t('ticket.keepMine')}
                </button>
                <button
                  type="button"
                  className="quiet"
                  data-testid="take-theirs"
                  onClick={() => form.takeTheirs(part)}
                >
                  {t('ticket.takeTheirs')}
                </button>
              </span>
            </>
          )}
        </div>
      )}
    </div>
  );
}

/** Of whatever stands there what people have written. */
function textOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    return Object.values(value)
      .filter((one) => typeof one === 'string')
      .join(' ');
  }
  return String(value ?? '—');
}

interface QuestionProps {
  id: string;
  words: TicketAtDesk['questions'][number]['words'];
  missing: boolean;
  form: Form;
}

function Question({ id, words, missing, form }: QuestionProps) {
  const { say } = useWords();
  const part = `answers.${id}`;
  const answer = form.value(part, form.ticket.answers[id] ?? '');
  return (
    <Field
      label={say(words)}
      part={part}
      form={form}

      missing={missing && answer.trim() === ''}
    >
      {(field) => (
        <input
          id={field}
          data-testid={`answer-${id}`}
          maxLength={1000}
          autoComplete="off"
          value={answer}
          onChange={({ target }) => form.type(part, target.value)}
        />
      )}
    </Field>
  );
}

/** Her number came with the call; who wants to be rung elsewhere says so. */
function CallerNumber(props: {
  number: string | null;
  withheld: boolean;
  change(number: string | null): void;
}) {
  const { t } = useWords();
  const id = useId();
  const unseen = props.withheld && props.number === null;
  return (
    <p className="ticket-field">
      <label htmlFor={id}>{t('ticket.number')}</label>
      <input
        id={id}
        type="tel"
        data-testid="ticket-number"
        maxLength={16}
        autoComplete="off"
        placeholder={unseen ? t('ticket.withheld') : undefined}
        value={props.number ?? ''}
        onChange={({ target }) => props.change(target.value.replace(/[^\d+]/g, '') || null)}
      />
    </p>
  );
}

/** What no field can say for itself. */
function Failures(props: {
  acting: { readonly words: { zh: string; en: string } } | null;
  form: Form;
}) {
  const { say } = useWords();
  const { acting, form } = props;
  const parts = ['caller', 'place', 'asked'];
  const whole =
    form.objection && !parts.includes(form.objection.part ?? '') && !isAnswer(form.objection.part)
      ? form.objection.failure
      : null;
  const said = [acting, whole].flatMap((one) => (one ? [say(one.words)] : []));
  return said.length === 0 ? null : (
    <p className="failure" role="alert" data-testid="ticket-failure">
      {said.join(' ')}
    </p>
  );
}

const isAnswer = (part: string | null): boolean => part?.startsWith('answers.') ?? false;
