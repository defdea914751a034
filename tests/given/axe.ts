import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface Found {
  readonly id: string;
  readonly impact: string | null;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Nothing on the page as it is now hinders anybody seriously, by WCAG 2.2 AA as far as axe sees it. */
export async function expectAccessible(page: Page): Promise<void> {
  // Where the page's policy forbids scripts from elsewhere, one that is evaluated is not one of them.
  await page.evaluate(`${axe.source}; undefined`);
  const found = await page.evaluate<Found[]>(`
    axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      .then(({ violations }) => violations.map(({ id, impact, help, nodes }) => ({ id, impact, help, nodes })))`);
  const serious = found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => ({
      id,
      help,
      where: nodes
        .slice(0, 3)
        .map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`),
    }));
  expect(serious).toEqual([]);
}
