// A request to any receiver as a line for a shell.
import { quoted } from '../api/client.js';

/**
 * The `curl` line of a request as `POST /v1/webhooks/preview` answers it, an option on each line. `--data-raw` sends a body that
 * begins with `@` as it is.
 */
export function curlOfRequest({ method, url, headers = {}, body }) {
  const lines = [`curl -sS -X ${method} ${quoted(url)}`];
  // curl drops a header without a value unless it ends with a semicolon.
  for (const [name, value] of Object.entries(headers)) lines.push(`-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`);
  if (body) lines.push(`--data-raw ${quoted(body)}`);
  return lines.join(' \\\n  ');
}
