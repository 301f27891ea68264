// The pages and their addresses.
import { lazy } from '../components/lazy.js';
import { match } from '../state/router.js';
import { Account } from './account/page.js';
import { Accounts } from './accounts/page.js';
import { Deliveries } from './deliveries/page.js';
import { Delivery } from './delivery/page.js';
import { Keys } from './keys/page.js';
import { Overview } from './overview/page.js';
import { Replay } from './replays/page.js';
import { Report } from './report/page.js';
import { Reports } from './reports/page.js';
import { Webhook } from './webhook/page.js';
import { Webhooks } from './webhooks/page.js';

const Compose = lazy(() => import('./compose/page.js').then(({ Compose }) => Compose));

/** Template, page, and the item of the rail that it belongs to. The first that matches counts. */
const routes = [
  ['/', Overview, 'overview'],
  ['/webhooks', Webhooks, 'webhooks'],
  ['/webhooks/new', Compose, 'webhooks'],
  ['/webhooks/:id', Webhook, 'webhooks'],
  ['/webhooks/:id/compose', Compose, 'webhooks'],
  ['/webhooks/:webhookId/replays/:id', Replay, 'webhooks'],
  ['/reports', Reports, 'reports'],
  ['/reports/:id', Report, 'reports'],
  ['/deliveries', Deliveries, 'deliveries'],
  ['/deliveries/:id', Delivery, 'deliveries'],
  ['/keys', Keys, 'keys'],
  ['/account', Account, 'account'],
  ['/accounts', Accounts, 'accounts'],
  ['/accounts/:id', Account, 'accounts'],
];

/** The page of a path, with the parameters in it. */
export function pageOf(path) {
  for (const [template, page, name] of routes) {
    const params = match(template, path);
    if (params) return { page, params, name };
  }
  return null;
}
