import { html, useEffect, useState } from '../lib/html.js';
import { Button } from './button.js';
import { ReloadButton } from './crash.js';
import { Note } from './note.js';
import { Skeleton } from './skeleton.js';
import { t } from '../texts/index.js';

/**
 * A component whose code is loaded when it is first shown. Offline, the reader can try again; after a deployment the code may be gone,
 * and a reload gets the new console. `isPart` says that it is a part of a page, not the whole page.
 */
export function lazy(load, { isPart = false } = {}) {
  let loaded = null;
  return function Lazy(props) {
    const [Component, setComponent] = useState(() => loaded);
    const [failed, setFailed] = useState(null);
    const begin = async (isAgain) => {
      setFailed(null);
      try {
        loaded = await load();
        setComponent(() => loaded);
      } catch (error) {
        console.warn(error);
        // A browser may cache the failure of a module; a reload requests it again. The address and the key stay.
        if (isAgain && navigator.onLine) location.reload();
        else setFailed(navigator.onLine ? 'page' : 'offline');
      }
    };
    useEffect(() => {
      if (!loaded) begin(false);
    }, []);
    if (Component) return html`<${Component} ...${props} />`;
    const action = failed === 'offline' ? html`<${Button} kind="small" onClick=${() => begin(true)}>${t('common.retry')}<//>` : html`<${ReloadButton} kind="small" />`;
    const shown = failed
      ? html`<${Note} kind="failed" action=${action}>${t(`errors.${failed}`)}<//>`
      : html`<${Skeleton} lines=${6} />`;
    return isPart ? html`<div>${shown}</div>` : html`<main class="page" id="content" tabindex="-1">${shown}</main>`;
  };
}
