import { html } from '../lib/html.js';
import { useSignal } from '../lib/signal.js';
import { t } from '../texts/index.js';
import { chooseTheme, theme } from '../state/theme.js';
import { IconButton } from './button.js';

const order = ['system', 'light', 'dark'];

/** Switches to the next theme: system, light, dark. */
export function ThemeButton() {
  const chosen = useSignal(theme);
  const next = order[(order.indexOf(chosen) + 1) % order.length];
  return html`<${IconButton} icon=${chosen} label=${`${t('top.theme')}: ${t(`top.themes.${chosen}`)}`} onClick=${() => chooseTheme(next)} />`;
}
