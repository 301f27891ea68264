import { html, useEffect, useRef, useState } from '../lib/html.js';
import { localTime } from '../lib/ranges.js';
import { t } from '../texts/index.js';
import { setQuery, useQuery } from '../state/router.js';
import { zone } from '../state/session.js';
import { Button } from './button.js';
import { SelectField, TextField } from './field.js';

/**
 * Filters whose values are in the address. `fields` are `{ name, label, options }` for a choice and `{ name, label, type,
 * placeholder }` for a text, which applies when typing pauses or with Enter. A `datetime-local` shows an instant of the address in the
 * account's time zone; it writes only typed values to the address, as plain times.
 */
export function Filters({ fields, label }) {
  const query = useQuery();
  const isSet = fields.some(({ name }) => query[name]);
  const clear = () => setQuery(Object.fromEntries(fields.map(({ name }) => [name, undefined])));
  return html`
    <div class="filters" role="search" aria-label=${label}>
      ${fields.map((field) => (field.options
        ? html`<${SelectField} key=${field.name} label=${field.label} value=${query[field.name] ?? ''} onValue=${(value) => setQuery({ [field.name]: value })} options=${[['', t('common.all')], ...field.options]} />`
        : html`<${TextFilter} key=${field.name} field=${field} value=${shownOf(field, query[field.name])} />`))}
      ${isSet && html`<${Button} kind="quiet" onClick=${clear}>${t('common.clear')}<//>`}
    </div>`;
}

const shownOf = ({ type }, value = '') => (type === 'datetime-local' ? localTime(value, zone()) : value);

function TextFilter({ field, value }) {
  const [typed, setTyped] = useState(value);
  // A value that this field wrote into the address is not read back: the reader may continue typing after a space.
  const written = useRef(value);
  const wanted = typed.trim();
  const write = () => {
    written.current = wanted;
    setQuery({ [field.name]: wanted });
  };
  useEffect(() => {
    if (value === written.current) return;
    written.current = value;
    setTyped(value);
  }, [value]);
  useEffect(() => {
    if (wanted === value) return undefined;
    const timer = setTimeout(write, 400);
    return () => clearTimeout(timer);
  }, [wanted]);
  const commit = (event) => event.key === 'Enter' && wanted !== value && write();
  const { name, label, type = 'text', ...rest } = field;
  return html`<${TextField} label=${label} value=${typed} onValue=${setTyped} type=${type} onKeyDown=${commit} onBlur=${() => setTyped(wanted)}
    data-filter=${name} ...${rest} />`;
}
