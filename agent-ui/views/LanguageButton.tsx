import { switchLanguage, useWords } from '../state/language.ts';

export function LanguageButton() {
  const { t, language } = useWords();
  return (
    <button
      type="button"
      className="quiet"
      lang={language === 'zh' ? 'en' : 'zh-CN'}
      onClick={switchLanguage}
    >
      {t('otherLanguage')}
    </button>
  );
}
