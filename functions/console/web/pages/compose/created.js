import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call, curlOf } from '../../api/client.js';
import { Button, ButtonLink } from '../../components/button.js';
import { Code } from '../../components/code.js';
import { Id } from '../../components/id.js';
import { ErrorNote, Note } from '../../components/note.js';
import { Panel } from '../../components/page.js';
import { SecretOnce } from '../../components/secret_once.js';
import { linkTo, setQuery } from '../../state/router.js';
import { onSignOut } from '../../state/session.js';
import { useAction } from '../../state/resource.js';

/** The data that the page of a new webhook gets from the page that created it: the signing secret must not be in an address. */
const responses = new Map();
onSignOut(() => responses.clear());

/** Stores the response that created a webhook, and the outcome of its subscription. */
export const storeCreated = (id, made) => responses.set(id, made);

/** The stored response of a webhook; gone after a reload. */
const storedCreated = (id) => responses.get(id) ?? null;

/** Whether the page of a new webhook begins with a test; once only. */
export function beginsWithTest(id) {
  const made = storedCreated(id);
  if (!made?.tests) return false;
  responses.set(id, { ...made, tests: false });
  return true;
}

const named = (identity) => {
  const [kind, ...rest] = identity.split(':');
  return t(`compose.created.identities.${kind}`, { value: rest.join(':') });
};

/** Shows a new webhook's secret once, then the next steps: a test, and how reports come to it. */
export function Created({ id, name, onTest }) {
  const [made, setMade] = useState(() => storedCreated(id));
  const { busy, error, run } = useAction();
  const keep = (next) => {
    responses.set(id, next);
    setMade(next);
  };
  const subscribe = () => run(async () => {
    await call('createSubscription', { body: { identity: made.identity, webhook_id: id } });
    keep({ ...made, error: null });
  });
  const close = () => {
    responses.delete(id);
    setQuery({ step: undefined });
  };
  return html`
    <${Panel} title=${t('compose.created.title')} actions=${html`<${Button} kind="small" onClick=${close}>${t('compose.created.dismiss')}<//>`}>
      ${made?.secret && html`
        <${SecretOnce} title=${t('compose.created.secretTitle', { name })} secret=${made.secret} name=${t('compose.created.secretName')} onClose=${() => keep({ ...made, secret: null })}>
          <p>${t('compose.created.secretText')}</p>
        <//>`}
      <div class="stack">
        ${made?.identity && !made.error && html`<p>${t('compose.created.subscribed', { identity: named(made.identity) })}</p>`}
        ${made?.identity && made.error && html`
          <${Note} kind="failed">${t('compose.created.subscribeFailed', { identity: named(made.identity) })}<//>
          <${ErrorNote} error=${error ?? made.error} retry=${busy ? undefined : subscribe} />`}
        ${!made?.identity && html`
          <p>${t('compose.created.useId')} <${Id} value=${id} what="webhook_id" whole /></p>
          <${Code} text=${curlOf('createSubscription', { body: { identity: 'all', webhook_id: id } })} name=${t('compose.created.withApi')} wrap />`}
        <div class="buttons">
          <${Button} kind="primary" icon="play" title=${t('compose.created.testText')} onClick=${onTest}>${t('compose.created.test')}<//>
          <${ButtonLink} href=${linkTo(`/webhooks/${id}`, { tab: 'subscriptions' })}>${t(made?.identity && !made.error ? 'compose.created.subscriptions' : 'compose.created.more')}<//>
          <${ButtonLink} href=${linkTo(`/webhooks/${id}`)}>${t('compose.created.open')}<//>
        </div>
      </div>
    <//>`;
}
