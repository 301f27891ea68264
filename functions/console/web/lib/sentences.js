// Sentences from the API's texts.

/** Makes a sentence of the API's reason, which begins in lower case and has no full stop. */
export function asSentence(reason) {
  const text = reason.trim();
  const isName = /^[a-z]+[_\d]/.test(text);
  return `${isName ? text[0] : text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
