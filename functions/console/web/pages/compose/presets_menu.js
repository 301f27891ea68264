import { html, useEffect, useRef, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Button } from '../../components/button.js';
import { Dialog } from '../../components/dialog.js';
import { PRESETS } from './presets.js';

/** A menu of preset requests. Asks before one replaces typed values. */
export function PresetsMenu({ isTouched, onPreset }) {
  const [isOpen, setOpen] = useState(false);
  const [asked, setAsked] = useState(null);
  const element = useRef(null);
  const button = () => element.current?.querySelector('button');
  const close = (focuses) => {
    setOpen(false);
    if (focuses) button()?.focus();
  };
  useEffect(() => {
    if (!isOpen) return undefined;
    element.current.querySelector('[role="menuitem"]').focus();
    const outside = (event) => !element.current?.contains(event.target) && setOpen(false);
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [isOpen]);
  const keyDown = (event) => {
    const items = [...element.current.querySelectorAll('[role="menuitem"]')];
    const at = items.indexOf(document.activeElement);
    const next = { ArrowDown: (at + 1) % items.length, ArrowUp: (at - 1 + items.length) % items.length, Home: 0, End: items.length - 1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      items[next].focus();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      close(true);
    } else if (event.key === 'Tab') close(false);
  };
  const choose = (preset) => {
    close(true);
    if (isTouched) setAsked(preset);
    else onPreset(preset);
  };
  const replace = () => {
    onPreset(asked);
    setAsked(null);
  };
  return html`
    <div class="presets" ref=${element}>
      <${Button} aria-haspopup="menu" aria-expanded=${isOpen ? 'true' : 'false'} icon="down" onClick=${() => (isOpen ? close(true) : setOpen(true))}>${t('compose.presets.action')}<//>
      ${isOpen && html`
        <div class="menu" role="menu" aria-label=${t('compose.presets.label')} onKeyDown=${keyDown}>
          ${PRESETS.map((preset) => html`
            <button type="button" role="menuitem" tabindex="-1" key=${preset.id} onClick=${() => choose(preset)}>
              <strong>${t(`compose.presets.${preset.id}.name`)}</strong><span>${t(`compose.presets.${preset.id}.text`)}</span>
            </button>`)}
        </div>`}
      ${asked && html`
        <${Dialog} title=${t('compose.presets.replace')} onClose=${() => setAsked(null)} footer=${html`
          <${Button} autofocus onClick=${() => setAsked(null)}>${t('common.cancel')}<//>
          <${Button} kind="primary" onClick=${replace}>${t('compose.presets.replaceAction')}<//>`}>
          <p>${t('compose.presets.replaceText', { name: t(`compose.presets.${asked.id}.name`) })}</p>
        <//>`}
    </div>`;
}
