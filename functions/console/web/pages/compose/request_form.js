import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Button } from '../../components/button.js';
import { Field, SelectField, TextField } from '../../components/field.js';
import { Note } from '../../components/note.js';
import { Panel } from '../../components/page.js';
import { sayUndoable } from '../../state/toasts.js';
import { BodyEditor } from './body_editor.js';
import { isCurl, readCurl } from './curl.js';
import { METHODS, bodyFrom, bodyOf, row } from './form.js';
import { namedSecret } from './form_secrets.js';
import { Marked } from './marked.js';
import { RowsEditor } from './rows_editor.js';
import { SecretAsks, SecretsAgain } from './secret_asks.js';
import { TemplateField } from './template_field.js';

const HEADERS = { name: 'compose.form.headerName', value: 'compose.form.headerValue', add: 'compose.form.addHeader', remove: 'compose.form.removeHeader' };

/** The request's form: name, method, URL, headers, body and success codes, with the secrets where they are used. */
export function RequestForm({ composer, problemsOf, literals, missing, isWanted, notes, onNotes, onInsert, onPlace }) {
  const { form, setForm, used, known } = composer;
  const names = [...known, ...used.map(({ name }) => name)];
  const set = (changes) => setForm((form) => ({ ...form, ...changes }));
  const nameSecret = (literal) => {
    const before = form;
    const { form: next, name, value } = namedSecret(form, literal, names);
    setForm(next);
    composer.setTyped(name, value);
    sayUndoable(t('compose.secrets.made', { name }), () => {
      setForm(before);
      composer.setTyped(name, '');
    });
  };
  const paste = (event) => {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (!isCurl(text)) return;
    event.preventDefault();
    const read = readCurl(text);
    if (!read) {
      onNotes([t('compose.curl.unreadable')]);
      return;
    }
    const before = form;
    setForm((form) => formOfCurl(form, read));
    onNotes(read.notes.map(([name, values]) => t(`compose.curl.notes.${name}`, values)));
    sayUndoable(t('compose.curl.done'), () => {
      setForm(before);
      onNotes([]);
    });
  };
  const asks = (group) => html`<${SecretAsks} composer=${composer} group=${group} literals=${literals} onName=${nameSecret} errors=${missing} />`;
  const wrong = (target) => problemsOf(target).map(({ what }) => what).join('; ') || undefined;
  const insert = html`<${Button} kind="small quiet" onClick=${onInsert}>${t('compose.form.insert')}<//>`;
  return html`
    <${Panel} title=${t('compose.form.label')} actions=${insert}>
      <div class="stack">
        <${TextField} label=${t('compose.form.name')} value=${form.name} onValue=${(name) => set({ name })} error=${wrong('name')}
          placeholder=${t('compose.form.namePlaceholder')} data-target="name" maxlength="100" autocomplete="off" />
        <div class="compose-address">
          <${SelectField} label=${t('compose.form.method')} value=${form.method} onValue=${(method) => set({ method })} error=${wrong('method')}
            options=${METHODS.map((method) => [method, method])} data-target="method" />
          <${Field} label=${t('compose.form.url')} hint=${t('compose.form.urlHint')} error=${wrong('url') && html`<${Marked} text=${wrong('url')} />`} control=${(tied) => html`
            <${TemplateField} target="url" place="url" value=${form.url} onValue=${(url) => set({ url })} onPaste=${paste} problems=${problemsOf('url')}
              known=${names} placeholder="https://" inputmode="url" ...${tied} />`} />
        </div>
        ${notes.length > 0 && html`
          <${Note} kind="warning" action=${html`<${Button} kind="small" onClick=${() => onNotes([])}>${t('common.close')}<//>`}>
            <ul>${notes.map((note) => html`<li><${Marked} text=${note} /></li>`)}</ul>
          <//>`}
        ${asks('url')}
        <${SecretsAgain} composer=${composer} errors=${missing} isWanted=${isWanted} />
        <div class="field">
          <h3 class="label">${t('compose.form.headers')}</h3>
          <div class="hint">${t('compose.form.noHeaders')}</div>
          ${problemsOf('headers').length > 0 && html`<div class="error">${wrong('headers')}</div>`}
          <${RowsEditor} kind="header" rows=${form.headers} onRows=${(headers) => set({ headers })}
            problemsOf=${problemsOf} known=${names} texts=${HEADERS} label=${t('compose.form.headers')} />
        </div>
        ${asks('headers')}
        <div class="field">
          <h3 class="label">${t('compose.form.body')}</h3>
          <${BodyEditor} method=${form.method} body=${form.body} onBody=${(body) => set({ body })} onPlace=${onPlace} problemsOf=${problemsOf} known=${names} />
        </div>
        ${asks('body')}
        <${TextField} label=${t('compose.form.codes')} hint=${t('compose.form.codesHint')} value=${form.codes} onValue=${(codes) => set({ codes })}
          error=${wrong('codes')} data-target="codes" mono inputmode="numeric" />
      </div>
    <//>`;
}

/** Replaces the form's request by that of a `curl` command; the name stays. */
function formOfCurl(form, { method, url, headers, body }) {
  const rowsOf = (pairs) => pairs.map(([name, value]) => row(name, value));
  const written = body?.format === 'json' ? bodyFrom(body.json, 'json') : body && bodyOf({ format: body.format, rows: rowsOf(body.rows) });
  return { ...form, method, url, headers: rowsOf(headers), body: written ?? bodyOf() };
}
