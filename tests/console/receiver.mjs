// A receiver of reports whose answer depends on the path.
//
//     node receiver.mjs [--port 9100]
//
//     /ok, /202, /201, /500       that status with a short text (/ok is 200)
//     /404                        404 with an HTML page
//     /hang                       no answer
//     /slow                       200 after 600 ms
//     /long                       500 with 1 KiB of JSON without a space
//     /hostile/<n>                500 with markup and scripts in body and headers, beginning with the payload of that number
//     /recover/<name>/<n>         503 for the first n requests of that name, then 200
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { payloads } from './payloads.mjs';

const htmlPage = `<!doctype html><html><head><title>404 Not Found</title></head>
<body><center><h1>404 Not Found</h1></center><hr><center>nginx/1.24.0</center></body></html>`;

/** The payloads in ASCII: this receiver can send no others in header values. */
const headerPayloads = payloads.filter((payload) => /^[\x20-\x7e]+$/.test(payload));

const answers = {
  ok: { status: 200, body: 'ok' },
  202: { status: 202, body: '{"queued":true}', headers: { 'content-type': 'application/json' } },
  201: { status: 201, body: '{"id":4711,"created":true}', headers: { 'content-type': 'application/json' } },
  500: { status: 500, body: 'Internal Server Error: ORA-00257: archiver error' },
  404: { status: 404, body: htmlPage, headers: { 'content-type': 'text/html; charset=utf-8', server: 'nginx/1.24.0' } },
  hang: null,
  slow: { status: 200, body: 'ok', after: 600 },
  long: {
    status: 500,
    body: `{"trace":"${'Y29ubmVjdGlvbiByZWZ1c2VkIGJ5IHVwc3RyZWFt'.repeat(30).slice(0, 1012)}"}`,
    headers: { 'content-type': 'application/json', 'x-request-id': 'f3b2c1d0'.repeat(16) },
  },
};

/** A response with all payloads. The log keeps only the first 1 KiB of a body, so each number begins with another payload. */
const hostile = (number) => ({
  status: 500,
  body: [...payloads.slice(number), ...payloads.slice(0, number)].join('\n'),
  headers: { 'content-type': 'text/html', ...Object.fromEntries(headerPayloads.slice(0, 12).map((payload, index) => [`x-hostile-${index}`, payload.slice(0, 200)])) },
});

/** Starts a receiver. `port` 0 chooses a free one. */
export async function startReceiver({ port = 0 } = {}) {
  const failuresLeft = new Map();
  const chosen = new Map();
  const requests = [];
  const waiting = new Set();

  const answerTo = (path) => {
    if (chosen.has(path)) return chosen.get(path);
    const [, name, ...rest] = path.split('/');
    if (name === 'recover') {
      const left = failuresLeft.get(path) ?? Number(rest[1] ?? 1);
      failuresLeft.set(path, left - 1);
      return left > 0 ? { status: 503, body: 'down for maintenance', headers: { 'retry-after': '1' } } : answers.ok;
    }
    if (name === 'hostile') return hostile(Number(rest[0]) || 0);
    return Object.hasOwn(answers, name) ? answers[name] : answers.ok;
  };

  const server = createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('error', () => {});
    request.on('end', () => {
      const path = request.url.split('?')[0];
      requests.push({ method: request.method, url: request.url, path, headers: request.headers, body: Buffer.concat(parts).toString() });
      if (requests.length > 20_000) requests.shift();
      const answer = answerTo(path);
      if (!answer) {
        waiting.add(response);
        response.on('close', () => waiting.delete(response));
        return;
      }
      setTimeout(() => {
        response.writeHead(answer.status, { 'content-type': 'text/plain', ...answer.headers });
        response.end(answer.body);
      }, answer.after ?? 0);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** The requests, oldest first: `method`, `url`, `path`, `headers`, `body`. */
    requests,
    /** Sets the answer of a path: `{ status, body, headers, after }`, `null` for no answer. */
    answer: (path, answer) => chosen.set(path, answer),
    async close() {
      waiting.forEach((response) => response.destroy());
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf('--port');
  const { url } = await startReceiver({ port: at < 0 ? 9100 : Number(process.argv[at + 1]) });
  console.log(url);
}
