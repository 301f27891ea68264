import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { ButtonLink } from '../../components/button.js';
import { Empty } from '../../components/empty.js';
import { ErrorNote, Note } from '../../components/note.js';
import { Page } from '../../components/page.js';
import { Skeleton } from '../../components/skeleton.js';
import { useResource } from '../../state/resource.js';
import { linkTo } from '../../state/router.js';
import { can, onlyWebhook } from '../../state/session.js';
import { Composer } from './composer.js';

/** The page that composes the request of a new webhook, or of the one with this id. */
export function Compose({ id }) {
  const mayRead = can('webhooks:read');
  const { data, error, reload } = useResource((signal) => (id && mayRead ? call('readWebhook', { params: { id }, asText: true, signal }) : null), [id, mayRead]);
  const back = [linkTo('/webhooks'), t('compose.back')];
  const page = (content) => html`<${Page} title=${t('compose.title')} back=${back}>${content}<//>`;
  if (!mayRead) return page(html`<${Note} kind="warning">${t('common.needsScope', { scope: 'webhooks:read' })}<//>`);
  if (!id && onlyWebhook()) {
    const toOwn = html`<${ButtonLink} href=${linkTo(`/webhooks/${onlyWebhook()}/compose`)}>${t('compose.toOwn')}<//>`;
    return page(html`<${Note} kind="warning" action=${toOwn}>${t('compose.oneWebhook')}<//>`);
  }
  if (!id) return html`<${Composer} />`;
  if (data) return html`<${Composer} id=${id} text=${data} />`;
  if (error?.kind === 'not-found') {
    const toList = html`<${ButtonLink} kind="primary" href=${linkTo('/webhooks')}>${t('compose.toList')}<//>`;
    return page(html`<div class="panel"><${Empty} title=${t('compose.missing')} text=${t('compose.missingText')} action=${toList} /></div>`);
  }
  if (error) return page(html`<${ErrorNote} error=${error} retry=${reload} />`);
  return page(html`
    <div class="compose" aria-busy="true">
      <div class="panel"><div class="body"><${Skeleton} lines=${12} /></div></div>
      <div class="panel"><div class="body"><${Skeleton} lines=${8} /></div></div>
    </div>`);
}
