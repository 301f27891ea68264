import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Button } from '../../components/button.js';
import { Note } from '../../components/note.js';
import { SecretField } from '../../components/secret_field.js';
import { relativeTime } from '../../lib/times.js';
import { Marked } from './marked.js';
import { valueIn } from './secret_values.js';

/**
 * Asks for the secrets beside the part of the request that uses them (`group` is `url`, `headers` or `body`), and offers to
 * convert literal secrets. `errors` are names that a save found without a value.
 */
export function SecretAsks({ composer, group, literals, onName, errors }) {
  const names = composer.used.filter((secret) => secret.group === group).map(({ name }) => name);
  const offered = literals.filter((literal) => literal.group === group);
  if (!names.length && !offered.length) return null;
  return html`
    <div class="compose-secrets">
      ${offered.map((literal) => html`
        <${Note} key=${`${literal.target}${literal.field}`} kind="warning" action=${html`<${Button} kind="small" onClick=${() => onName(literal)}>${t('compose.secrets.make')}<//>`}>
          <${Marked} text=${t('compose.secrets.literal', { field: literal.field })} />
        <//>`)}
      ${names.map((name) => html`<${SecretAsk} key=${name} composer=${composer} name=${name} error=${errors.includes(name)} />`)}
    </div>`;
}

/** One secret: a field if it has no value, else the time when it was set and a way to change it. */
function SecretAsk({ composer, name, error }) {
  const { saved, typed, again, removed } = composer;
  const [changes, setChanges] = useState(false);
  const setAt = valueIn(saved?.secrets, name)?.set_at;
  const isAgain = again.names.includes(name);
  const isWanted = !setAt || isAgain || changes || removed.includes(name);
  if (!isWanted) {
    return html`
      <div class="compose-secret"><span><${Marked} text=${t('compose.secrets.isSet', { name, when: relativeTime(setAt) })} /></span>
        <${Button} kind="small quiet" data-target=${`secret:${name}`} onClick=${() => setChanges(true)}>${t('compose.secrets.change')}<//>
      </div>`;
  }
  const keep = () => {
    setChanges(false);
    composer.setTyped(name, '');
  };
  return html`
    <div class="compose-secret ask">
      <${SecretField} label=${html`<${Marked} text=${t(isAgain ? 'compose.secrets.again' : 'compose.secrets.uses', { name })} />`}
        value=${valueIn(typed, name) ?? ''} onValue=${(value) => composer.setTyped(name, value)}
        hint=${t('compose.secrets.hint')} error=${error && !valueIn(typed, name) ? t('compose.problems.secret') : undefined} data-target=${`secret:${name}`} />
      ${changes && html`<${Button} kind="small quiet" onClick=${keep}>${t('compose.secrets.keep')}<//>`}
    </div>`;
}

/** The unused secrets and the bearer secret, to be entered again or removed when the URL has another origin. */
export function SecretsAgain({ composer, errors, isWanted }) {
  const { again, used, removed, typed, bearer } = composer;
  const names = again.names.filter((name) => !used.some((secret) => secret.name === name));
  if (!again.names.length && !again.bearer) return null;
  return html`
    <${Note} kind="warning">
      <p>${t('compose.secrets.againText')}</p>
      ${names.map((name) => html`
        <${AgainAsk} key=${name} name=${name} target=${`secret:${name}`} value=${valueIn(typed, name)} isRemoved=${removed.includes(name)} error=${errors.includes(name)}
          onValue=${(value) => composer.setTyped(name, value)} onRemoved=${(isRemoved) => composer.setRemoved(name, isRemoved)} />`)}
      ${again.bearer && html`
        <${AgainAsk} name=${t('compose.secrets.bearer')} target="bearer_secret" value=${bearer} isRemoved=${bearer === null} error=${isWanted}
          onValue=${(value) => composer.setBearer(value || undefined)} onRemoved=${(isRemoved) => composer.setBearer(isRemoved ? null : undefined)} />`}
    <//>`;
}

function AgainAsk({ name, target, value, isRemoved, error, onValue, onRemoved }) {
  if (isRemoved) {
    return html`<div class="compose-secret"><span><${Marked} text=${t('compose.secrets.removed', { name })} /></span>
      <${Button} kind="small quiet" onClick=${() => onRemoved(false)}>${t('compose.secrets.restore')}<//></div>`;
  }
  return html`
    <div class="compose-secret ask">
      <${SecretField} label=${html`<${Marked} text=${t('compose.secrets.again', { name })} />`} value=${value ?? ''} onValue=${onValue}
        data-target=${target} error=${error && !value ? t('compose.problems.secret') : undefined} />
      <${Button} kind="small" onClick=${() => onRemoved(true)}>${t('compose.secrets.remove')}<//>
    </div>`;
}
