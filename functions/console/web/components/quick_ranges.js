import { html } from '../lib/html.js';
import { quickRange, quickRangeOf, quickRanges } from '../lib/ranges.js';
import { t } from '../texts/index.js';
import { setQuery, useQuery } from '../state/router.js';
import { zone } from '../state/session.js';
import { Button } from './button.js';

/** Buttons that write a time range into `from` and `to` of the address. */
export function QuickRanges() {
  const { from, to } = useQuery();
  const chosen = quickRangeOf({ from, to }, zone());
  return html`
    <div class="quick-ranges" role="group" aria-label=${t('ranges.label')}>
      ${quickRanges.map((name) => html`
        <${Button} key=${name} kind="small" aria-pressed=${chosen === name} onClick=${() => setQuery(quickRange(name, zone()))}>${t(`ranges.${name}`)}<//>`)}
    </div>`;
}
