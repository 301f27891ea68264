import { html } from '../lib/html.js';
import { linkTo } from '../state/router.js';
import { can } from '../state/session.js';
import { shortId } from '../lib/ids.js';

/** The name of a webhook, or the last characters of its id if the name is unknown; a link if the key may read it. */
export function WebhookName({ id, names }) {
  const name = names?.get(id);
  const title = name ? `${name} · ${id}` : id;
  const shown = name ?? shortId(id);
  const look = name ? '' : 'mono';
  if (!can('webhooks:read')) return html`<span class=${look} title=${title}>${shown}</span>`;
  return html`<a class=${look} href=${linkTo(`/webhooks/${id}`)} title=${title}>${shown}</a>`;
}
