// The API reference: shows the OpenAPI document that is served beside this page.
import './reference/reference.css';
import { html, render, useEffect, useState } from './lib/html.js';
import { Note } from './components/note.js';
import { Skeleton } from './components/skeleton.js';
import { Button } from './components/button.js';
import { Reference } from './reference/page.js';
import { showTheme } from './state/theme.js';
import { reference } from './texts/en/reference.js';
import { addTexts, startLanguage, t } from './texts/index.js';

addTexts(reference);

/** Loads and shows the document. */
function Docs() {
  const [state, setState] = useState({ document: null, failed: false });
  const load = async () => {
    setState({ document: null, failed: false });
    try {
      const response = await fetch('openapi.json', { credentials: 'omit' });
      if (!response.ok) throw new Error(`the document was answered with ${response.status}`);
      setState({ document: await response.json(), failed: false });
    } catch {
      setState({ document: null, failed: true });
    }
  };
  useEffect(() => {
    load();
  }, []);
  if (state.document) return html`<${Reference} document=${state.document} />`;
  const again = html`<${Button} kind="small" onClick=${load}>${t('common.retry')}<//>`;
  return html`<main class="page">${state.failed ? html`<${Note} kind="failed" action=${again}>${t('reference.failed')}<//>` : html`<${Skeleton} lines=${8} />`}</main>`;
}

showTheme();
startLanguage().then(() => render(html`<${Docs} />`, document.getElementById('app')));
