import { html, useEffect, useRef } from '../lib/html.js';
import { focusTitle } from '../state/arrival.js';
import { t } from '../texts/index.js';

/** A page: its title and main actions on a line, then its content. `back` is a pair of link and text. */
export function Page({ title, actions, back, children, beside }) {
  const heading = useRef(null);
  useEffect(() => focusTitle(heading.current), []);
  useEffect(() => {
    document.title = `${title} · ${t('name')}`;
  }, [title]);
  return html`
    <main class="page" id="content" tabindex="-1">
      ${back && html`<a class="back" href=${back[0]}>← ${back[1]}</a>`}
      <header><h1 title=${title} tabindex="-1" ref=${heading}>${title}</h1>${beside}<div class="actions">${actions}</div></header>
      ${children}
    </main>`;
}

/** A part of a page with a heading. */
export const Panel = ({ title, actions, children, flush }) => html`
  <section class="panel">
    ${title && html`<header><h2>${title}</h2><div class="actions">${actions}</div></header>`}
    ${flush ? children : html`<div class="body">${children}</div>`}
  </section>`;

/** Names and values; pairs whose value is `undefined` or `null` are left out. */
export const Facts = ({ of }) => html`
  <dl class="facts">${of.filter(([, value]) => value !== undefined && value !== null).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
