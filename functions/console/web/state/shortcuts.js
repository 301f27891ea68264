// Keyboard shortcuts: `/` searches, `g` and a letter go to a page, Esc leaves a field. Dialogs handle Esc themselves.
import { go } from './router.js';

const places = { o: '/', w: '/webhooks', r: '/reports', d: '/deliveries', k: '/keys', a: '/account' };

const isTyping = (target) => target.closest?.('input, textarea, select, [contenteditable]');

/** Listens to the keyboard. */
export function followShortcuts() {
  let afterG = 0;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    if (event.key === 'Escape' && isTyping(event.target)) return void event.target.blur();
    if (isTyping(event.target)) return;
    if (event.key === '/') {
      const search = document.querySelector('[data-shortcut="/"]');
      if (!search) return;
      event.preventDefault();
      search.focus();
    } else if (event.key === 'g') {
      afterG = Date.now();
    } else if (Date.now() - afterG < 1000 && Object.hasOwn(places, event.key)) {
      afterG = 0;
      go(places[event.key]);
    }
  });
}
