import type { Page } from 'playwright-core';

/** As a person does, on whatever page asks for it. */
export async function logsIn(page: Page, account: string, password = account): Promise<void> {
  await page.getByTestId('log-in-account').fill(account);
  await page.getByTestId('log-in-password').fill(password);
  await page.keyboard.press('Enter');
}
