import { useFirstFocus } from '../../lib/focus.js';
import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Button } from '../../components/button.js';
import { ErrorNote } from '../../components/note.js';
import { SecretField } from '../../components/secret_field.js';
import { Unsaved } from '../../components/unsaved.js';
import { useAction } from '../../state/resource.js';

/** Asks for a secret and saves it with `onSave(value)`. `field` is its name in the API's errors, `first` what stands before it. */
export function SecretForm({ label, field, first, isBlocked, onSave, onCancel }) {
  const place = useFirstFocus();
  const [value, setValue] = useState('');
  const [isMissing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const submit = (event) => {
    event.preventDefault();
    setMissing(value === '');
    if (value !== '' && !isBlocked) run(() => onSave(value));
  };
  return html`
    <form class="form" ref=${place} onSubmit=${submit}>
      ${first}
      <${SecretField} label=${label} value=${value} onValue=${setValue} error=${isMissing && value === '' ? t('webhook.secrets.empty') : error?.field?.(field)} />
      <${ErrorNote} error=${error} />
      <div class="buttons">
        <${Button} kind="primary" type="submit" busy=${busy} disabled=${isBlocked}>${t('webhook.secrets.save')}<//>
        <${Button} onClick=${onCancel}>${t('common.cancel')}<//>
      </div>
      <${Unsaved} when=${value !== ''} />
    </form>`;
}
