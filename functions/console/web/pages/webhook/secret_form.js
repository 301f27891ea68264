import { useFirstFocus } from '../../lib/focus.js';
import { html, useRef, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Button } from '../../components/button.js';
import { ErrorNote } from '../../components/note.js';
import { SecretField } from '../../components/secret_field.js';
import { Unsaved } from '../../components/unsaved.js';
import { useAction } from '../../state/resource.js';

/**
 * Asks for a secret and saves it with `onSave(value)`. `field` is its name in the API's errors, `first` is shown before it. `onSaved` runs
 * after a save, unless another value was typed meanwhile: the form stays open with that value.
 */
export function SecretForm({ label, field, first, isBlocked, onSave, onSaved, onCancel }) {
  const place = useFirstFocus();
  const [value, setValue] = useState('');
  const latest = useRef(value);
  latest.current = value;
  const [isMissing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const submit = (event) => {
    event.preventDefault();
    setMissing(value === '');
    if (value === '' || isBlocked) return;
    run(async () => {
      await onSave(value);
      if (latest.current === value) onSaved();
    });
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
