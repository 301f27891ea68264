import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { Button } from '../../components/button.js';
import { Dialog } from '../../components/dialog.js';
import { TextField } from '../../components/field.js';
import { ErrorNote } from '../../components/note.js';
import { Panel } from '../../components/page.js';
import { useAction } from '../../state/resource.js';

/** Erases an account after its id was typed; `onErasing` gets the API's response. */
export function EraseAccount({ account, onErasing }) {
  const [asks, setAsks] = useState(false);
  return html`
    <${Panel} title=${t('account.eraseTitle')}>
      <div class="stack">
        <p>${t('account.eraseAbout')}</p>
        <div><${Button} kind="danger" icon="trash" onClick=${() => setAsks(true)}>${t('account.erase')}<//></div>
      </div>
      ${asks && html`<${Ask} account=${account} onClose=${() => setAsks(false)} onErasing=${onErasing} />`}
    <//>`;
}

function Ask({ account, onClose, onErasing }) {
  const [typed, setTyped] = useState('');
  const { busy, error, run } = useAction();
  const isSame = typed === account.id;
  const erase = (event) => {
    event.preventDefault();
    if (isSame) run(async () => onErasing(await call('eraseAccount', { params: { id: account.id }, query: { confirm: typed } })));
  };
  const footer = html`
    <${Button} autofocus onClick=${onClose}>${t('common.cancel')}<//>
    <${Button} kind="danger primary" busy=${busy} disabled=${!isSame} onClick=${erase}>${t('account.eraseNow')}<//>`;
  return html`
    <${Dialog} title=${t('account.eraseAsk', { name: account.name })} onClose=${onClose} footer=${footer}>
      <p>${t('account.eraseGoes')}</p>
      <ul class="bullets">${['webhooks', 'deliveries', 'figures', 'keys', 'id'].map((what) => html`<li key=${what}>${t(`account.goes.${what}`)}</li>`)}</ul>
      <form onSubmit=${erase}>
        <${TextField} label=${t('account.eraseType', { id: account.id })} value=${typed} onValue=${setTyped} mono autocomplete="off" spellcheck=${false} />
      </form>
      <${ErrorNote} error=${error} />
    <//>`;
}
