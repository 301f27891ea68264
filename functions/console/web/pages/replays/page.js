import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Page } from '../../components/page.js';

/** One replay and its progress. */
export const Replay = () => html`<${Page} title=${t('replays.title')}><//>`;
