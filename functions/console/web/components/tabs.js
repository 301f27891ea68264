import { html, useEffect, useRef } from '../lib/html.js';
import { linkTo, place } from '../state/router.js';
import { useSignal } from '../lib/signal.js';

/** The tabs of a page, each with an address. `tabs` are pairs of the query's `tab` and a text; the first tab's address has no `tab`. */
export function Tabs({ tabs, label }) {
  const { path, query } = useSignal(place);
  const chosen = tabs.some(([name]) => name === query.tab) ? query.tab : tabs[0][0];
  const bar = useRef(null);
  useEffect(() => bar.current.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }), [chosen]);
  return html`
    <nav class="tabs" aria-label=${label} ref=${bar}>
      ${tabs.map(([name, text], index) => html`
        <a href=${linkTo(path, { tab: index ? name : undefined })} aria-current=${name === chosen ? 'page' : undefined}>${text}</a>`)}
    </nav>`;
}
