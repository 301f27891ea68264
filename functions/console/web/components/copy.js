import { html, useState } from '../lib/html.js';
import { t } from '../texts/index.js';
import { sayFailed } from '../state/toasts.js';
import { IconButton } from './button.js';

/** Copies a text; `what` names it for a screen reader. */
export function Copy({ text, what }) {
  const [done, setDone] = useState(false);
  const copy = async (event) => {
    event.preventDefault();
    event.stopPropagation();
    try {
      await navigator.clipboard.writeText(String(text));
      setDone(true);
      setTimeout(() => setDone(false), 1500);
    } catch {
      sayFailed(String(text));
    }
  };
  const label = done ? t('common.copied') : t('common.copyWhat', { what });
  return html`<${IconButton} icon=${done ? 'check' : 'copy'} label=${label} kind="small" onClick=${copy} />`;
}
