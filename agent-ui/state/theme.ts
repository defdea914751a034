import { recall, remember } from './memory.ts';
import { createStore, useStore } from './store.ts';

/** Light, dark, or as the computer is set. */
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const dark = matchMedia('(prefers-color-scheme: dark)');
const theme = createStore<{ chosen: Theme; shown: 'light' | 'dark' }>(of(chosenLast()));

function chosenLast(): Theme {
  const last = recall('theme');
  return themes.find((one) => one === last) ?? 'system';
}

function of(chosen: Theme) {
  const shown: 'light' | 'dark' = chosen === 'system' ? (dark.matches ? 'dark' : 'light') : chosen;
  document.documentElement.dataset.theme = shown;
  return { chosen, shown };
}

dark.addEventListener('change', () => theme.set(of(theme.get().chosen)));

export function chooseTheme(chosen: Theme): void {
  remember('theme', chosen);
  theme.set(of(chosen));
}

export const useTheme = () => useStore(theme);
