import { html, useEffect, useMemo, useState } from '../lib/html.js';
import { useSignal } from '../lib/signal.js';
import { t } from '../texts/index.js';
import { Toasts } from '../components/toasts.js';
import { ThemeButton } from '../components/theme_button.js';
import { theme } from '../state/theme.js';
import { found, groupsOf } from './document.js';
import { FirstSteps } from './first_steps.js';
import { Operation } from './operation.js';
import { Text } from './text.js';

/** The base of the API: the folder that this page is in. */
const base = new URL('.', location.href).href.replace(/\/$/, '');

/** The API reference: all operations by their tags, and a searchable list of them. */
export function Reference({ document }) {
  useSignal(theme);
  const groups = useMemo(() => groupsOf(document), [document]);
  const [text, setText] = useState('');
  const [isOpen, setOpen] = useState(false);
  const current = useCurrent(groups);
  useEffect(() => {
    // The browser looked for the fragment before the operations were rendered.
    globalThis.document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, [groups]);
  return html`
    <div class="reference">
      <a class="skip button" href="#content">${t('nav.skip')}</a>
      <header class="top">
        <a class="name" href="#content">${t('reference.title')}</a>
        <button type="button" class="button small list-toggle" aria-expanded=${isOpen} aria-controls="operations" onClick=${() => setOpen(!isOpen)}>${t('reference.list')}</button>
        <span class="links"><a href="openapi.json">openapi.json</a><a href="console/">${t('reference.console')}</a></span>
        <${ThemeButton} />
      </header>
      <nav class=${`operations ${isOpen ? 'open' : ''}`} id="operations" aria-label=${t('reference.list')}>
        <input class="input" type="search" value=${text} placeholder=${t('reference.search')} aria-label=${t('reference.search')} onInput=${(event) => setText(event.currentTarget.value)} />
        ${!text && html`<ul class="first"><li><a href="#first-steps" onClick=${() => setOpen(false)}><span>${t('reference.steps.title')}</span></a></li></ul>`}
        ${groups.map((group) => html`<${Listed} key=${group.name} group=${group} text=${text} current=${current} onChosen=${() => setOpen(false)} />`)}
      </nav>
      <main id="content" tabindex="-1">
        <section class="about">
          <h1>${document.info.title} API <span class="muted">${document.info.version}</span></h1>
          <p><${Text} of=${document.info.description} /></p>
          ${Object.values(document.components?.securitySchemes ?? {}).map(({ description }) => html`<p><${Text} of=${description} /></p>`)}
        </section>
        <${FirstSteps} base=${base} />
        ${groups.map(({ name, description, operations }) => html`
          <section key=${name} aria-labelledby=${`tag-${name}`}>
            <h2 id=${`tag-${name}`}>${name}</h2>
            <p class="muted"><${Text} of=${description} /></p>
            ${operations.map((operation) => html`<${Operation} key=${operation.id} document=${document} operation=${operation} base=${base} />`)}
          </section>`)}
      </main>
    </div>
    <${Toasts} />`;
}

/** The operations of a tag in the list. */
function Listed({ group, text, current, onChosen }) {
  const operations = found(group.operations, text);
  if (!operations.length) return null;
  return html`
    <h2>${group.name}</h2>
    <ul>${operations.map(({ id, method, path, summary }) => html`
      <li key=${id}><a href=${`#${id}`} title=${`${method} ${path}`} aria-current=${id === current ? 'true' : undefined} onClick=${onChosen}>
        <span class=${`method ${method.toLowerCase()}`}>${method}</span><span>${summary ?? path}</span></a></li>`)}</ul>`;
}

/** The id of the current operation: the topmost one in the window. */
function useCurrent(groups) {
  const [current, setCurrent] = useState(location.hash.slice(1));
  useEffect(() => {
    const seen = new Set();
    const ids = groups.flatMap(({ operations }) => operations.map(({ id }) => id));
    const observer = new IntersectionObserver((entries) => {
      entries.forEach(({ target, isIntersecting }) => (isIntersecting ? seen.add(target.id) : seen.delete(target.id)));
      setCurrent(ids.find((id) => seen.has(id)));
    }, { rootMargin: '-56px 0px -60% 0px' });
    ids.forEach((id) => observer.observe(document.getElementById(id)));
    return () => observer.disconnect();
  }, [groups]);
  return current;
}
