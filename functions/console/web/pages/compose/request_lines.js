/** Headers over several lines, as they go over the wire. */
export const headerLines = (headers) => Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join('\n');
