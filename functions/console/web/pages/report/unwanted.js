import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call, curlOf } from '../../api/client.js';
import { Button, ButtonLink } from '../../components/button.js';
import { Code } from '../../components/code.js';
import { SelectField } from '../../components/field.js';
import { ErrorNote, Note } from '../../components/note.js';
import { Panel } from '../../components/page.js';
import { useAction } from '../../state/resource.js';
import { linkTo } from '../../state/router.js';
import { can, onlyWebhook } from '../../state/session.js';
import { areRead, errorOf, forgetWebhookNames } from '../../state/webhook_names.js';
import { identitiesOf } from './report.js';
import { shortId } from '../../lib/ids.js';

/** Says that no webhook subscribes to the report, so nothing was sent. Creates a subscription for such reports, and submits this one again. */
export function Unwanted({ id, report, text, names, isShown, reload }) {
  const isKnown = !can('webhooks:read') || areRead(names);
  const error = errorOf(names);
  const canSubscribe = can('webhooks:write') && !onlyWebhook();
  return html`
    <${Panel} title=${t('report.unwanted')}>
      <p>${t('report.unwantedWhy', { event: report.event ?? 'voice:message:out' })}</p>
      ${canSubscribe && error && html`<${ErrorNote} error=${error} retry=${forgetWebhookNames} />`}
      ${canSubscribe && isKnown && (names.size ? html`<${Subscribe} id=${id} report=${report} text=${text} names=${names} isShown=${isShown} reload=${reload} />`
        : html`<div class="buttons"><${ButtonLink} kind="primary" href=${linkTo('/webhooks/new')}>${t('report.createWebhook')}<//></div>`)}
    <//>`;
}

function Subscribe({ id, report, text, names, isShown, reload }) {
  const identities = identitiesOf(report);
  const webhooks = [...names].map(([id, name]) => [id, name ?? shortId(id)]);
  const [webhookId, setWebhookId] = useState(webhooks[0][0]);
  const [identity, setIdentity] = useState(identities[0][1]);
  const [made, setMade] = useState(false);
  const { busy, error, run } = useAction();
  const body = { webhook_id: webhookId, identity, ...(report.event ? { event: report.event } : {}) };
  const curl = curlOf('createSubscription', { body });
  const subscribe = (event) => {
    event.preventDefault();
    run(async () => {
      await call('createSubscription', { body });
      setMade(true);
    });
  };
  const options = identities.map(([kind, value]) => [value, kind === 'number' ? t('report.identity.number', { digits: value.slice(-4) })
    : t(`report.identity.${kind}`, { value: value.slice(kind.length + 1) })]);
  return html`
    <form class="subscribe" onSubmit=${subscribe}>
      <${SelectField} label=${t('report.subscribeWebhook')} value=${webhookId} onValue=${setWebhookId} options=${webhooks} />
      <${SelectField} label=${t('report.subscribeTo')} value=${identity} onValue=${setIdentity} options=${options} />
      <${Button} kind="primary" type="submit" busy=${busy} disabled=${made}>${t('report.subscribe')}<//>
      <${ButtonLink} href=${linkTo('/webhooks/new')}>${t('report.createWebhook')}<//>
    </form>
    ${error && html`<${ErrorNote} error=${error} />`}
    ${(made || error?.status === 409) && html`<${SubmitAgain} id=${id} text=${text} reload=${reload} />`}
    ${isShown ? html`<${Code} name=${t('common.withCurl')} text=${curl} wrap />` : html`<p class="muted">${t('report.curlHidden')}</p>`}`;
}

/** Submits the report again once the subscription is in effect. The same content has the same id. */
function SubmitAgain({ id, text, reload }) {
  const [accepted, setAccepted] = useState(null);
  const { busy, error, run } = useAction();
  const submit = () => run(async () => {
    setAccepted(await call('handOverReports', { bodyText: text }));
    setTimeout(reload, 2000);
  });
  const button = can('reports:write') && !accepted && html`<${Button} kind="small" busy=${busy} onClick=${submit}>${t('report.submit')}<//>`;
  const isOther = accepted && accepted.id !== id;
  return html`
    <${Note} action=${button}>
      ${accepted ? t('report.submitted') : t('report.subscribed')}
      ${isOther && html` <a href=${linkTo(`/reports/${accepted.id}`)}>${t('report.otherReport')}</a>`}
    <//>
    ${error && html`<${ErrorNote} error=${error} retry=${submit} />`}`;
}
