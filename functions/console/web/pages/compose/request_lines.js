// A request as text: as it goes over the wire, and as a `curl` line.
import { quoted } from '../../api/client.js';

/** Headers over several lines. */
export const headerLines = (headers) => Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join('\n');

/** The `curl` line of a request, an option on each line. */
export function curlLine({ method, url, headers, body }) {
  const lines = [`curl -sS -X ${method} ${quoted(url)}`, ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`)];
  if (body !== null && body !== undefined) lines.push(`--data-raw ${quoted(body)}`);
  return lines.join(' \\\n  ');
}
