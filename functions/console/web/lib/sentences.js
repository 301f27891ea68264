// Sentences out of what the API says.

/** A reason of the API, which begins in lower case and ends without a full stop, as a sentence. */
export function asSentence(reason) {
  const text = reason.trim();
  const isName = /^[a-z]+[_\d]/.test(text);
  return `${isName ? text[0] : text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
