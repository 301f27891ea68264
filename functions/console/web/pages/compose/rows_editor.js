import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Button, IconButton } from '../../components/button.js';
import { row } from './form.js';
import { Marked } from './marked.js';
import { TemplateField } from './template_field.js';

/** Common headers, suggested while a name is typed. */
const COMMON = ['Authorization', 'X-Api-Key', 'Accept', 'Accept-Language', 'User-Agent', 'X-Request-Id', 'Content-Type'];

/**
 * Rows of names and values. `kind` is `header` or `row`, `texts` the names of the texts for the name, the value, adding and
 * removing; `problemsOf(target)` returns those of a control.
 */
export function RowsEditor({ kind, rows, onRows, problemsOf, known, texts, label }) {
  const change = (id, changes) => onRows(rows.map((row) => (row.id === id ? { ...row, ...changes } : row)));
  const add = () => {
    const added = row();
    onRows([...rows, added]);
    setTimeout(() => document.querySelector(`[data-target="${kind}:${added.id}:name"]`)?.focus());
  };
  const remove = (id) => {
    const index = rows.findIndex((row) => row.id === id);
    onRows(rows.filter((row) => row.id !== id));
    const next = rows[index + 1] ?? rows[index - 1];
    setTimeout(() => document.querySelector(next ? `[data-target="${kind}:${next.id}:name"]` : `[data-target="${kind === 'header' ? 'headers' : 'rows'}"]`)?.focus());
  };
  return html`
    <div class="compose-rows" role="group" aria-label=${label}>
      ${kind === 'header' && html`<datalist id="common-headers">${COMMON.map((name) => html`<option value=${name} />`)}</datalist>`}
      ${rows.map(({ id, name, value }, index) => {
        const number = index + 1;
        const wrongName = problemsOf(`${kind}:${id}:name`);
        const wrongValue = problemsOf(`${kind}:${id}:value`);
        const message = [...wrongName, ...wrongValue].map(({ what }) => what).join('; ');
        const described = message ? `${kind}-${id}-wrong` : undefined;
        return html`
          <div class="compose-row" key=${id}>
            <input class="input mono" data-target=${`${kind}:${id}:name`} value=${name} placeholder=${t('compose.form.namePlace')} list=${kind === 'header' ? 'common-headers' : undefined}
              aria-label=${t(texts.name, { number })} aria-invalid=${wrongName.length ? 'true' : undefined} aria-describedby=${described} spellcheck=${false} autocomplete="off"
              onInput=${(event) => change(id, { name: event.currentTarget.value })} />
            <${TemplateField} target=${`${kind}:${id}:value`} place=${kind} value=${value} onValue=${(value) => change(id, { value })} problems=${wrongValue} known=${known}
              placeholder=${t('compose.form.valuePlace')} aria-label=${t(texts.value, { number })} aria-describedby=${described} />
            <${IconButton} icon="trash" label=${t(texts.remove, { name: name || number })} onClick=${() => remove(id)} />
            ${message && html`<div class="error" id=${described}><${Marked} text=${message} /></div>`}
          </div>`;
      })}
      <div><${Button} kind="small" icon="plus" data-target=${kind === 'header' ? 'headers' : 'rows'} onClick=${add}>${t(texts.add)}<//></div>
    </div>`;
}
