import { html } from '../lib/html.js';
import { t } from '../texts/index.js';
import { Button } from './button.js';

/** A switch that shows the phone numbers of a page, or hides them. */
export const ShowNumbers = ({ isShown, onChange, kind = '' }) => html`
  <${Button} kind=${kind} icon="eye" aria-pressed=${isShown} onClick=${() => onChange(!isShown)}>
    ${t(isShown ? 'common.hideNumbers' : 'common.showNumbers')}
  <//>`;
