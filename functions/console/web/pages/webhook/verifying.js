import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Code } from '../../components/code.js';
import { SelectField } from '../../components/field.js';
import { Note } from '../../components/note.js';
import { Panel } from '../../components/page.js';
import { SNIPPETS } from './snippets.js';

/** Whether the URL contains report data or secrets, which only `webhook-url-signature` covers. */
const hasContentInUrl = ({ method, url }) => method === 'GET' || /\{\{|%[A-Za-z_][\w-]*%/.test(url);

/** Explains how a receiver verifies requests. */
export function Verifying({ webhook }) {
  const [language, setLanguage] = useState('JavaScript');
  return html`
    <${Panel} title=${t('webhook.signing.verify')}>
      <div class="stack">
        <p>${t('webhook.signing.verifyText')}</p>
        ${hasContentInUrl(webhook) && html`<${Note} kind="warning">${t('webhook.signing.verifyUrl')}<//>`}
        <div class="webhook-line">
          <${SelectField} label=${t('webhook.signing.language')} value=${language} onValue=${setLanguage} options=${Object.keys(SNIPPETS).map((name) => [name, name])} />
          <span><a href="https://www.standardwebhooks.com" target="_blank" rel="noreferrer">${t('webhook.signing.standard')}</a></span>
          <span><a href="../docs" target="_blank" rel="noreferrer">${t('webhook.signing.docs')}</a></span>
        </div>
        <${Code} text=${SNIPPETS[language]} name=${language} />
      </div>
    <//>`;
}
