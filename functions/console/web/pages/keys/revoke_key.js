import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { Confirm } from '../../components/dialog.js';
import { CheckField } from '../../components/field.js';
import { Note } from '../../components/note.js';
import { accountId, session } from '../../state/session.js';
import { sayDone } from '../../state/toasts.js';

/** Revokes a key and those that it made. A request revokes up to 100, so it is sent until none is left. */
async function revokeWithMade(id) {
  let revoked = 0;
  for (;;) {
    const answer = await call('revokePlatformKey', { params: { key_id: id }, query: { cascade: 'true' } });
    revoked += answer.revoked;
    if (answer.is_complete) return revoked;
  }
}

/** Asks before a key is revoked, and says what stops to work. */
export function RevokeKey({ apiKey, ofPlatform, onClose, onRevoked }) {
  const [cascades, setCascades] = useState(false);
  const { who } = session.get();
  const name = apiKey.name ?? apiKey.id;
  const revoke = async () => {
    let count = 1;
    if (!ofPlatform) await call('revokeAccountKey', { params: { id: accountId(), key_id: apiKey.id } });
    else if (cascades) count = await revokeWithMade(apiKey.id);
    else await call('revokePlatformKey', { params: { key_id: apiKey.id } });
    sayDone(t('keys.revoked', { count }));
    onClose();
    onRevoked();
  };
  return html`
    <${Confirm} title=${t('keys.revokeTitle', { name })} action=${t('keys.revoke')} onConfirm=${revoke} onClose=${onClose}>
      <p><code>${apiKey.prefix ?? apiKey.id}</code></p>
      <p>${t(apiKey.kind === 'console_link' ? 'keys.revokeLinkText' : 'keys.revokeText')}</p>
      ${apiKey.id === who.id && html`<${Note} kind="warning">${t('keys.revokeOwn')}<//>`}
      ${ofPlatform && html`
        <${CheckField} label=${t('keys.cascade')} checked=${cascades} onValue=${setCascades} />
        <p class="muted">${t(cascades ? 'keys.cascadeText' : 'keys.noCascadeText')}</p>
        ${cascades && who.created_by === apiKey.id && html`<${Note} kind="warning">${t('keys.revokeOwn')}<//>`}`}
    <//>`;
}
