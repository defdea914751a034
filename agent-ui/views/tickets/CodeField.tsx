import { useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { CodeHits } from '../../../server/http/diversion-views.ts';
import type { Words } from '../../../server/http/views.ts';
import { get } from '../../link/rest.ts';
import { useWords } from '../../state/language.ts';

interface CodeFieldProps {
  of: 'matters' | 'divisions';
  label: string;
  hint: string;
  code: string | null;
  /** Of the code; null: it has none, or none is known. */
  name: Words | null;
  testId: string;
  change(code: string | null): void;
}

const TYPING_MS = 120;

/**
 * A code, found by what people call it: Chinese, pinyin, English, the code itself, or a word for it. The kit's own box
 * empties the field where the list does not hold what is chosen; here the list only ever holds what was searched for.
 */
export function CodeField({ of, label, hint, code, name, testId, change }: CodeFieldProps) {
  const { t, say } = useWords();
  const [chosen, setChosen] = useState<CodeHits[number] | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const hits = useHits(of, typed ?? '', open);
  const list = useRef<HTMLUListElement>(null);
  const id = useId();
  const known = chosen?.code === code ? chosen.name : name;
  const shown = code === null ? '' : known ? say(known) : code;

  useEffect(() => setActive(-1), [hits]);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  function leave() {
    setOpen(false);
    // What was typed and fits nothing is no code; an emptied field is none.
    if (typed === '' && code !== null) change(null);
    setTyped(null);
  }

  function choose(hit: CodeHits[number]) {
    setChosen(hit);
    setTyped(null);
    setOpen(false);
    if (hit.code !== code) change(hit.code);
  }

  function press(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setOpen(true);
      if (hits.length > 0)
        setActive((at) => (Math.max(at, step < 0 ? 0 : -1) + step + hits.length) % hits.length);
    } else if (event.key === 'Enter' && open) {
      event.preventDefault();
      const hit = hits[Math.max(active, 0)];
      if (hit) choose(hit);
    } else if (event.key === 'Escape' && open) {
      event.preventDefault();
      setTyped(null);
      setOpen(false);
    }
  }

  return (
    <div className="code-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        role="combobox"
        data-testid={testId}
        autoComplete="off"
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={open ? `${id}list` : undefined}
        aria-activedescendant={open && active >= 0 ? `${id}${active}` : undefined}
        placeholder={hint}
        title={shown || undefined}
        value={typed ?? shown}
        onChange={({ target }) => {
          setTyped(target.value);
          setOpen(true);
        }}
        onClick={() => setOpen(true)}
        onKeyDown={press}
        onBlur={leave}
      />
      {open && (
        <ul className="code-list" id={`${id}list`} role="listbox" aria-label={label} ref={list}>
          {hits.map((hit, at) => (
            <li
              key={hit.code}
              id={`${id}${at}`}
              role="option"
              aria-selected={at === active}
              data-testid={`code-${hit.code}`}
              // The field keeps the focus.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(hit)}
            >
              <span>{say(hit.name)}</span>
              <small>
                {hit.code}
                {!say(hit.name).includes(hit.term) && hit.term !== hit.code && ` · ${hit.term}`}
              </small>
            </li>
          ))}
          {hits.length === 0 && (
            <li role="option" aria-selected={false} aria-disabled="true">
              {t('ticket.noCode')}
            </li>
          )}
        </ul>
      )}
    </div>
  );
}

const nothing: CodeHits = [];

function useHits(of: CodeFieldProps['of'], typed: string, open: boolean): CodeHits {
  const [hits, setHits] = useState(nothing);
  useEffect(() => {
    if (!open) return setHits(nothing);
    let wanted = true;
    const timer = setTimeout(() => {
      const path = `/api/tickets/codes?of=${of}&most=30&text=${encodeURIComponent(typed)}`;
      get<CodeHits>(path)
        .then((found) => wanted && setHits(found))
        // What could not be had now is had at the next key.
        .catch(() => undefined);
    }, TYPING_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [of, typed, open]);
  return hits;
}
