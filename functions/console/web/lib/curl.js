// The `curl` line of a request to any receiver.
import { quoted } from '../api/client.js';

/**
 * Formats a request from `POST /v1/webhooks/preview` as a `curl` line, one option per line. `--data-raw` sends a body that
 * begins with `@` unchanged.
 */
export function curlOfRequest({ method, url, headers = {}, body }) {
  const lines = [`curl -sS -X ${method} ${quoted(url)}`];
  // curl drops a header without a value unless it ends with a semicolon.
  for (const [name, value] of Object.entries(headers)) lines.push(`-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`);
  if (body) lines.push(`--data-raw ${quoted(body)}`);
  return lines.join(' \\\n  ');
}
