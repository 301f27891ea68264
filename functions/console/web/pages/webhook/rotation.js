import { useFirstFocus } from '../../lib/focus.js';
import { html, useRef, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { Button } from '../../components/button.js';
import { Confirm } from '../../components/dialog.js';
import { CheckField, SelectField } from '../../components/field.js';
import { ErrorNote, Note } from '../../components/note.js';
import { SecretField } from '../../components/secret_field.js';
import { useAction } from '../../state/resource.js';

const OVERLAPS = ['86400', '3600', '604800', '0'];

/** `whsec_` and 32 random bytes in base64. */
function randomSecret() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}

/** Replaces the signing secret. `onDone` gets the new secret, the seconds for which the old one signs too, and whether another was typed meanwhile. */
export function Rotation({ webhook, onDone, onCancel }) {
  const place = useFirstFocus();
  const [overlap, setOverlap] = useState(OVERLAPS[0]);
  const [isOwn, setOwn] = useState(false);
  const [own, setOwnSecret] = useState('');
  const latest = useRef(own);
  latest.current = own;
  const [isAsking, setAsking] = useState(false);
  const [isLost, setLost] = useState(false);
  const { busy, error, run } = useAction();
  const rotate = async () => {
    const body = { overlap_seconds: Number(overlap), ...(isOwn ? { secret: own.trim() } : {}) };
    try {
      const { secret } = await call('rotateSecret', { params: { id: webhook.id }, body });
      setAsking(false);
      onDone({ secret, overlap: Number(overlap), isTyping: latest.current !== own });
    } catch (error) {
      setLost(!isOwn && (error.kind === 'offline' || error.kind === 'timeout'));
      throw error;
    }
  };
  const submit = (event) => {
    event.preventDefault();
    if (overlap === '0') setAsking(true);
    else run(rotate);
  };
  return html`
    <form class="form webhook-rotation" ref=${place} onSubmit=${submit}>
      <${SelectField} label=${t('webhook.signing.overlap')} value=${overlap} onValue=${setOverlap}
        options=${OVERLAPS.map((value) => [value, t(`webhook.signing.overlaps.${value}`)])} error=${error?.field?.('overlap_seconds')} />
      <${RotationSteps} overlap=${Number(overlap)} />
      <${CheckField} label=${t('webhook.signing.own')} checked=${isOwn} onValue=${setOwn} />
      ${isOwn && html`
        <${SecretField} label=${t('webhook.signing.ownLabel')} hint=${t('webhook.signing.ownHint')} placeholder="whsec_…"
          value=${own} onValue=${setOwnSecret} error=${error?.field?.('secret')} />
        <div><${Button} kind="small" onClick=${() => setOwnSecret(randomSecret())}>${t('webhook.signing.generate')}<//></div>`}
      <${ErrorNote} error=${error} />
      ${isLost && html`<${Note} kind="warning">${t('webhook.signing.lost')}<//>`}
      <div class="buttons">
        <${Button} kind="primary" type="submit" busy=${busy} disabled=${isOwn && !own.trim()}>${t('webhook.signing.rotate')}<//>
        <${Button} onClick=${onCancel}>${t('common.cancel')}<//>
      </div>
      ${isAsking && html`<${Confirm} title=${t('webhook.signing.confirmTitle')} action=${t('webhook.signing.rotate')}
        onConfirm=${rotate} onClose=${() => setAsking(false)}>
        <p>${t('webhook.signing.confirmText', { name: webhook.name })}</p><//>`}
    </form>`;
}

/** The steps of a rotation. */
export const RotationSteps = ({ overlap, isDone }) => html`
  <div>
    <h3>${t(isDone ? 'webhook.signing.stepsDone' : 'webhook.signing.steps')}</h3>
    <ol class="webhook-steps">
      ${!isDone && html`<li>${t(overlap ? 'webhook.signing.step1' : 'webhook.signing.step1Now')}</li>`}
      <li>${t(overlap ? 'webhook.signing.step2' : 'webhook.signing.step2Now')}</li>
      ${overlap > 0 && html`<li>${t('webhook.signing.step3')}</li>`}
    </ol>
  </div>`;
