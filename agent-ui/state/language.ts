import type { Words } from '../../server/http/views.ts';
import { recall, remember } from './memory.ts';
import { createStore, useStore } from './store.ts';
import { wordOf } from './words.ts';
import type { Language, WordKey } from './words.ts';

const language = createStore<{ now: Language }>({
  now: recall('language') === 'en' ? 'en' : 'zh',
});

function show() {
  document.documentElement.lang = language.get().now === 'zh' ? 'zh-CN' : 'en';
}
show();

export function switchLanguage(): void {
  const now = language.get().now === 'zh' ? 'en' : 'zh';
  language.set({ now });
  remember('language', now);
  show();
}

/** `t` gives a word of ours, `say` one of the server's. */
export function useWords() {
  const { now } = useStore(language);
  return {
    language: now,
    t: (key: WordKey) => wordOf(key, now),
    say: (words: Words) => words[now],
  };
}
