import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { smallPng } from './small-png.ts';

/** `make screens` sets where pictures of the desks are kept; without it none are taken. */
const folder = process.env.SCREENS;

const sizes = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
] as const;

/** Pictures of the page as it is now: both languages, light and dark (unless not), small and large; `few`: light and small. */
export async function pictures(
  page: Page,
  name: string,
  { few = false, dark = !few }: { few?: boolean; dark?: boolean } = {},
): Promise<void> {
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  // They were said in the language of that moment.
  await page.evaluate(
    "document.querySelectorAll('[data-testid=toast-close]').forEach((key) => key.click())",
  );
  const was = page.viewportSize() ?? sizes[0];
  for (const theme of dark ? (['light', 'dark'] as const) : (['light'] as const)) {
    for (const language of ['zh', 'en'] as const) {
      await shownIn(page, language, theme);
      for (const size of few ? sizes.slice(0, 1) : sizes) {
        await page.setViewportSize(size);
        const file = `${name}-${language}-${theme}-${size.width}.png`;
        await writeFile(join(folder, file), smallPng(await page.screenshot()));
      }
    }
  }
  await shownIn(page, 'zh', 'light');
  await page.setViewportSize(was);
}

/** By the page's own switches, also where a dialog lies before them; a page without switches remembers, and is opened anew. */
async function shownIn(page: Page, language: 'zh' | 'en', theme: 'light' | 'dark'): Promise<void> {
  const lang = language === 'zh' ? 'zh-CN' : 'en';
  const hasSwitches = "document.querySelector('[data-testid=language]') !== null";
  if (await page.evaluate<boolean>(hasSwitches)) {
    await page.evaluate(`{
      const themes = document.querySelector('[data-testid=theme]');
      themes.value = '${theme}';
      themes.dispatchEvent(new Event('change', { bubbles: true }));
      if (document.documentElement.lang !== '${lang}')
        document.querySelector('[data-testid=language]').click();
    }`);
    return;
  }
  await page.evaluate(`{
    localStorage.setItem('liandong.language', '${language}');
    localStorage.setItem('liandong.theme', '${theme}');
  }`);
  await page.reload();
  await page.getByRole('main').waitFor();
  // Charts come last.
  await page.locator('canvas').first().waitFor();
}
