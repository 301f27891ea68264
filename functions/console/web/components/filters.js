import { html, useEffect, useState } from '../lib/html.js';
import { t } from '../texts/index.js';
import { setQuery, useQuery } from '../state/router.js';
import { Button } from './button.js';
import { SelectField, TextField } from './field.js';

/**
 * Filters whose values stand in the address. `fields` are `{ name, label, options }` for a choice and `{ name, label, type,
 * placeholder }` for a text, which takes effect after a moment's rest or with Enter.
 */
export function Filters({ fields, label }) {
  const query = useQuery();
  const isSet = fields.some(({ name }) => query[name]);
  const clear = () => setQuery(Object.fromEntries(fields.map(({ name }) => [name, undefined])));
  return html`
    <div class="filters" role="search" aria-label=${label}>
      ${fields.map((field) => (field.options
        ? html`<${SelectField} key=${field.name} label=${field.label} value=${query[field.name] ?? ''} onValue=${(value) => setQuery({ [field.name]: value })} options=${[['', t('common.all')], ...field.options]} />`
        : html`<${TextFilter} key=${field.name} field=${field} value=${query[field.name] ?? ''} />`))}
      ${isSet && html`<${Button} kind="quiet" onClick=${clear}>${t('common.clear')}<//>`}
    </div>`;
}

function TextFilter({ field, value }) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return undefined;
    const timer = setTimeout(() => setQuery({ [field.name]: typed.trim() }), 400);
    return () => clearTimeout(timer);
  }, [typed]);
  const commit = (event) => event.key === 'Enter' && setQuery({ [field.name]: typed.trim() });
  const { name, label, type = 'text', ...rest } = field;
  return html`<${TextField} label=${label} value=${typed} onValue=${setTyped} type=${type} onKeyDown=${commit} data-filter=${name} ...${rest} />`;
}
