// Receives call reports from Callhook: verifies the signature, prints each report once, answers 202.
//
//   WEBHOOK_SECRET=whsec_… PORT=9001 node examples/receivers/receiver.mjs
//
// WEBHOOK_SECRET is the webhook's signing secret. Needs Node.js 20. It listens on this machine only; in
// production a server that ends TLS stands before it.

import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const MOST_BYTES = 1_000_000;
// Callhook may send a report again for days. A real receiver keeps the ids in its database, in a unique column.
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

// Returns the status to answer with.
function receive(headers, body) {
  if (!verify(process.env.WEBHOOK_SECRET, headers, body)) return 401;
  const id = headers["webhook-id"];
  // An id that begins with `test_` is a trial request, no report.
  if (!seen.has(id) && !id.startsWith("test_")) {
    // A real receiver stores the report here, and works on it after the answer.
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
      if (length <= MOST_BYTES) chunks.push(chunk);
    }
  } catch {
    return; // The connection ended before the whole body was here.
  }
  const status = length > MOST_BYTES ? 413 : receive(request.headers, Buffer.concat(chunks));
  console.error(`${request.method} ${request.url} ${status}`);
  response.writeHead(status, { "content-length": 0 }).end();
});
server.listen(Number(process.env.PORT ?? 9001), "127.0.0.1");
