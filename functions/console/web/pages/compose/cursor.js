// The cursor in fields of the page.

/**
 * Inserts text into a field, so that the browser can undo it, and sets the cursor. The field's `input` event updates the
 * component.
 */
export function insertText(field, { start, end, insert, from, to }) {
  field.focus();
  field.setSelectionRange(start, end);
  const isDone = document.execCommand('insertText', false, insert);
  if (!isDone) {
    field.setRangeText(insert, start, end, 'end');
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }
  field.setSelectionRange(from, to);
}

/** The control of a target. */
export const controlOf = (target) => document.querySelector(`[data-target="${CSS.escape(target)}"]`);

/** Goes to a problem: focuses its control and selects the wrong part. */
export function jumpTo({ target, start, end }) {
  const control = target && controlOf(target);
  if (!control) return;
  control.focus({ preventScroll: true });
  if (start !== undefined && control.setSelectionRange) control.setSelectionRange(start, Math.max(end, start));
  control.scrollIntoView({ block: 'center', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
}
