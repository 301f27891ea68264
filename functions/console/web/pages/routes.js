// The pages and their addresses. The overview is part of the console; the others are in chunks, each loaded with the first of its pages.
import { lazy } from '../components/lazy.js';
import { match } from '../state/router.js';
import { Overview } from './overview/page.js';

const administration = () => import('./groups/administration.js');
const compose = () => import('./groups/compose.js');
const lookup = () => import('./groups/lookup.js');
const webhook = () => import('./groups/webhook.js');
const webhooks = () => import('./groups/webhooks.js');

const Account = lazy(async () => (await administration()).Account);
const Accounts = lazy(async () => (await administration()).Accounts);
const Compose = lazy(async () => (await compose()).Compose);
const Deliveries = lazy(async () => (await lookup()).Deliveries);
const Delivery = lazy(async () => (await lookup()).Delivery);
const Keys = lazy(async () => (await administration()).Keys);
const Replay = lazy(async () => (await webhook()).Replay);
const Report = lazy(async () => (await lookup()).Report);
const Reports = lazy(async () => (await lookup()).Reports);
const Webhook = lazy(async () => (await webhook()).Webhook);
const Webhooks = lazy(async () => (await webhooks()).Webhooks);

/** Template, page, and the item of the rail that it belongs to. The first match counts. */
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
