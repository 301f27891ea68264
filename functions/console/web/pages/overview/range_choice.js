import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { ranges } from '../../lib/figures.js';
import { Time } from '../../components/time.js';
import { linkTo } from '../../state/router.js';

/** The ranges as links, and when the figures were read. */
export const RangeChoice = ({ range, asOf }) => html`
  ${asOf && html`<span class="as-of">${t('overview.asOf', { time: '' })}<${Time} at=${new Date(asOf).toISOString()} /></span>`}
  <nav class="segments" aria-label=${t('overview.range')}>
    ${Object.keys(ranges).map((name, index) => html`
      <a key=${name} href=${linkTo('/', { range: index ? name : undefined })} aria-current=${name === range ? 'true' : undefined}>${t(`overview.ranges.${name}`)}</a>`)}
  </nav>`;
