// Receives call reports from Callhook: verifies the signature, prints each report once, answers 202.
//
//   WEBHOOK_SECRET=whsec_… PORT=9001 node examples/receivers/receiver.mjs
//
// WEBHOOK_SECRET is the webhook's signing secret. Needs Node.js 20. It listens on this machine only; in
// production, put a server that terminates TLS in front of it.

import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const MAX_BYTES = 1_000_000;
// Callhook may repeat a report for days. A real receiver stores the ids in its database, in a unique column.
const seen = new Set();

// From docs/verifying.md.
// secret: "whsec_…"; headers: an object, as in `request.headers`; body: a Buffer with the bytes as they came.
export function verify(secret, headers, body) {
  const sentAt = headers["webhook-timestamp"] ?? "";
  if (!/^\d+$/.test(sentAt) || Math.abs(Date.now() / 1000 - Number(sentAt)) > 300) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const hmac = createHmac("sha256", key).update(`${headers["webhook-id"] ?? ""}.${sentAt}.`).update(body);
  const expected = Buffer.from("v1," + hmac.digest("base64"));
  return (headers["webhook-signature"] ?? "").split(" ").some((one) => {
    const given = Buffer.from(one);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

// Returns the response's status.
function receive(headers, body) {
  if (!verify(process.env.WEBHOOK_SECRET, headers, body)) return 401;
  const id = headers["webhook-id"];
  // A request whose id begins with `test_` is a trial, not a report.
  if (!seen.has(id) && !id.startsWith("test_")) {
    // A real receiver stores the report here, and processes it after the response.
    console.log(`${id} ${body}`);
    seen.add(id);
  }
  return 202;
}

const server = createServer(async (request, response) => {
  const chunks = [];
  let length = 0;
  try {
    for await (const chunk of request) {
      length += chunk.length;
      if (length <= MAX_BYTES) chunks.push(chunk);
    }
  } catch {
    return; // The connection ended before the whole body arrived.
  }
  const status = length > MAX_BYTES ? 413 : receive(request.headers, Buffer.concat(chunks));
  console.error(`${request.method} ${request.url} ${status}`);
  response.writeHead(status, { "content-length": 0 }).end();
});
server.listen(Number(process.env.PORT ?? 9001), "127.0.0.1");
