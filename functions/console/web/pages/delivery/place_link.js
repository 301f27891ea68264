import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { ButtonLink } from '../../components/button.js';
import { linkTo } from '../../state/router.js';
import { can } from '../../state/session.js';

const linkOf = {
  compose: (id) => linkTo(`/webhooks/${id}/compose`),
  settings: (id) => linkTo(`/webhooks/${id}`, { tab: 'settings' }),
  webhook: (id) => linkTo(`/webhooks/${id}`),
};

/** The link to the place of a step; to the webhook's page if the key may not change webhooks. */
export function placeLink(place, webhookId) {
  const reachable = can('webhooks:write') ? place : 'webhook';
  return html`<${ButtonLink} kind="small" href=${linkOf[reachable](webhookId)}>${t(`delivery.places.${reachable}`)}<//>`;
}
