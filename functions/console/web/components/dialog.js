import { html, useEffect, useId, useRef } from '../lib/html.js';
import { t } from '../texts/index.js';
import { useAction } from '../state/resource.js';
import { Button, IconButton } from './button.js';
import { ErrorNote } from './note.js';

/**
 * A dialog over the page. Esc closes it, the focus stays in it and returns where it was. `footer` holds its buttons. Without `onClose` it
 * stays until the page removes it.
 */
export function Dialog({ title, onClose, children, footer }) {
  const element = useRef(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    const dialog = element.current;
    dialog.showModal();
    return () => {
      dialog.close();
      restoreFocus(before);
    };
  }, []);
  const cancel = (event) => {
    event.preventDefault();
    onClose?.();
  };
  // A browser closes a dialog on a second Esc without asking.
  const stay = () => !onClose && element.current?.isConnected && element.current.showModal();
  return html`
    <dialog class="dialog" ref=${element} aria-labelledby=${id} onCancel=${cancel} onClose=${stay}>
      <header><h2 id=${id}>${title}</h2>${onClose && html`<${IconButton} icon="close" label=${t('common.close')} onClick=${onClose} />`}</header>
      <div class="body">${children}</div>
      ${footer && html`<footer>${footer}</footer>`}
    </dialog>`;
}

/** Returns the focus to the element that opened a dialog, or to the page if that is gone, such as a deleted row. */
function restoreFocus(before) {
  if (before?.isConnected) before.focus();
  // The page may remove the opener with the dialog, or disable it.
  requestAnimationFrame(() => {
    const { activeElement, body } = document;
    if (!activeElement || activeElement === body) document.getElementById('content')?.focus({ preventScroll: true });
  });
}

/**
 * Asks before something is destroyed: `children` name the objects, `action` is the verb, `onConfirm` does it. Cancel has the focus. `kind`
 * is that of the button, for an action that destroys nothing; `cancel` is the text of the safe choice.
 */
export function Confirm({ title, action, onConfirm, onClose, kind = 'danger primary', cancel = t('common.cancel'), children }) {
  const { busy, error, run } = useAction();
  const confirm = () => run(onConfirm);
  const footer = html`
    <${Button} autofocus onClick=${onClose}>${cancel}<//>
    <${Button} kind=${kind} busy=${busy} onClick=${confirm}>${action}<//>`;
  return html`<${Dialog} title=${title} onClose=${onClose} footer=${footer}>${children}<${ErrorNote} error=${error} /><//>`;
}
