import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { countText } from '../../lib/numbers.js';
import { failingWebhooks } from '../../lib/webhooks.js';
import { ErrorNote } from '../../components/note.js';
import { Panel } from '../../components/page.js';
import { Skeleton } from '../../components/skeleton.js';
import { Status } from '../../components/status.js';
import { Time } from '../../components/time.js';
import { linkTo } from '../../state/router.js';

const SHOWN = 5;

/** The failing webhooks, the most severe first, each with the reason, the start, and the time of the next attempt. */
export function Failing({ reading }) {
  const { data, error, reload } = reading;
  const failing = data && failingWebhooks(data.rows);
  return html`
    <div class="failing">
      <${Panel} title=${t('overview.failing')} flush>
        ${error && html`<div class="body"><${ErrorNote} error=${error} retry=${reload} /></div>`}
        ${!data && !error && html`<div class="body"><${Skeleton} lines=${4} /></div>`}
        ${failing?.length === 0 && html`<div class="body muted">${wellText(data)}</div>`}
        ${failing?.length > 0 && html`<ul>${failing.slice(0, SHOWN).map(([webhook, failure]) => html`<${Item} key=${webhook.id} webhook=${webhook} failure=${failure} />`)}</ul>`}
        ${failing?.length > SHOWN && html`<div class="more"><a href=${linkTo('/webhooks', { status: 'failing' })}>${t('overview.moreFailing', { count: failing.length - SHOWN })}</a></div>`}
        ${failing?.length > 0 && !data.isAll && html`<div class="more muted"><small>${t('overview.lookedAt', { count: countText(data.rows.length) })}</small></div>`}
      <//>
    </div>`;
}

const wellText = ({ rows, isAll }) => (isAll ? t('overview.allWell', { count: rows.length }) : t('overview.allWellOfMany', { count: countText(rows.length) }));

/** The status for each kind of failure. */
const words = { gone: 'disabled', failing: 'disabled', open: 'open', half_open: 'half_open', counting: 'retrying' };

const Item = ({ webhook: { id, name, summary }, failure: { kind, since, meaning, nextAt, failures } }) => html`
  <li>
    <div class="line"><a class="ellipsis" href=${linkTo(`/webhooks/${id}`)} title=${name}>${name}</a><${Status} value=${words[kind]} /></div>
    <p>${t(`overview.why.${kind}`, { count: failures })}</p>
    ${meaning && html`<p class="muted meaning" title=${meaning}>${meaning}</p>`}
    <p class="muted facts-line">
      ${since && html`<span>${t('overview.since')} <${Time} at=${since} /></span>`}
      ${nextAt && html`<span>${t('overview.nextTry')} <${Time} at=${nextAt} relative /></span>`}
      ${summary?.failed > 0 && html`<a href=${linkTo('/deliveries', { status: 'failed', webhook_id: id })}>${t('overview.failedDeliveries', { count: summary.failed })}</a>`}
    </p>
  </li>`;
