import { html, useState } from '../lib/html.js';
import { t } from '../texts/index.js';
import { useGuard } from '../state/leaving.js';
import { go, guardPlace, place } from '../state/router.js';
import { Button } from './button.js';
import { Dialog } from './dialog.js';

/** Asks before the reader leaves the page, or the tab of the page, `when` there are unsaved changes. */
export function Unsaved({ when }) {
  const [wanted, setWanted] = useState(null);
  useGuard(when, (path, query) => {
    const here = place.get();
    if (path === here.path && query.tab === here.query.tab) return false;
    setWanted({ path, query });
    return true;
  });
  if (!wanted) return null;
  const stay = () => setWanted(null);
  const leave = () => {
    setWanted(null);
    guardPlace(null);
    go(wanted.path, wanted.query);
  };
  const footer = html`
    <${Button} autofocus onClick=${stay}>${t('unsaved.stay')}<//>
    <${Button} kind="danger" onClick=${leave}>${t('unsaved.leave')}<//>`;
  return html`<${Dialog} title=${t('unsaved.title')} onClose=${stay} footer=${footer}><p>${t('unsaved.text')}</p><//>`;
}
