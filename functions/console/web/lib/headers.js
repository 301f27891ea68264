// Headers as text.

/** Headers over several lines; "" without any. */
export const headerLines = (headers) => Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`).join('\n');
