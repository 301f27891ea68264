import { html, useEffect, useState } from '../lib/html.js';
import { ReloadButton } from './crash.js';
import { Note } from './note.js';
import { Skeleton } from './skeleton.js';
import { t } from '../texts/index.js';

/** A component whose code is loaded when it is shown first. After a deployment that code may be gone: a reload gets the new console. */
export function lazy(load) {
  let loaded = null;
  return function Lazy(props) {
    const [Component, setComponent] = useState(() => loaded);
    const [hasFailed, setFailed] = useState(false);
    useEffect(() => {
      if (loaded) return;
      load().then((component) => {
        loaded = component;
        setComponent(() => component);
      }, (error) => {
        console.error(error);
        setFailed(true);
      });
    }, []);
    if (Component) return html`<${Component} ...${props} />`;
    return html`<div class="page">${hasFailed ? html`<${Note} kind="failed" action=${html`<${ReloadButton} kind="small" />`}>${t('errors.page')}<//>` : html`<${Skeleton} lines=${6} />`}</div>`;
  };
}
