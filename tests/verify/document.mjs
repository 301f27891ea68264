// Behind the JavaScript of docs/verifying.md: the verdict for each request, as verify.mjs gives it, or for its URL if
// that is given.

import { createInterface } from "node:readline";

for await (const line of createInterface({ input: process.stdin })) {
  const { secret, headers, body, method, url } = JSON.parse(line);
  const taken = url ? verifyUrl(secret, headers, method, url) : verify(secret, headers, Buffer.from(body));
  console.log(taken ? "ok" : "refused");
}
