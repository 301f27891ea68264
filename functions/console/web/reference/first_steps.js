import { html } from '../lib/html.js';
import { t } from '../texts/index.js';
import { Code } from '../components/code.js';
import { firstSteps } from './curl.js';

/** The calls that lead to a first delivery. */
export const FirstSteps = ({ base }) => html`
  <section class="first-steps" id="first-steps" aria-labelledby="first-steps-title">
    <h2 id="first-steps-title">${t('reference.steps.title')}</h2>
    <ol>${firstSteps(base).map(({ name, curl }) => html`
      <li key=${name}><h3>${t(`reference.steps.${name}`)}</h3><p class="muted">${t(`reference.steps.${name}Text`)}</p><${Code} text=${curl} name="curl" wrap /></li>`)}</ol>
  </section>`;
