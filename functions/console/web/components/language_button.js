import { html } from '../lib/html.js';
import { useSignal } from '../lib/signal.js';
import { LANGUAGES, language } from '../lib/language.js';
import { chooseLanguage } from '../texts/index.js';

const tags = Object.keys(LANGUAGES);

/** Switches to the next language; the label is that language's own name. */
export function LanguageButton() {
  const shown = useSignal(language);
  const next = tags[(tags.indexOf(shown) + 1) % tags.length];
  return html`<button type="button" class="button small quiet" lang=${next} onClick=${() => chooseLanguage(next)}>${LANGUAGES[next]}</button>`;
}
