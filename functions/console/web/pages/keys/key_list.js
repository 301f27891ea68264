import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call, curlOf } from '../../api/client.js';
import { Button, IconButton } from '../../components/button.js';
import { DataTable } from '../../components/data_table.js';
import { Empty } from '../../components/empty.js';
import { Id } from '../../components/id.js';
import { Panel } from '../../components/page.js';
import { Status } from '../../components/status.js';
import { Time } from '../../components/time.js';
import { usePages } from '../../state/resource.js';
import { linkTo, setQuery, useQuery } from '../../state/router.js';
import { accountId, session } from '../../state/session.js';
import { KeyForm } from './key_form.js';
import { isExpired, wordOf } from './keys.js';
import { LinkForm } from './link_form.js';
import { RevokeKey } from './revoke_key.js';

/** The list of keys of the account that the platform key acts for, or of the platform. It creates and revokes keys too. */
export function KeyList({ ofPlatform }) {
  const account = ofPlatform ? null : accountId();
  const { new: making } = useQuery();
  const [revoking, setRevoking] = useState(null);
  const operation = ofPlatform ? 'listPlatformKeys' : 'listAccountKeys';
  const params = ofPlatform ? undefined : { id: account };
  const pages = usePages((cursor, signal) => call(operation, { params, query: { cursor, limit: 100 }, signal }), [operation, account]);
  const close = () => setQuery({ new: undefined });
  const made = () => {
    close();
    pages.reload();
  };
  const newKey = html`<${Button} kind="primary" icon="plus" onClick=${() => setQuery({ new: 'key' })}>${t('keys.newKey')}<//>`;
  const newLink = !ofPlatform && html`<${Button} icon="external" onClick=${() => setQuery({ new: 'link' })}>${t('keys.newLink')}<//>`;
  const empty = html`<${Empty} title=${t('keys.emptyTitle')} text=${t('keys.emptyText')} action=${newKey}
    curl=${!ofPlatform && curlOf('createAccountKey', { params, body: { name: 'engine', scopes: ['reports:write'] } })} />`;
  return html`
    <div class="stack">
      ${making === 'key' && html`<${KeyForm} key=${`key ${account}`} ofPlatform=${ofPlatform} onClose=${close} onMade=${made} />`}
      ${making === 'link' && !ofPlatform && html`<${LinkForm} key=${`link ${account}`} onClose=${close} onMade=${made} />`}
      <${Panel} title=${ofPlatform ? t('keys.tabs.platform') : t('keys.tabs.account', { name: session.get().who.account?.name ?? account })} actions=${html`${newLink}${newKey}`} flush>
        <p class="keys-about muted">${t(ofPlatform ? 'keys.aboutPlatform' : 'keys.aboutAccount')}</p>
        <div class="keys-table"><${DataTable} label=${t('keys.title')} pages=${pages} columns=${columns({ ofPlatform, onRevoke: setRevoking })} empty=${empty} /></div>
      <//>
      ${revoking && html`<${RevokeKey} apiKey=${revoking} ofPlatform=${ofPlatform} onClose=${() => setRevoking(null)} onRevoked=${pages.reload} />`}
    </div>`;
}

function scopesText(scopes, ofPlatform) {
  const word = wordOf(scopes, ofPlatform);
  return word ? t(`keys.scopesWord.${word}`) : scopes.join(', ');
}

const isInUse = (key) => key.id === session.get().who.id;

/** The columns of keys. An item that cannot be read shows its id, and can be revoked. */
const columns = ({ ofPlatform, onRevoke }) => {
  const readable = (cell) => (key) => (key.unreadable ? html`<span class="muted">–</span>` : cell(key));
  return [
    { name: 'name', title: t('keys.name'), sort: ({ name }) => name?.toLowerCase(), cell: (key) => html`<${Name} apiKey=${key} />` },
    { name: 'scopes', title: t('keys.scopesShort'), cell: readable((key) => html`<span class="ellipsis key-scopes" title=${key.scopes.join(', ')}>${scopesText(key.scopes, ofPlatform)}</span>`) },
    !ofPlatform && {
      name: 'webhook', title: t('keys.reaches'),
      cell: readable(({ webhook_id: id }) => (id ? html`<${Id} value=${id} what=${t('keys.webhookId')} href=${linkTo(`/webhooks/${id}`)} />` : t('common.all'))),
    },
    ofPlatform && { name: 'maker', title: t('keys.maker'), cell: readable((key) => (key.created_by ? html`<span class="mono">${key.created_by}</span>` : t('keys.operator'))) },
    { name: 'made', title: t('keys.made'), sort: ({ created_at: at }) => at, cell: readable((key) => html`<${Time} at=${key.created_at} />`) },
    { name: 'ends', title: t('keys.ends'), sort: ({ expires_at: at }) => at, cell: readable((key) => html`<${Ends} apiKey=${key} />`) },
    { name: 'used', title: t('keys.used'), sort: ({ last_used_at: at }) => at, cell: readable((key) => (key.last_used_at ? html`<${Time} at=${key.last_used_at} />` : html`<span class="muted">${t('keys.unused')}</span>`)) },
    {
      name: 'revoke', title: t('keys.revoke'), right: true,
      cell: (key) => html`<${IconButton} icon="trash" kind="small" label=${t('keys.revokeWhat', { name: key.name ?? key.id })} onClick=${() => onRevoke(key)} />`,
    },
  ].filter(Boolean);
};

const Name = ({ apiKey }) => {
  if (apiKey.unreadable) return html`<span title=${t('common.unreadable')}>${t('keys.unreadable')} <small class="mono muted">${apiKey.id}</small></span>`;
  return html`
    <span class="key-name">
      <span class="ellipsis" title=${apiKey.name}>${apiKey.name}</span>
      <span class="below"><small class="mono muted">${apiKey.prefix}</small>
        ${apiKey.kind === 'console_link' && html`<span class="chip">${t('keys.linkChip')}</span>`}
        ${isInUse(apiKey) && html`<span class="chip">${t('keys.inUse')}</span>`}
        ${apiKey.erasing && html`<${Status} value="erasing" />`}
      </span>
    </span>`;
};

const Ends = ({ apiKey }) => {
  if (!apiKey.expires_at) return html`<span class="muted">${t('keys.never')}</span>`;
  return isExpired(apiKey) ? html`<${Status} value="expired" />` : html`<${Time} at=${apiKey.expires_at} />`;
};
