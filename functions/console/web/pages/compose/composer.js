import { html, useMemo, useRef, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Button } from '../../components/button.js';
import { ErrorNote, Note } from '../../components/note.js';
import { Page } from '../../components/page.js';
import { ShowNumbers } from '../../components/show_numbers.js';
import { parseJson } from '../../lib/json.js';
import { maskOf } from '../../lib/masking.js';
import { linkTo, setQuery, useQuery } from '../../state/router.js';
import { can, zone } from '../../state/session.js';
import { sayUndoable } from '../../state/toasts.js';
import { ConflictDialog } from './conflict_dialog.js';
import { Created, beginsWithTest } from './created.js';
import { controlOf, insertText, jumpTo } from './cursor.js';
import { emptyForm, formOf, isTouched } from './form.js';
import { literalSecrets } from './form_secrets.js';
import { InsertPanel } from './insert_panel.js';
import { insertFilter, insertSecret, insertVariable } from './insertion.js';
import { settingsOfPreset } from './presets.js';
import { PresetsMenu } from './presets_menu.js';
import { PreviewPanel } from './preview_panel.js';
import { lacking, located, ownProblems } from './problems.js';
import { ReportChooser, ReportSelect } from './report_chooser.js';
import { ReportsChoice } from './reports_choice.js';
import { RequestForm } from './request_form.js';
import { previewText } from './requests.js';
import { TestPanel } from './test_panel.js';
import { useComposer } from './use_composer.js';
import { usePreview } from './use_preview.js';
import { useReport } from './use_report.js';
import { useSave } from './use_save.js';
import { useSaveKey } from './use_save_key.js';
import { variablesOf } from './variables.js';

/** The insertion function of each kind of item. */
const INSERTIONS = {
  variable: (text, range, { name }, options) => insertVariable(text, range, name, options),
  secret: (text, range, { name }, options) => insertSecret(text, range, name, options),
  filter: (text, range, { filter }, options) => insertFilter(text, range, filter, options),
};

/** The composer of a new webhook, or of the one whose `id` and `text` (the API's answer) are given. */
export function Composer({ id, text }) {
  const query = useQuery();
  const composer = useComposer({ id, text });
  const report = useReport(composer.own);
  const { form, setForm, saved, used } = composer;
  const say = (name) => t(`compose.problems.${name}`);
  const own = ownProblems(form, say);
  const lacks = lacking(form, say);
  const mayPreview = form.url.trim() !== '' && !own.length && report.chosen !== null;
  const asked = { form, saved, id, used: used.map(({ name }) => name), removed: composer.removed, report: report.chosen };
  const preview = usePreview(mayPreview ? previewText(asked) : null);
  const save = useSave(composer, [...lacks, ...own]);
  const [showsNumbers, setShowsNumbers] = useState(false);
  const isPast = report.kind === 'past';
  const mask = useMemo(() => maskOf(isPast ? parseJson(report.text) : null, !isPast || showsNumbers), [report.text, isPast, showsNumbers]);
  const [notes, setNotes] = useState([]);
  const [startsTest, setStartsTest] = useState(() => beginsWithTest(id));
  const [into, setInto] = useState({ target: 'url', place: 'url' });
  const search = useRef(null);

  const problems = unique([...(save.isWanted ? lacks : []), ...own, ...[...preview.problems, ...save.refused].map((problem) => located(form, problem))]);
  const warnings = preview.request && !preview.isStale ? preview.request.warnings.map((warning) => located(form, warning)) : [];
  const problemsOf = (target) => problems.filter((problem) => problem.target === target);
  const variables = variablesOf(report.text, { zone: zone(), now: Date.now(), reportId: preview.request?.headers['webhook-id'] ?? '', webhookId: id ?? '' });
  const insert = (item) => {
    const field = controlOf(into.target) ?? controlOf('url');
    const options = { isJson: field.dataset.place === 'json' };
    insertText(field, INSERTIONS[item.kind](field.value, [field.selectionStart, field.selectionEnd], item, options));
  };
  const follow = ({ target }) => {
    const { place, target: name } = target.dataset ?? {};
    if (place && name !== 'own') setInto({ target: name, place });
  };
  const takePreset = (preset) => {
    const before = form;
    setForm((form) => ({ ...formOf(JSON.stringify(settingsOfPreset(preset, form.url))), name: form.name, reports: form.reports }));
    setNotes([]);
    sayUndoable(t('compose.presets.done', { name: t(`compose.presets.${preset.id}.name`) }), () => setForm(before));
  };
  const startTest = () => {
    setStartsTest(true);
    setQuery({ show: 'test' });
    document.getElementById('compose-preview')?.scrollIntoView({ block: 'start' });
  };
  useSaveKey(() => save.save());

  const actions = html`
    <${PresetsMenu} isTouched=${isTouched(form, saved?.form ?? emptyForm()) || (saved && isTouched(form, emptyForm()))} onPreset=${takePreset} />
    ${can('webhooks:write') && html`<${SaveButton} composer=${composer} save=${save} />`}`;
  const back = id ? [linkTo(`/webhooks/${id}`), t('compose.backToWebhook')] : [linkTo('/webhooks'), t('compose.back')];
  return html`
    <${Page} title=${saved ? t('compose.titleOf', { name: saved.name }) : t('compose.title')} back=${back} actions=${actions}>
      ${!can('webhooks:write') && html`<${Note} kind="warning">${t('compose.mayNotSave')}<//>`}
      ${composer.draft && (composer.changes > 0 || composer.draft.lost.length > 0) && html`<${DraftNote} composer=${composer} />`}
      <div class="compose" onFocusIn=${follow}>
        <div class="compose-main stack">
          ${id && query.step === 'created' && html`<${Created} id=${id} name=${saved.name} onTest=${startTest} />`}
          <${RequestForm} composer=${composer} problemsOf=${problemsOf} literals=${literalSecrets(form)}
            missing=${save.isWanted ? composer.missing : []} isWanted=${save.isWanted}
            notes=${notes} onNotes=${setNotes} onInsert=${() => search.current?.focus()} onPlace=${setInto} />
          ${!id && can('webhooks:write') && html`
            <${ReportsChoice} reports=${form.reports} wanted=${save.isWanted} onReports=${(reports) => setForm((form) => ({ ...form, reports }))} />`}
          ${can('webhooks:write') && html`<${SaveBar} composer=${composer} save=${save} />`}
        </div>
        <div class="compose-side">
          <div class="compose-preview" id="compose-preview"><${PreviewPanel} preview=${preview} problems=${problems} warnings=${warnings} hasUrl=${form.url.trim() !== ''}
            mask=${mask} select=${html`
              ${isPast && html`<${ShowNumbers} kind="small" isShown=${showsNumbers} onChange=${setShowsNumbers} />`}<${ReportSelect} report=${report} />`}
            chooser=${html`<${ReportChooser} report=${report} own=${composer.own} onOwn=${composer.setOwn} problems=${problemsOf('report')} />`}
            test=${html`
              <${TestPanel} composer=${composer} report=${report} mask=${mask} onSave=${save.save} onCreate=${() => save.save({ tests: true })} mayStart=${startsTest} onStarted=${() => setStartsTest(false)} />`} /></div>
          <div class="compose-insert"><${InsertPanel} variables=${variables} composer=${composer} mask=${mask}
            into=${into.place === 'json' ? 'body' : into.place} onInsert=${insert} search=${search} /></div>
        </div>
        <${Button} kind="compose-jump" icon="down" onClick=${() => document.getElementById('compose-preview').scrollIntoView({ block: 'start' })}>${t('compose.preview.jump')}<//>
      </div>
      ${save.conflict && html`<${ConflictDialog} form=${form} base=${saved.form} version=${composer.version} ...${save.conflict} />`}
    <//>`;
}

/** Removes repeated problems: saving and the preview may find the same. */
const unique = (problems) => problems.filter(({ field, what }, index) => {
  const first = problems.findIndex((other) => other.field === field && other.what === what);
  return first === index;
});

const SaveButton = ({ composer, save }) => html`
  <${Button} kind="primary" busy=${save.busy} disabled=${composer.id && !composer.changes} onClick=${() => save.save()}>${t(composer.id ? 'compose.save.save' : 'compose.save.create')}<//>`;

/** The unsaved changes and the save button, at the end of the form. */
function SaveBar({ composer, save }) {
  const { id, changes } = composer;
  const first = save.firstProblem;
  return html`
    <div class="compose-save">
      <${ErrorNote} error=${save.error} retry=${() => save.save()} />
      ${first && html`
        <${Note} kind="failed" action=${html`<${Button} kind="small" onClick=${() => jumpTo(first)}>${t('compose.problems.jump')}<//>`}>${t('compose.save.withProblems')}<//>`}
      <div class="buttons">
        <${SaveButton} composer=${composer} save=${save} />
        ${id && changes > 0 && html`<${Button} kind="quiet" onClick=${composer.discard}>${t('compose.draft.discardSaved')}<//>`}
        ${id && html`<span class="muted" role="status">${changes ? t('compose.save.changes', { count: changes }) : t('compose.save.unchanged')}</span>`}
      </div>
    </div>`;
}

function DraftNote({ composer }) {
  const { draft, saved } = composer;
  const isOlder = saved && draft.version !== saved.version;
  const action = html`
    <${Button} kind="small" onClick=${composer.discard}>${t('compose.draft.discard')}<//>
    <${Button} kind="small quiet" onClick=${() => composer.setDraft(null)}>${t('common.close')}<//>`;
  return html`
    <${Note} action=${action}>
      ${t('compose.draft.restored')} ${isOlder ? t('compose.draft.changed') : ''} ${draft.lost.length ? t('compose.draft.lost', { names: draft.lost.join(', ') }) : ''}
    <//>`;
}
