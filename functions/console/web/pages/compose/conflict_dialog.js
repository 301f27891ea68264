import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Button } from '../../components/button.js';
import { Dialog } from '../../components/dialog.js';
import { useAction } from '../../state/resource.js';
import { ErrorNote } from '../../components/note.js';
import { changedSettings, settingsOf } from './form.js';
import { formatJson } from './json_text.js';

/** Shows the reader's changes beside the saved version, after a 412. `base` is the version that the reader began with. */
export function ConflictDialog({ form, base, version, theirs, onOverwrite, onTake, onClose }) {
  const { busy, error, run } = useAction();
  const now = new Map(settingsOf(theirs.form));
  const mine = changedSettings(form, base);
  const rows = mine.map(([name, text]) => [name, shown(text), shown(now.get(name))]);
  const elsewhere = changedSettings(theirs.form, base).map(([name]) => name).filter((name) => !mine.some(([own]) => own === name));
  const footer = html`
    <${Button} autofocus onClick=${onClose}>${t('compose.conflict.keep')}<//>
    <${Button} onClick=${onTake}>${t('compose.conflict.take')}<//>
    <${Button} kind="danger" busy=${busy} onClick=${() => run(onOverwrite)}>${t('compose.conflict.overwrite')}<//>`;
  return html`
    <${Dialog} title=${t('compose.conflict.title')} onClose=${onClose} footer=${footer}>
      <p>${t('compose.conflict.text', { theirs: theirs.version, mine: version })}</p>
      ${rows.map(([name, mine, saved]) => html`
        <div class="conflict" key=${name}>
          <h3><code>${name}</code></h3>
          <div><span class="muted">${t('compose.conflict.yours')}</span><pre tabindex="0" aria-label=${t('compose.conflict.yours')}>${mine}</pre></div>
          <div><span class="muted">${t('compose.conflict.saved')}</span><pre tabindex="0" aria-label=${t('compose.conflict.saved')}>${saved}</pre></div>
        </div>`)}
      ${elsewhere.length > 0 && html`<p>${t('compose.conflict.elsewhere', { names: elsewhere.join(', ') })}</p>`}
      <${ErrorNote} error=${error} />
    <//>`;
}

const shown = (text) => (text === 'null' ? t('compose.conflict.none') : text.startsWith('"') ? JSON.parse(text) : formatJson(text));
