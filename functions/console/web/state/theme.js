// The theme: light, dark, or the system's.
import { signal } from '../lib/signal.js';
import { read, write } from '../lib/storage.js';

const STORED = 'callhook.theme';
const stored = typeof document === 'undefined' ? null : read('localStorage', STORED);

/** `light`, `dark`, or `system`. */
export const theme = signal(stored === 'light' || stored === 'dark' ? stored : 'system');

/** Sets and stores a theme. */
export function chooseTheme(chosen) {
  write('localStorage', STORED, chosen === 'system' ? null : chosen);
  theme.set(chosen);
  showTheme();
}

/** Applies the theme to the document. */
export function showTheme() {
  const chosen = theme.get();
  if (chosen === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}
