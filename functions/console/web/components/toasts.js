import { html } from '../lib/html.js';
import { useSignal } from '../lib/signal.js';
import { closeToast, holdToast, releaseToast, toasts } from '../state/toasts.js';
import { t } from '../texts/index.js';
import { Button, IconButton } from './button.js';

/** The toasts. Failures interrupt a screen reader; other toasts wait until it pauses. */
export function Toasts() {
  const shown = useSignal(toasts);
  const of = (kind) => shown.filter((toast) => toast.kind === kind).map((toast) => html`<${Toast} key=${toast.id} ...${toast} />`);
  return html`
    <div class="toasts">
      <div class="toast-list">${of('failed')}</div>
      <div class="toast-list" role="status" aria-live="polite">${of('done')}</div>
    </div>`;
}

function Toast({ id, text, kind, again, undo }) {
  const closing = (action) => () => {
    closeToast(id);
    action();
  };
  const hold = () => holdToast(id);
  // The pointer may leave while the focus stays, or the focus while the pointer stays.
  const release = ({ currentTarget }) => setTimeout(() => !currentTarget.matches(':hover, :focus-within') && releaseToast(id));
  return html`
    <div class=${`toast ${kind}`} role=${kind === 'failed' ? 'alert' : undefined} onMouseEnter=${hold} onMouseLeave=${release} onFocusIn=${hold} onFocusOut=${release}>
      <span class="text">${text}</span>
      ${again && html`<${Button} kind="small" onClick=${closing(again)}>${t('common.retry')}<//>`}
      ${undo && html`<${Button} kind="small" onClick=${closing(undo)}>${t('common.undo')}<//>`}
      <${IconButton} icon="close" kind="small" label=${t('common.close')} onClick=${() => closeToast(id)} />
    </div>`;
}
