import { html, useEffect, useId, useRef, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { relativeTime } from '../../lib/times.js';
import { masked } from '../../lib/masking.js';
import { Panel } from '../../components/page.js';
import { setQuery, useQuery } from '../../state/router.js';
import { valueIn } from './secret_values.js';
import { FILTERS, KNOWN } from './variables.js';

const NUMBERS = ['from', 'to', 'bridge'];

/** Variables, secrets and filters as a list of what can be inserted: `{ kind, name, group, about, example }`. */
export function itemsOf({ list, variables, composer, mask }) {
  if (list === 'filters') {
    return FILTERS.map((filter) => {
      const { name, group, hint, input, output } = filter;
      const [heading, about] = [t(`compose.filters.groups.${group}`), t(`compose.filters.about.${name}`)];
      return { kind: 'filter', key: name, filter, group: heading, code: `| ${name}${hint}`, about, example: `${input || '∅'} → ${output}` };
    });
  }
  const shown = ({ name, example }) => (mask.isOn && NUMBERS.includes(name) ? masked(example) : mask.text(example));
  const variable = (group) => (variable) => {
    const { name, isHere } = variable;
    const about = KNOWN.includes(name) ? t(`compose.variables.about.${name}`) : t('compose.insert.own');
    return { kind: 'variable', key: name, name, group, code: `{{${name}}}`, about, example: isHere ? shown(variable) : '' };
  };
  const names = [...new Set([...composer.known, ...composer.used.map(({ name }) => name)])];
  const secret = (name) => {
    const setAt = valueIn(composer.saved?.secrets, name)?.set_at;
    const about = setAt ? t('compose.insert.secret', { when: relativeTime(setAt) }) : t('compose.insert.secretUnset');
    return { kind: 'secret', key: `%${name}`, name, group: t('compose.insert.groups.secrets'), code: `%${name}%`, about, example: '' };
  };
  return [
    ...variables.filter(({ isHere }) => isHere).map(variable(t('compose.insert.groups.here'))), ...names.map(secret),
    ...variables.filter(({ isHere }) => !isHere).map(variable(t('compose.insert.groups.absent'))),
  ];
}

/**
 * A searchable list: arrows choose, Enter or a click inserts at the cursor of the field that had the focus last. The address
 * says which list is shown (`?list=filters`).
 */
export function InsertPanel({ variables, composer, mask, into, onInsert, search }) {
  const id = useId();
  const list = useQuery().list === 'filters' ? 'filters' : 'variables';
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const element = useRef(null);
  const wanted = typed.trim().toLowerCase().replace(/^\{\{\s*|^%|^\|\s*/, '');
  const isWanted = ({ code, about }) => code.toLowerCase().includes(wanted) || about.toLowerCase().includes(wanted);
  const items = itemsOf({ list, variables, composer, mask }).filter(isWanted);
  const label = t(list === 'filters' ? 'compose.insert.searchFilters' : 'compose.insert.search');
  const chosen = Math.min(at, items.length - 1);
  useEffect(() => setAt(0), [list, wanted]);
  useEffect(() => {
    const option = element.current?.querySelector('[aria-selected="true"]');
    const box = element.current;
    // Only the list scrolls, never the page.
    if (option && box && typed !== null && document.activeElement === search.current) {
      const [top, bottom] = [option.offsetTop - box.offsetTop, option.offsetTop - box.offsetTop + option.offsetHeight];
      if (top < box.scrollTop + 24) box.scrollTop = Math.max(top - 24, 0);
      else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
    }
  }, [chosen]);
  const keyDown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step && items.length) {
      event.preventDefault();
      setAt(Math.max(0, Math.min(items.length - 1, chosen + step)));
    } else if (event.key === 'Enter' && items[chosen]) {
      event.preventDefault();
      onInsert(items[chosen]);
    }
  };
  const tabs = html`
    <div class="segments small" role="radiogroup" aria-label=${t('compose.insert.listsLabel')}>
      ${['variables', 'filters'].map((name) => html`
        <label><input type="radio" name=${id} checked=${list === name} onChange=${() => setQuery({ list: name === 'filters' ? name : undefined })} />
          <span>${t(`compose.insert.lists.${name}`)}</span></label>`)}
    </div>`;
  return html`
    <${Panel} title=${t('compose.insert.title')} actions=${tabs}>
      <input class="input" ref=${search} type="search" role="combobox" aria-expanded="true" aria-controls=${`${id}-list`} aria-autocomplete="list"
        aria-activedescendant=${items.length ? `${id}-${chosen}` : undefined} aria-label=${label} placeholder=${label}
        value=${typed} onInput=${(event) => setTyped(event.currentTarget.value)} onKeyDown=${keyDown} aria-describedby=${`${id}-into`} />
      <ul class="insert-list" id=${`${id}-list`} ref=${element} role="listbox" aria-label=${t(`compose.insert.lists.${list}`)} tabindex="-1">
        ${items.map((item, index) => html`
          ${item.group !== items[index - 1]?.group && html`<li role="presentation" class="group">${item.group}</li>`}
          <li role="option" id=${`${id}-${index}`} key=${item.key} aria-selected=${index === chosen ? 'true' : 'false'} title=${item.example || undefined}
            onMouseDown=${(event) => event.preventDefault()} onClick=${() => onInsert(item)}>
            <code>${item.code}</code><span class="about">${item.about}</span><span class="example">${item.example}</span>
          </li>`)}
        ${!items.length && html`<li role="presentation" class="group">${t('compose.insert.nothing')}</li>`}
      </ul>
      <p class="insert-into" id=${`${id}-into`}>${t('compose.insert.into', { field: t(`compose.insert.fields.${into}`) })}</p>
    <//>`;
}
