import { useErrorBoundary } from 'preact/hooks';
import { html } from '../lib/html.js';
import { t } from '../texts/index.js';
import { signOut } from '../state/session.js';
import { Button } from './button.js';
import { Empty } from './empty.js';
import { Page } from './page.js';

/** Reloads the console. */
export const ReloadButton = ({ kind }) => html`<${Button} kind=${kind} icon="refresh" onClick=${() => location.reload()}>${t('errors.reload')}<//>`;

/** Shows its children, or an error page if one of them throws. Give it a `key` for the children. */
export function Boundary({ children }) {
  const [error] = useErrorBoundary((error) => console.error(error));
  if (!error) return children;
  const action = html`
    <div class="buttons">
      <${ReloadButton} kind="primary" />
      <${Button} icon="signOut" onClick=${() => signOut()}>${t('top.signOut')}<//>
    </div>`;
  return html`<${Page} title=${t('errors.crashed')}><div class="panel"><${Empty} text=${t('errors.crashedText')} action=${action} /></div><//>`;
}
