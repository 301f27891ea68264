// Serves the console from its sources, built on each load of a page, and forwards all other requests to an API.
//
//     node dev.mjs [--api http://localhost:8080] [--port 8090]
import { createServer, request } from 'node:http';
import { readFile } from 'node:fs/promises';
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buildConsole } from './build.mjs';

const option = (name, preset) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? preset : process.argv[at + 1];
};
const api = new URL(option('api', 'http://localhost:8080'));
const port = Number(option('port', '8090'));
const out = await mkdtemp(path.join(os.tmpdir(), 'callhook-console-'));

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' };
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors 'none'";

async function serveFile(response, name, headers) {
  const body = await readFile(path.join(out, name));
  response.writeHead(200, { 'content-type': types[path.extname(name)], 'cache-control': 'no-store', ...headers });
  response.end(body);
}

async function serve(incoming, response) {
  const { pathname } = new URL(incoming.url, 'http://localhost');
  if (pathname === '/console/') {
    await buildConsole(out, { minify: false, sourcemap: 'inline' });
    return serveFile(response, 'index.html', { 'content-security-policy': policy });
  }
  if (pathname === '/docs') {
    await buildConsole(out, { minify: false });
    return serveFile(response, 'docs.html', { 'content-security-policy': policy });
  }
  const asset = /^\/console\/(assets\/[\w.-]+)$/.exec(pathname);
  if (asset) return serveFile(response, asset[1], {});
  const headers = { ...incoming.headers, host: api.host };
  const passed = request({ host: api.hostname, port: api.port, method: incoming.method, path: incoming.url, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  passed.on('error', () => response.writeHead(502).end());
  incoming.pipe(passed);
}

createServer((incoming, response) => {
  serve(incoming, response).catch((error) => {
    console.error(error.message);
    if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
    response.end(error.message);
  });
}).listen(port, '127.0.0.1', () => console.log(`http://localhost:${port}/console/ with the API of ${api.origin}`));
