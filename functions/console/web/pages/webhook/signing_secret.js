import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Button } from '../../components/button.js';
import { Facts, Panel } from '../../components/page.js';
import { SecretOnce } from '../../components/secret_once.js';
import { Time } from '../../components/time.js';
import { can } from '../../state/session.js';
import { Rotation, RotationSteps } from './rotation.js';

/** The signing secret: since when it signs, the earlier ones that sign too, and its rotation. */
export function SigningSecret({ webhook, reload }) {
  const [isOpen, setOpen] = useState(false);
  const [made, setMade] = useState(null);
  const { set_at: setAt, earlier } = webhook.signing;
  const rotated = (made) => {
    setOpen(made.isTyping);
    setMade(made);
    reload();
  };
  const rotate = can('webhooks:write') && !isOpen && html`<${Button} kind="small" icon="refresh" onClick=${() => setOpen(true)}>${t('webhook.signing.rotate')}<//>`;
  return html`
    <${Panel} title=${t('webhook.signing.title')} actions=${rotate}>
      <div class="stack">
        <p class="muted">${t('webhook.signing.lead')}</p>
        <${Facts} of=${[
          [t('webhook.signing.setAt'), html`<${Time} at=${setAt} />`],
          [t('webhook.signing.earlier'), earlier.length
            ? html`<ul>${earlier.map(({ until }) => html`
              <li key=${until}>${t('webhook.signing.until')} <${Time} at=${until} /> <span class="muted">(<${Time} at=${until} relative />)</span></li>`)}</ul>`
            : t('webhook.signing.noEarlier')],
        ]} />
        ${isOpen && html`<${Rotation} webhook=${webhook} onDone=${rotated} onCancel=${() => setOpen(false)} />`}
      </div>
      ${made && html`<${SecretOnce} title=${t('webhook.signing.newTitle', { name: webhook.name })} secret=${made.secret}
        name=${t('webhook.signing.secretName')} onClose=${() => setMade(null)}>
        <${RotationSteps} overlap=${made.overlap} isDone /><//>`}
    <//>`;
}
