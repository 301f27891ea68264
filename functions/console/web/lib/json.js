// JSON whose numbers keep every digit: a phone number may have more than a JavaScript number holds.

const isExact = (value, source) => source === undefined || String(value) === source;

/** Parses JSON. A number that JavaScript would change stays as its text, and is written back as it came. */
export function parseJson(text) {
  return JSON.parse(text, (_, value, context) => {
    if (typeof value !== 'number' || isExact(value, context?.source)) return value;
    return JSON.rawJSON ? JSON.rawJSON(context.source) : value;
  });
}

/** The text of a number that was kept as it came, else the value. */
export const plain = (value) => (value && typeof value === 'object' && typeof value.rawJSON === 'string' ? value.rawJSON : value);

/** JSON over several lines. */
export const prettyJson = (value) => JSON.stringify(value, null, 2);

/** Text that is JSON over several lines, else as it is. */
export function prettyText(text) {
  try {
    return prettyJson(parseJson(text));
  } catch {
    return text;
  }
}
