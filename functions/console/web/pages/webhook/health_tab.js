import { html } from '../../lib/html.js';
import { can } from '../../state/session.js';
import { t } from '../../texts/index.js';
import { Note } from '../../components/note.js';
import { Figures } from './figures.js';
import { Health } from './health.js';
import { RecentDeliveries } from './recent_deliveries.js';
import { Trial } from './trial.js';

/** The health and the figures of a webhook, and a test of its receiver. */
export function HealthTab({ webhook, reload }) {
  const maySeeDeliveries = can('deliveries:read');
  return html`
    <div class="stack">
      <div class="webhook-columns">
        <${Health} webhook=${webhook} reload=${reload} />
        ${maySeeDeliveries ? html`<${Figures} webhook=${webhook} />` : html`<${Note}>${t('common.needsScope', { scope: 'deliveries:read' })}<//>`}
      </div>
      ${can('webhooks:write') && html`<${Trial} webhook=${webhook} />`}
      ${maySeeDeliveries && html`<${RecentDeliveries} webhook=${webhook} />`}
    </div>`;
}
