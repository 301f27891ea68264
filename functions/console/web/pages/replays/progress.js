import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Note } from '../../components/note.js';
import { sharesOf } from './replay.js';

const number = new Intl.NumberFormat('en');
const COUNTS = ['total', 'done', 'queued', 'missing'];

/** The progress of a replay: a bar, its counts, and their meaning. */
export function Progress({ replay }) {
  const shares = sharesOf(replay);
  const percent = shares && Math.floor((shares.done + shares.missing) * 100);
  const bar = (name) => shares[name] > 0 && html`<span class=${name} style=${{ width: `${shares[name] * 100}%` }} />`;
  return html`
    <div class="replay-bar" role="progressbar" aria-label=${t('replays.progressLabel')} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${percent ?? undefined}
      aria-valuetext=${shares ? t('replays.doneOf', replay) : t('replays.counting')}>
      ${shares ? html`${bar('done')}${bar('missing')}${bar('queued')}` : html`<span class="counting" />`}
    </div>
    <dl class="replay-counts">
      ${COUNTS.map((name) => html`
        <div key=${name} class="figure">
          <dt class="label"><span class=${`swatch ${name}`} />${t(`replays.${name}`)}</dt>
          <dd class="value">${replay[name] === null ? '–' : number.format(replay[name])}</dd>
          ${name !== 'total' && html`<dd class="muted small">${t(`replays.${name}Hint`)}</dd>`}
        </div>`)}
    </dl>
    ${replay.missing > 0 && html`<${Note} kind="failed">${t('replays.missingNote')}<//>`}`;
}
