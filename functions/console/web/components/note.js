import { html } from '../lib/html.js';
import { t } from '../texts/index.js';
import { Button } from './button.js';

/** A note; `kind` is `failed`, `warning`, or empty for a hint. */
export const Note = ({ kind = '', children, action }) => html`
  <div class=${`note ${kind}`} role=${kind === 'failed' ? 'alert' : undefined}><div class="text">${children}</div>${action}</div>`;

/** The message of an error as a sentence. */
export function sentenceOf(error) {
  if (error.kind === 'throttled' && error.retryAfter) return error.problem?.detail ?? t('errors.throttled', { seconds: error.retryAfter });
  if (error.kind === 'throttled') return error.problem?.detail ?? t('errors.throttledSoon');
  if (error.problem?.detail) return error.problem.detail;
  const known = { offline: 'errors.offline', timeout: 'errors.timeout', key: 'errors.key', precondition: 'errors.precondition', 'not-found': 'errors.notFound' }[error.kind];
  if (known) return t(known);
  return error.status ? t('errors.unexpected', { status: error.status }) : t('errors.page');
}

/** An error of the API: what happened, wrong fields if there are any, and "Try again". */
export const ErrorNote = ({ error, retry }) => error && html`
  <${Note} kind="failed" action=${retry && html`<${Button} kind="small" onClick=${retry}>${t('common.retry')}<//>`}>
    ${sentenceOf(error)}
    ${error.fields?.length > 0 && html`<ul>${error.fields.map(({ field, message }) => html`<li><code>${field}</code> ${message}</li>`)}</ul>`}
  <//>`;
