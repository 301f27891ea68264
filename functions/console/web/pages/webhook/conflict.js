import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Button } from '../../components/button.js';
import { ErrorNote, Note } from '../../components/note.js';
import { Panel } from '../../components/page.js';
import { duration } from '../../lib/times.js';
import { changedElsewhere, changesOf, differences, merged } from './settings_form.js';

/** The texts for absent settings. */
const absent = { max_per_second: 'noLimit', timeout_seconds: 'default', success_codes: 'default' };

/** The text for the value of a setting. */
function textOf(name, value) {
  if (name === 'status') return t(`webhook.settings.statuses.${value}`);
  if (name === 'retry') return value.schedule.length ? value.schedule.map((seconds) => duration(seconds * 1000)).join(', ') : t('webhook.schedule.none');
  if (value === null || value === undefined) return t(`webhook.settings.${absent[name] ?? 'none'}`);
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** Two versions of the settings side by side: the reader's, and the one that another key saved meanwhile. The reader chooses for each setting. */
export function Conflict({ base, form, saved, busy, error, onSave, onUseSaved, onBack }) {
  const rows = differences(base, form, saved);
  const [chosen, setChosen] = useState({});
  const choiceOf = (row) => chosen[row.name] ?? row.choice;
  const others = changedElsewhere(base, saved);
  const save = () => {
    const kept = rows.filter((row) => choiceOf(row) === 'yours').map(({ name }) => name);
    const { body } = changesOf(saved, merged(form, saved, kept));
    return Object.keys(body).length ? onSave(body, saved.version) : onUseSaved();
  };
  return html`
    <${Panel} title=${t('webhook.conflict.title')}>
      <div class="stack">
        <${Note} kind="warning">${t('webhook.conflict.text', { saved: saved.version, base: base.version })}<//>
        ${others.length > 0 && html`<p>${t('webhook.conflict.others', { names: others.join(', ') })}</p>`}
        ${rows.length
          ? html`<${Choices} rows=${rows} choiceOf=${choiceOf} onChoose=${(name, side) => setChosen({ ...chosen, [name]: side })} />`
          : html`<p>${t('webhook.conflict.same')}</p>`}
        <${ErrorNote} error=${error} />
        <div class="buttons">
          ${rows.length
            ? html`<${Button} kind="primary" busy=${busy} onClick=${save}>${t('webhook.conflict.save')}<//>`
            : html`<${Button} kind="primary" onClick=${onUseSaved}>${t('webhook.conflict.done')}<//>`}
          <${Button} onClick=${onBack}>${t('webhook.conflict.back')}<//>
        </div>
      </div>
    <//>`;
}

const Choices = ({ rows, choiceOf, onChoose }) => html`
  <div class="table-wrap" tabindex="0" role="region" aria-label=${t('webhook.conflict.title')}>
    <table class="table webhook-conflict">
      <thead><tr>
        <th scope="col">${t('webhook.conflict.setting')}</th><th scope="col">${t('webhook.conflict.yours')}</th><th scope="col">${t('webhook.conflict.saved')}</th>
      </tr></thead>
      <tbody>${rows.map((row) => html`
        <tr key=${row.name}>
          <th scope="row">${t(`webhook.settings.${row.name}`)}</th>
          <${Side} row=${row} side="yours" label="keepYours" choiceOf=${choiceOf} onChoose=${onChoose} />
          <${Side} row=${row} side="saved" label="keepSaved" choiceOf=${choiceOf} onChoose=${onChoose} />
        </tr>`)}</tbody>
    </table>
  </div>`;

const Side = ({ row, side, label, choiceOf, onChoose }) => html`
  <td><label class="check">
    <input type="radio" name=${`keep-${row.name}`} checked=${choiceOf(row) === side} onChange=${() => onChoose(row.name, side)}
      aria-label=${t(`webhook.conflict.${label}`, { name: t(`webhook.settings.${row.name}`) })} />
    <span>${textOf(row.name, row[side])}</span>
  </label></td>`;
