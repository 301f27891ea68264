import { html } from '../lib/html.js';
import { linkTo, place } from '../state/router.js';
import { useSignal } from '../lib/signal.js';

/** Parts of a page, each with an address; `tabs` are pairs of the query's `tab` and a text, the first without one. */
export function Tabs({ tabs, label }) {
  const { path, query } = useSignal(place);
  const chosen = query.tab ?? tabs[0][0];
  return html`
    <nav class="tabs" aria-label=${label}>
      ${tabs.map(([name, text], index) => html`
        <a href=${linkTo(path, { tab: index ? name : undefined })} aria-current=${name === chosen ? 'page' : undefined}>${text}</a>`)}
    </nav>`;
}
