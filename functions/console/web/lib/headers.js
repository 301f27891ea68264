// Headers as text.

/** Formats headers, one per line; "" without any. */
export const headerLines = (headers) => Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`).join('\n');
