// Light or dark: the device's own, unless the person has chosen.
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEPT = 'langnghe-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

/** What was chosen. */
export function theme(): Theme {
  return THEMES.find((name) => name === localStorage.getItem(KEPT)) ?? 'system';
}

/** Chooses. */
export function chooseTheme(next: Theme): void {
  localStorage.setItem(KEPT, next);
  wear();
}

function wear(): void {
  const chosen = theme();
  document.documentElement.dataset.theme = chosen === 'system' ? (dark.matches ? 'dark' : 'light') : chosen;
}

/** From here on the page wears it, also when the device's own changes. */
export function followTheme(): void {
  wear();
  dark.addEventListener('change', wear);
}
