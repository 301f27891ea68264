import { html } from '../lib/html.js';
import { useSignal } from '../lib/signal.js';
import { closeToast, toasts } from '../state/toasts.js';
import { t } from '../texts/index.js';
import { Button, IconButton } from './button.js';

/** The messages at the edge. */
export const Toasts = () => html`
  <div class="toasts" role="status" aria-live="polite">
    ${useSignal(toasts).map(({ id, text, kind, again, undo }) => html`
      <div key=${id} class=${`toast ${kind}`}>
        <span class="text">${text}</span>
        ${again && html`<${Button} kind="small" onClick=${() => { closeToast(id); again(); }}>${t('common.retry')}<//>`}
        ${undo && html`<${Button} kind="small" onClick=${() => { closeToast(id); undo(); }}>${t('common.undo')}<//>`}
        <${IconButton} icon="close" kind="small" label=${t('common.close')} onClick=${() => closeToast(id)} />
      </div>`)}
  </div>`;
