// The target of the search in the top bar.

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const NUMBER = /^[\d\s+\-.()/]+$/;
const MOST_DIGITS = 20;

/**
 * Classifies a search text: the id of a `delivery`, a `uuid` (of a report, or a call id of that form), a phone `number` or its last
 * digits, else a `call` id; `null` if it is empty.
 */
export function findingOf(typed) {
  const text = typed.trim();
  if (!text) return null;
  if (UUID.test(text)) return { kind: 'uuid', text: text.toLowerCase() };
  const parts = text.split('.');
  if (parts.length === 2 && parts.every((part) => UUID.test(part))) return { kind: 'delivery', text: text.toLowerCase() };
  const isNumber = NUMBER.test(text) && text.replace(/\D/g, '').replace(/^0+/, '').length <= MOST_DIGITS;
  return { kind: isNumber ? 'number' : 'call', text };
}
