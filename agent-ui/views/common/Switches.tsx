import { switchLanguage, useWords } from '../../state/language.ts';
import { chooseTheme, themes, useTheme } from '../../state/theme.ts';

/** Language and theme; both are remembered in this browser. */
export function Switches() {
  const { t, language } = useWords();
  const { chosen } = useTheme();
  return (
    <div className="switches">
      <select
        className="quiet"
        aria-label={t('theme')}
        title={t('theme')}
        data-testid="theme"
        value={chosen}
        onChange={({ target }) =>
          chooseTheme(themes.find((one) => one === target.value) ?? 'system')
        }
      >
        {themes.map((one) => (
          <option key={one} value={one}>
            {t(`theme.${one}`)}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="quiet"
        data-testid="language"
        lang={language === 'zh' ? 'en' : 'zh-CN'}
        onClick={switchLanguage}
      >
        {t('otherLanguage')}
      </button>
    </div>
  );
}
