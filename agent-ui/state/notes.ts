import { useEffect, useRef, useState } from 'react';
import type { DeskView, Failure, NoteView } from '../../server/http/views.ts';
import { Refusal, get, post } from '../link/rest.ts';
import { forget, recall, remember } from './memory.ts';

export interface NoteDraft {
  readonly text: string;
  readonly state: 'saved' | 'saving' | 'unsaved';
  /** Why it is not taken. */
  readonly failure: Failure | null;
  type(text: string): void;
}

const TYPING_MS = 400;
const AGAIN_MS = 2000;

/**
 * The note of a call as it is typed: saved a moment after each pause; until the server has it this browser keeps it, so
 * that a reload or a lost server loses nothing. What two people wrote at once is kept, one below the other.
 */
export function useNote(call: string, note: NoteView): NoteDraft {
  const [text, setText] = useState(() => recall(`note.${call}`) ?? note.text);
  const [state, setState] = useState<NoteDraft['state']>(() =>
    text === note.text ? 'saved' : 'saving',
  );
  const [failure, setFailure] = useState<Failure | null>(null);
  const mine = useRef({ text, version: note.version, dirty: text !== note.text, busy: false });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    if (mine.current.dirty) void save();
    return () => {
      clearTimeout(timer.current);
      if (mine.current.dirty) void save();
    };
  }, []);

  useEffect(() => {
    if (mine.current.dirty || note.version <= mine.current.version) return;
    mine.current = { ...mine.current, text: note.text, version: note.version };
    setText(note.text);
  }, [note.version, note.text]);

  function type(now: string) {
    Object.assign(mine.current, { text: now, dirty: true });
    remember(`note.${call}`, now);
    setText(now);
    setState('saving');
    later(TYPING_MS);
  }

  function later(ms: number) {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void save(), ms);
  }

  async function save() {
    const { text: sent, version, busy } = mine.current;
    if (busy) return later(TYPING_MS);
    mine.current.busy = true;
    try {
      const saved = await post<NoteView>(`/api/calls/${call}/note`, { text: sent, version });
      mine.current.version = saved.version;
      setFailure(null);
      if (mine.current.text !== sent) later(TYPING_MS);
      else settle();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await refused(error);
    } finally {
      mine.current.busy = false;
    }
  }

  function settle() {
    mine.current.dirty = false;
    forget(`note.${call}`);
    setState('saved');
  }

  async function refused({ status, failure: why }: Refusal) {
    setState('unsaved');
    if (why.code === 'note-changed') return merge();
    if (status === 0 || status >= 500) return later(AGAIN_MS);
    setFailure(why);
  }

  /** Somebody else has written meanwhile. */
  async function merge() {
    const view = await get<DeskView>('/api/desk').catch(() => null);
    const theirs = [view?.call?.note, view?.wrapUp?.note].find((one) => one !== undefined);
    if (theirs) {
      const both = [theirs.text, mine.current.text].filter((one) => one !== '').join('\n');
      const joined = mine.current.text.includes(theirs.text) ? mine.current.text : both;
      Object.assign(mine.current, { text: joined, version: theirs.version });
      setText(joined);
    }
    later(AGAIN_MS);
  }

  return { text, state, failure, type };
}
