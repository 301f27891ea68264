import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Note } from '../../components/note.js';
import { can } from '../../state/session.js';
import { BearerSecret } from './bearer_secret.js';
import { NamedSecrets } from './named_secrets.js';
import { SigningSecret } from './signing_secret.js';
import { Verifying } from './verifying.js';

/** The secrets of a webhook. They can be written and never read. */
export const SecretsTab = ({ webhook, reload }) => html`
  <div class="stack">
    ${!can('webhooks:write') && html`<${Note}>${t('webhook.secrets.needsWrite')}<//>`}
    <${NamedSecrets} webhook=${webhook} reload=${reload} />
    <${BearerSecret} webhook=${webhook} reload=${reload} />
    <${SigningSecret} webhook=${webhook} reload=${reload} />
    <${Verifying} webhook=${webhook} />
  </div>`;
