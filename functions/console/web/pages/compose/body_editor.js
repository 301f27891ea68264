import { html, useId, useRef } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Button } from '../../components/button.js';
import { jumpTo } from './cursor.js';
import { FORMATS, inFormat, rawOf, rowsFrom } from './form.js';
import { formatJson, scanJson } from './json_text.js';
import { Marked } from './marked.js';
import { RowsEditor } from './rows_editor.js';
import { TemplateField } from './template_field.js';

const ROWS = { name: 'compose.form.rowName', value: 'compose.form.rowValue', add: 'compose.form.addRow', remove: 'compose.form.removeRow' };

/**
 * The body: the default payload, JSON in an editor, or the fields of a form as rows or as their JSON. After a change of format,
 * `onPlace` gets the control that variables are inserted into.
 */
export function BodyEditor({ method, body, onBody, onPlace, problemsOf, known }) {
  const name = useId();
  const isPointed = useRef(false);
  const isEditor = body.format === 'json' || body.isRaw;
  const choose = (format) => {
    const next = inFormat(body, format);
    const control = controlOf(next);
    onBody(next);
    onPlace(control);
    // Arrow keys move between formats, so the focus must stay on the choice.
    if (isPointed.current && format !== 'default') setTimeout(() => jumpTo({ start: 0, end: 0, ...control }));
    isPointed.current = false;
  };
  if (method === 'GET') return html`<p class="muted">${t('compose.form.withoutBody')}</p>`;
  return html`
    <div class="stack compose-body">
      <div class="compose-line">
        <div class="segments" role="radiogroup" aria-label=${t('compose.form.format')} onPointerDown=${() => (isPointed.current = true)}
          onKeyDown=${() => (isPointed.current = false)}>
          ${FORMATS.map((format, index) => html`
            <label><input type="radio" name=${name} checked=${body.format === format} data-target=${index === 0 ? 'format' : undefined}
              onChange=${() => choose(format)} /><span>${t(`compose.form.formats.${format}`)}</span></label>`)}
        </div>
        <${Tools} body=${body} onBody=${onBody} />
      </div>
      ${problemsOf('format').map(({ what }) => html`<div class="error">${what}</div>`)}
      ${body.format === 'default' && html`<p class="muted">${t('compose.form.defaultBody')}</p>`}
      ${body.format !== 'default' && (isEditor
        ? html`<${Editor} text=${body.format === 'json' ? body.json : body.raw} problems=${problemsOf('body')} known=${known}
            onText=${(text) => onBody(body.format === 'json' ? { ...body, json: text } : { ...body, raw: text })} />`
        : html`<${RowsEditor} kind="row" rows=${body.rows} onRows=${(rows) => onBody({ ...body, rows })}
            problemsOf=${problemsOf} known=${known} texts=${ROWS} label=${t('compose.form.body')} />`)}
    </div>`;
}

/** The control of a body that variables are inserted into, with its first value selected. */
function controlOf({ format, json, isRaw, raw, rows }) {
  if (format === 'default') return { target: 'url', place: 'url' };
  if (format !== 'json' && !isRaw) return { target: `row:${rows[0].id}:value`, place: 'row', end: rows[0].value.length };
  const first = scanJson(format === 'json' ? json : raw).strings[0];
  return { target: 'body', place: 'json', ...(first && { start: first.start + 1, end: first.end - 1 }) };
}

/** Formats JSON; switches between the rows of a form and their JSON. */
function Tools({ body, onBody }) {
  if (body.format === 'default') return null;
  if (body.format === 'json') {
    const tidy = () => onBody({ ...body, json: formatJson(body.json) });
    return html`<${Button} kind="small quiet" disabled=${!scanJson(body.json).root} onClick=${tidy}>${t('compose.form.tidy')}<//>`;
  }
  const toRaw = () => onBody({ ...body, isRaw: true, raw: rawOf(body.rows) });
  if (!body.isRaw) return html`<${Button} kind="small quiet" onClick=${toRaw}>${t('compose.form.raw')}<//>`;
  const rows = rowsFrom(body.raw);
  const toRows = () => onBody({ ...body, isRaw: false, rows, raw: '' });
  return html`<${Button} kind="small quiet" disabled=${!rows} title=${rows ? undefined : t('compose.form.rawWrong')} onClick=${toRows}>${t('compose.form.rowsView')}<//>`;
}

function Editor({ text, onText, problems, known }) {
  const id = useId();
  return html`
    <div class="field">
      <${TemplateField} isCode target="body" place="json" value=${text} onValue=${onText} problems=${problems} known=${known}
        aria-label=${t('compose.form.editor')} aria-describedby=${`${id}-hint ${id}-wrong`} />
      <div class="hint" id=${`${id}-hint`}>${t('compose.form.editorHint')}</div>
      <div class="error" id=${`${id}-wrong`}>${problems.map(({ what, line, column }) => html`
        <div>${line ? `${t('compose.problems.at', { line, column })}: ` : ''}<${Marked} text=${what} /></div>`)}</div>
    </div>`;
}
