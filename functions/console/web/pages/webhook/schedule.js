import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Button, IconButton } from '../../components/button.js';
import { duration } from '../../lib/times.js';
import { attemptsOf, marksOf, MAX_WAIT, MAX_WAITS, positionOf, PRESETS, presetOf, secondsOf, UNITS, waitOf } from './schedule_times.js';

const units = UNITS.map(([name]) => name).reverse();
const ADDED = { value: '1', unit: 'h' };

/** Edits the waits between attempts, and shows when each attempt happens. */
export function Schedule({ waits, onWaits, error, isUnreadable, disabled }) {
  const seconds = waits.map(secondsOf);
  const isClear = !seconds.includes(null);
  const attempts = isClear ? attemptsOf(seconds) : null;
  const chosen = isClear ? presetOf(seconds) : undefined;
  const change = (index, changes) => onWaits(waits.map((wait, at) => (at === index ? { ...wait, ...changes } : wait)));
  const refused = error?.field?.('retry');
  const messageOf = (index) => {
    if (isUnreadable && seconds[index] === null) return t('webhook.schedule.unclear');
    return refused && seconds[index] > MAX_WAIT ? t('webhook.schedule.tooLong') : undefined;
  };
  return html`
    <fieldset class="webhook-fieldset webhook-schedule" disabled=${disabled}>
      <legend>${t('webhook.settings.retry')}</legend>
      ${!disabled && html`<div class="buttons" role="group" aria-label=${t('webhook.schedule.presets')}>
        ${Object.entries(PRESETS).map(([name, preset]) => html`
          <${Button} key=${name} kind="small" aria-pressed=${chosen === name} onClick=${() => onWaits(preset.map(waitOf))}>${t(`webhook.schedule.preset.${name}`)}<//>`)}
      </div>`}
      <${Picture} attempts=${attempts} />
      <ol class="webhook-waits">
        ${waits.map((wait, index) => html`
          <${Wait} key=${index} number=${index + 1} wait=${wait} after=${attempts?.[index + 1]} message=${messageOf(index)}
            onChange=${(changes) => change(index, changes)} onRemove=${() => onWaits(waits.filter((_, at) => at !== index))} />`)}
      </ol>
      ${!disabled && html`<div class="buttons">
        <${Button} kind="small" icon="plus" disabled=${waits.length >= MAX_WAITS} onClick=${() => onWaits([...waits, waits.at(-1) ?? ADDED])}>${t('webhook.schedule.add')}<//>
        ${waits.length >= MAX_WAITS && html`<span class="muted small">${t('webhook.schedule.full')}</span>`}
      </div>`}
      ${refused && html`<p class="error">${refused}</p>`}
      <p class="muted small">${t('webhook.schedule.spread')}</p>
    </fieldset>`;
}

function Wait({ number, wait, after, message, onChange, onRemove }) {
  return html`
    <li>
      <input class="input" inputmode="decimal" value=${wait.value} aria-label=${t('webhook.schedule.wait', { number })} aria-invalid=${message ? 'true' : undefined}
        onInput=${(event) => onChange({ value: event.currentTarget.value })} />
      <select class="select" value=${wait.unit} aria-label=${t('webhook.schedule.unit', { number })} onChange=${(event) => onChange({ unit: event.currentTarget.value })}>
        ${units.map((unit) => html`<option value=${unit}>${t(`webhook.schedule.units.${unit}`)}</option>`)}
      </select>
      <${IconButton} icon="close" kind="small" label=${t('webhook.schedule.remove', { number })} onClick=${onRemove} />
      ${message
        ? html`<span class="error">${message}</span>`
        : html`<span class="muted small">${after === undefined ? '' : t('webhook.schedule.attempt', { number: number + 1, time: duration(after * 1000) })}</span>`}
    </li>`;
}

/** Attempts as dots on a line. The list of waits says the same in words. */
function Picture({ attempts }) {
  const last = attempts?.at(-1) ?? 0;
  const shown = attempts ?? [0];
  const textOf = (seconds) => (seconds ? t('webhook.schedule.after', { time: duration(seconds * 1000) }) : t('webhook.schedule.first'));
  const total = shown.length > 1 ? t('webhook.schedule.total', { count: shown.length, time: duration(last * 1000) }) : t('webhook.schedule.none');
  return html`
    <div class="webhook-picture">
      <div class="line" aria-hidden="true" title=${t('webhook.schedule.picture')}>
        ${marksOf(last).map(({ text, at }) => html`<span key=${text} class="mark" style=${{ left: `${at * 100}%` }}>${text}</span>`)}
        ${shown.map((seconds, index) => html`
          <span key=${index} class="dot" style=${{ left: `${positionOf(seconds, last) * 100}%` }} title=${t('webhook.schedule.dot', { number: index + 1, time: textOf(seconds) })} />`)}
      </div>
      <p role="status">${attempts ? total : t('webhook.schedule.unclear')}</p>
    </div>`;
}
