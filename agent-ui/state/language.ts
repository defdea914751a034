import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { Words } from '../../server/http/views.ts';
import type { Language, WordKey, WordList } from '../words/words.ts';
import { recall, remember } from './memory.ts';

const now = (): Language => (i18next.language === 'en' ? 'en' : 'zh');

/** Once, by the entry of a page: gives it these lists, in the language that was chosen last. */
export function startWords(...lists: readonly WordList[]): void {
  const texts = lists.flatMap((list) => Object.entries(list));
  const inLanguage = (nth: 0 | 1) => ({
    translation: Object.fromEntries(texts.map(([key, pair]) => [key, pair[nth]])),
  });
  void i18next.use(initReactI18next).init({
    lng: recall('language') === 'en' ? 'en' : 'zh',
    resources: { zh: inLanguage(0), en: inLanguage(1) },
    initAsync: false,
    keySeparator: false,
    nsSeparator: false,
    // React escapes what it draws.
    interpolation: { escapeValue: false },
  });
  show();
}

/** Words of a part that is fetched later. */
export function moreWords(...lists: readonly WordList[]): void {
  for (const [nth, language] of (['zh', 'en'] as const).entries()) {
    const texts = lists.flatMap((list) => Object.entries(list));
    const own = Object.fromEntries(texts.map(([key, pair]) => [key, pair[nth as 0 | 1]]));
    i18next.addResourceBundle(language, 'translation', own, true);
  }
}

export function switchLanguage(): void {
  void i18next.changeLanguage(now() === 'zh' ? 'en' : 'zh');
  remember('language', now());
  show();
}

function show(): void {
  document.documentElement.lang = now() === 'zh' ? 'zh-CN' : 'en';
}

/** `t` gives a word of ours, with what stands in `{{…}}` filled in; `say` one of the server's; `list` names several. */
export function useWords() {
  const { t } = useTranslation();
  const language = now();
  return {
    language,
    t: (key: WordKey, values?: Readonly<Record<string, string | number>>): string =>
      t(key, { ...values }),
    say: (words: Words) => words[language],
    list: (all: readonly string[]) => all.join(language === 'zh' ? '、' : ', '),
  };
}
