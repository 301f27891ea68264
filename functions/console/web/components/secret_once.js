import { html, useEffect, useRef, useState } from '../lib/html.js';
import { t } from '../texts/index.js';
import { useGuard } from '../state/leaving.js';
import { go } from '../state/router.js';
import { Button } from './button.js';
import { Dialog } from './dialog.js';
import { Note } from './note.js';

/**
 * Shows a new secret (a key, a signing secret) once. `name` describes it (and names the copy button), `children` say how to use it.
 * `onClose` runs when the reader confirms that it is stored, or closes the dialog a second time without confirming. Until it was copied
 * or confirmed, going back, following a link and closing the tab ask first.
 */
export function SecretOnce({ title, secret, name, children, onClose }) {
  const [copied, setCopied] = useState(null);
  const [warned, setWarned] = useState(false);
  const text = useRef(null);
  /** The place that the reader tried to open, and whether leaving is allowed now. */
  const wanted = useRef(null);
  const isFree = useRef(false);
  const isKept = copied === 'done';
  const close = () => {
    isFree.current = true;
    onClose();
    if (wanted.current) go(wanted.current.path, wanted.current.query);
  };
  const leave = () => (isKept || warned ? close() : setWarned(true));
  useGuard(!isKept, (path, query) => {
    if (isFree.current) return false;
    wanted.current = { path, query };
    setWarned(true);
    return true;
  });
  useEffect(() => {
    // A browser closes a dialog on a second Esc without asking; the reader would lose the secret.
    const follow = (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      leave();
    };
    document.addEventListener('keydown', follow);
    return () => document.removeEventListener('keydown', follow);
  });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret);
      setCopied('done');
    } catch {
      getSelection()?.selectAllChildren(text.current);
      setCopied('failed');
    }
  };
  const footer = html`<${Button} kind="primary" onClick=${close}>${t('secretOnce.stored')}<//>`;
  return html`
    <${Dialog} title=${title} onClose=${leave} footer=${footer}>
      <p>${t('secretOnce.once')}</p>
      <div class="secret-once">
        <code ref=${text} tabindex="0" aria-label=${name}>${secret}</code>
        <${Button} autofocus icon=${isKept ? 'check' : 'copy'} aria-label=${t('common.copyWhat', { what: name })} onClick=${copy}>
          ${isKept ? t('common.copied') : t('common.copy')}
        <//>
      </div>
      ${copied === 'failed' && html`<${Note} kind="failed">${t('secretOnce.copyFailed')}<//>`}
      ${children}
      ${warned && html`<${Note} kind="warning" action=${html`<${Button} kind="small" onClick=${close}>${t('secretOnce.leave')}<//>`}>${t('secretOnce.warning')}<//>`}
    <//>`;
}
