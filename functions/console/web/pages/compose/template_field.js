import { html, useRef } from '../../lib/html.js';
import { newline, tab } from './insertion.js';
import { marksOf, piecesOf } from './marks.js';
import { insertText } from './cursor.js';

/**
 * A text with templates: variables and secrets are coloured, problems underlined. `isCode` gives it line numbers, indents, and
 * Tab; else it is one line that wraps. `target` names it for jumps and insertions, `place` is `url`, `header`, `row` or `json`.
 *
 * It is a text area over a coloured copy of its text, with the undo and the screen reader support of the browser. CodeMirror
 * would add 104 kB to this page for the same line numbers, indents and underlines.
 */
export function TemplateField({ target, place, value, onValue, problems = [], known = [], isCode = false, onPaste, ...rest }) {
  const leaves = useRef(false);
  const marks = marksOf(value, problems, { inUrl: place === 'url', known });
  const input = (event) => {
    const text = event.currentTarget.value;
    onValue(isCode ? text : text.replace(/[\r\n]+/g, ''));
  };
  const keyDown = (event) => {
    const { key, currentTarget: field } = event;
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!isCode) {
      if (key === 'Enter') event.preventDefault();
      return;
    }
    const range = [field.selectionStart, field.selectionEnd];
    if (key === 'Escape') {
      // The next Tab leaves the field. Without this, the frame's Esc would take the focus away.
      event.stopPropagation();
      leaves.current = true;
      return;
    }
    if (key === 'Tab' && !leaves.current && !event.shiftKey) {
      event.preventDefault();
      insertText(field, tab(value, range));
    } else if (key === 'Enter') {
      event.preventDefault();
      insertText(field, newline(value, range));
    }
    if (key !== 'Shift') leaves.current = false;
  };
  return html`
    <div class=${`template-field ${isCode ? 'code-field' : ''}`} aria-invalid=${problems.length ? 'true' : undefined}>
      ${isCode && html`
        <div class="gutter" aria-hidden="true">
          ${value.split('\n').map((_, index) => html`<span class=${problems.some(({ line }) => line === index + 1) ? 'wrong' : ''}>${index + 1}</span>`)}
        </div>`}
      <div class="layers">
        <pre class="back" aria-hidden="true">${piecesOf(value, marks).map(({ text, names }) => (names.length ? html`<span class=${names.join(' ')}>${text}</span>` : text))}${'\u200b'}</pre>
        <textarea rows="1" wrap=${isCode ? 'off' : 'soft'} spellcheck=${false} autocapitalize="off" autocomplete="off" data-target=${target} data-place=${place}
          value=${value} onInput=${input} onKeyDown=${keyDown} onPaste=${onPaste} aria-invalid=${problems.length ? 'true' : undefined} ...${rest} />
      </div>
    </div>`;
}
