import { html, useState } from '../lib/html.js';
import { t } from '../texts/index.js';
import { fieldsOf, limitsOf, nameOf, resolved, typeOf, variantsOf } from './document.js';
import { Text } from './text.js';

/** The fields of a value, or each of its variants. */
export function Schema({ document, schema }) {
  const { variants } = variantsOf(resolved(document, schema) ?? {});
  if (variants.length > 1) {
    return variants.map((variant) => html`
      <${Folded} summary=${html`<span class="type">${typeOf(document, variant)}</span>`}><${Value} document=${document} schema=${variant} /><//>`);
  }
  return html`<${Value} document=${document} schema=${schema.oneOf ? variants[0] : schema} />`;
}

/** A value: its fields, else its type and limits. */
function Value({ document, schema }) {
  const target = fieldsOf(document, schema);
  if (target) return html`<${Fields} document=${document} schema=${target} />`;
  const own = resolved(document, schema) ?? {};
  return html`<p class="meta"><span class="type">${typeOf(document, own)}</span> <${Limits} schema=${own} /></p>`;
}

function Fields({ document, schema }) {
  const required = new Set(schema.required ?? []);
  const { additionalProperties: more } = schema;
  return html`
    <ul class="fields">
      ${Object.entries(schema.properties ?? {}).map(([name, property]) => html`
        <${Named} key=${name} document=${document} name=${name} schema=${property} required=${required.has(name)} />`)}
      ${typeof more === 'object' && html`<${Named} document=${document} name=${t('reference.anyName')} schema=${more} />`}
    </ul>`;
}

/** A field or a parameter: its name, type, limits and description, and the fields below it. */
export function Named({ document, name, schema = {}, required, description, place }) {
  const own = resolved(document, schema) ?? {};
  const { variants } = variantsOf(own);
  const below = variants.filter((variant) => fieldsOf(document, variant));
  const only = variants.length === 1 ? resolved(document, variants[0]) : own;
  const text = description ?? schema.description ?? own.description ?? only.description;
  const values = own.enum ?? only.enum ?? resolved(document, only.items)?.enum;
  return html`
    <li>
      <p class="meta">
        <code class="name">${name}</code> <span class="type">${typeOf(document, nameOf(schema) ? schema : own)}</span>
        ${place && html` <span class="place">${place}</span>`}
        ${required && html` <span class="chip">${t('reference.required')}</span>`} <${Limits} schema=${only} />
      </p>
      ${text && html`<p><${Text} of=${text} /></p>`}
      ${values && html`<p class="values">${values.map((value) => html`<code>${value === null ? 'null' : String(value)}</code> `)}</p>`}
      ${below.map((variant) => html`
        <${Folded} summary=${t('reference.fieldsOf', { name: nameOf(variant) ?? nameOf(variant.items) ?? nameOf(schema) ?? name })}>
          <${Schema} document=${document} schema=${variant} />
        <//>`)}
    </li>`;
}

const Limits = ({ schema }) => limitsOf(schema).map((limit) => html`<span class="limit">${limit}</span> `);

/** Content that is rendered when it is first opened, so that schemas may refer to each other. */
export function Folded({ summary, children, open = false }) {
  const [isOpen, setOpen] = useState(open);
  return html`
    <details class="folded" open=${isOpen} onToggle=${(event) => setOpen(event.currentTarget.open)}>
      <summary>${summary}</summary>
      ${isOpen && html`<div class="inside">${children}</div>`}
    </details>`;
}
