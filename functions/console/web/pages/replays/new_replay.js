import { html, useEffect, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Button } from '../../components/button.js';
import { SelectField, TextField } from '../../components/field.js';
import { Note } from '../../components/note.js';
import { Panel } from '../../components/page.js';
import { setQuery, useQuery } from '../../state/router.js';
import { zone } from '../../state/session.js';
import { ConfirmReplay } from './confirm_replay.js';
import { apiTime, localTime, rangeUntilNow } from '../../lib/ranges.js';
import { wrongOf } from './replay.js';

const HOUR_MS = 3_600_000;

/** Asks which deliveries of a webhook to send again. The range is in the address, so other pages can propose one. */
export function NewReplay({ webhook }) {
  const { from, to, deliveries } = useQuery();
  const [isTried, setTried] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const which = deliveries === 'all' ? 'all' : 'failed';
  const [begin, end] = [apiTime(from), apiTime(to)];
  const wrong = isTried ? wrongOf(begin, end) : null;
  const since = webhook.health.failing_since ?? webhook.disabled_at;
  const choose = (begin) => setQuery(rangeUntilNow(begin));
  // For a failing webhook, propose the range since it began to fail, unless the address has a range.
  useEffect(() => {
    if (since && !from && !to) choose(since);
  }, [webhook.id]);
  const submit = (event) => {
    event.preventDefault();
    setTried(true);
    if (!wrongOf(begin, end)) setAsking(true);
  };
  return html`
    <${Panel} title=${t('replays.new')}>
      <form class="form" onSubmit=${submit} novalidate>
        ${webhook.status !== 'active' && html`<${Note} kind="warning">${t('replays.notActive')}<//>`}
        <div class="buttons">
          ${since && html`<${Button} kind="small" onClick=${() => choose(since)}>${t('replays.sinceFailing')}<//>`}
          <${Button} kind="small" onClick=${() => choose(Date.now() - HOUR_MS)}>${t('replays.lastHour')}<//>
          <${Button} kind="small" onClick=${() => choose(Date.now() - 24 * HOUR_MS)}>${t('replays.lastDay')}<//>
        </div>
        <div class="row">
          <${TextField} type="datetime-local" step="1" label=${t('replays.from')} value=${localTime(from, zone())} onValue=${(value) => setQuery({ from: value })}
            error=${wrong === 'from' ? t('replays.wrong.from') : undefined} />
          <${TextField} type="datetime-local" step="1" label=${t('replays.to')} value=${localTime(to, zone())} onValue=${(value) => setQuery({ to: value })}
            error=${wrong === 'to' || wrong === 'order' ? t(`replays.wrong.${wrong}`) : undefined} />
        </div>
        <p class="muted small">${t('replays.zone', { zone: zone() })}</p>
        <${SelectField} label=${t('replays.deliveries')} hint=${t(`replays.whichHint.${which}`)} value=${which}
          onValue=${(value) => setQuery({ deliveries: value === 'all' ? value : undefined })}
          options=${['failed', 'all'].map((name) => [name, t(`replays.which.${name}`)])} />
        <div class="buttons"><${Button} kind="primary" icon="refresh" type="submit" disabled=${webhook.status !== 'active'}>${t(`replays.start.${which}`)}<//></div>
      </form>
      ${isAsking && html`<${ConfirmReplay} webhook=${webhook} from=${begin} to=${end} deliveries=${which} onClose=${() => setAsking(false)} />`}
    <//>`;
}
