import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { Confirm } from '../../components/dialog.js';
import { CheckField } from '../../components/field.js';
import { Note } from '../../components/note.js';
import { accountId, session } from '../../state/session.js';
import { sayDone } from '../../state/toasts.js';
import { revokeInSteps } from './keys.js';

/** Revokes a key and the keys that it created, up to 100. */
const revokeWithMade = (id) => call('revokePlatformKey', { params: { key_id: id }, query: { cascade: 'true' } });

/** Asks before a key is revoked, and says what stops working. */
export function RevokeKey({ apiKey, ofPlatform, onClose, onRevoked }) {
  const [cascades, setCascades] = useState(false);
  /** The number of revoked keys, and whether it stopped before the end. */
  const [progress, setProgress] = useState(null);
  const { who } = session.get();
  const name = apiKey.name ?? apiKey.id;
  const done = (count) => {
    sayDone(t('keys.revoked', { count }));
    onClose();
    onRevoked();
  };
  const cascade = async () => {
    const before = progress?.count ?? 0;
    const { revoked, isComplete } = await revokeInSteps(() => revokeWithMade(apiKey.id), (count) => setProgress({ count: before + count }));
    if (isComplete) return done(before + revoked);
    onRevoked();
    return setProgress({ count: before + revoked, isStopped: true });
  };
  const revoke = async () => {
    if (ofPlatform && cascades) return cascade();
    await (ofPlatform ? call('revokePlatformKey', { params: { key_id: apiKey.id } }) : call('revokeAccountKey', { params: { id: accountId(), key_id: apiKey.id } }));
    return done(1);
  };
  return html`
    <${Confirm} title=${t('keys.revokeTitle', { name })} action=${t(progress?.isStopped ? 'keys.revokeFurther' : 'keys.revoke')} onConfirm=${revoke} onClose=${onClose}>
      <p><code>${apiKey.prefix ?? apiKey.id}</code></p>
      <p>${t(apiKey.kind === 'console_link' ? 'keys.revokeLinkText' : 'keys.revokeText')}</p>
      ${apiKey.id === who.id && html`<${Note} kind="warning">${t('keys.revokeOwn')}<//>`}
      ${ofPlatform && html`
        <${CheckField} label=${t('keys.cascade')} checked=${cascades} onValue=${setCascades} />
        <p class="muted">${t(cascades ? 'keys.cascadeText' : 'keys.noCascadeText')}</p>
        ${cascades && who.created_by === apiKey.id && html`<${Note} kind="warning">${t('keys.revokeOwn')}<//>`}`}
      ${progress && html`<p role="status">${t('keys.revokedSoFar', { count: progress.count })} ${progress.isStopped ? t('keys.revokeRemains') : ''}</p>`}
    <//>`;
}
