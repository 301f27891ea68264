import { html, useEffect, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { rangeOf } from '../../lib/figures.js';
import { ErrorNote } from '../../components/note.js';
import { lazy } from '../../components/lazy.js';
import { Page } from '../../components/page.js';
import { go, useQuery } from '../../state/router.js';
import { account, can, isPlatform, onlyWebhook } from '../../state/session.js';
import { Failing } from './failing.js';
import { Charts, Totals } from './figures.js';
import { LastReports } from './last_reports.js';
import { RangeChoice } from './range_choice.js';
import { useFigures, useReports, useWebhooks } from './readings.js';

/** Loaded separately, since only new accounts see it. */
const Guide = lazy(async () => (await import('../groups/guide.js')).Guide, { isPart: true });

/** The first page for a key that may not see an account's figures. */
function placeInstead() {
  if (!account()) return isPlatform() ? '/accounts' : '/keys';
  if (onlyWebhook()) return `/webhooks/${onlyWebhook()}`;
  return can('webhooks:read') ? '/webhooks' : '/account';
}

/** The first page: figures of deliveries, failing webhooks, and the latest reports. */
export function Overview() {
  const mayLook = Boolean(account()) && can('deliveries:read') && !onlyWebhook();
  useEffect(() => {
    if (!mayLook) go(placeInstead(), {}, { replace: true });
  }, []);
  return mayLook ? html`<${Account} />` : html`<${Page} title=${t('overview.title')} />`;
}

function Account() {
  const range = rangeOf(useQuery().range);
  const [asOf, setAsOf] = useState(null);
  const read = useFigures(range, setAsOf);
  const figures = read.data?.range === range ? read : { ...read, data: undefined };
  const webhooks = useWebhooks();
  const reports = useReports();
  // An account without reports has no figures either.
  const isNew = reports.data?.data.length === 0 && (!can('webhooks:read') || webhooks.data !== undefined);
  const hasNoWebhook = webhooks.data?.rows.length === 0;
  const showsFailing = can('webhooks:read') && !hasNoWebhook;
  return html`
    <${Page} title=${t('overview.title')} actions=${!isNew && html`<${RangeChoice} range=${range} asOf=${asOf} />`}>
      <div class="overview">
        ${(isNew || hasNoWebhook) && html`<${Guide} webhook=${webhooks.data?.rows.find(({ unreadable }) => !unreadable)}
          hasReports=${reports.data?.data.length > 0 || figures.data?.hours.some(({ attempts, skipped }) => attempts + skipped > 0)} />`}
        ${figures.error && html`<div class="wide"><${ErrorNote} error=${figures.error} retry=${figures.reload} /></div>`}
        ${!isNew && html`
          <${Totals} range=${range} reading=${figures} />
          ${showsFailing && html`<${Failing} reading=${webhooks} />`}
          <div class=${showsFailing ? 'main' : 'main wide'}><${Charts} range=${range} reading=${figures} /><${LastReports} reading=${reports} /></div>`}
      </div>
    <//>`;
}
