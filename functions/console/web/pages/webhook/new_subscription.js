import { useFirstFocus } from '../../lib/focus.js';
import { html, useRef, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { Button } from '../../components/button.js';
import { SelectField, TextField } from '../../components/field.js';
import { ErrorNote, Note } from '../../components/note.js';
import { Panel } from '../../components/page.js';
import { Unsaved } from '../../components/unsaved.js';
import { useAction } from '../../state/resource.js';
import { identityOf, KINDS } from './identities.js';

const EVENT = 'voice:message:out';

/** Subscribes a webhook to reports. `onAdded` gets whether the reader has begun another one meanwhile, `onExisting` the id of an existing subscription. */
export function NewSubscription({ webhook, onAdded, onExisting, onCancel }) {
  const place = useFirstFocus();
  const [event, setEvent] = useState(EVENT);
  const [kind, setKind] = useState('all');
  const [value, setValue] = useState('');
  const [isMissing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const typed = useRef(null);
  typed.current = { event, kind, value };
  const existing = error?.problem?.existing_id;
  const needsValue = kind !== 'all' && !value.trim();
  const add = () => run(async () => {
    const sent = typed.current;
    try {
      await call('createSubscription', { body: { webhook_id: webhook.id, event: event.trim() || null, identity: identityOf(kind, value) } });
    } catch (error) {
      onExisting(error.problem?.existing_id ?? null);
      throw error;
    }
    onAdded(['event', 'kind', 'value'].some((name) => typed.current[name] !== sent[name]));
  });
  const submit = (event) => {
    event.preventDefault();
    setMissing(needsValue);
    if (!needsValue) add();
  };
  const choose = (kind) => {
    setKind(kind);
    setValue(kind === 'source' ? 'OBD' : '');
    setMissing(false);
  };
  return html`
    <${Panel} title=${t('webhook.subscriptions.add')}>
      <form class="form" ref=${place} onSubmit=${submit}>
        <${TextField} label=${t('webhook.subscriptions.event')} hint=${t('webhook.subscriptions.eventHint')}
          value=${event} onValue=${setEvent} error=${error?.field?.('event')} mono spellcheck=${false} />
        <div class="row">
          <${SelectField} label=${t('webhook.subscriptions.kind')} value=${kind} onValue=${choose}
            options=${KINDS.map((kind) => [kind, t(`webhook.subscriptions.kinds.${kind}`)])} />
          ${kind !== 'all' && html`
            <${TextField} key=${kind} label=${t(`webhook.subscriptions.values.${kind}`)} hint=${t(`webhook.subscriptions.hints.${kind}`)} mono
              value=${value} onValue=${setValue}
              error=${isMissing && needsValue ? t('webhook.subscriptions.valueMissing') : error?.field?.('identity')} inputmode=${kind === 'number' ? 'tel' : undefined} />`}
        </div>
        ${existing ? html`<${Note} kind="failed">${t('webhook.subscriptions.exists')}<//>` : html`<${ErrorNote} error=${error} />`}
        <p class="muted small">${t('webhook.subscriptions.delay')}</p>
        <div class="buttons">
          <${Button} kind="primary" type="submit" busy=${busy}>${t('webhook.subscriptions.add')}<//>
          <${Button} onClick=${onCancel}>${t('common.cancel')}<//>
        </div>
        <${Unsaved} when=${event !== EVENT || kind !== 'all'} />
      </form>
    <//>`;
}
