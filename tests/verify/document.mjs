// Appended to the JavaScript code of docs/verifying.md: prints a verdict for each request as verify.mjs does, or for its
// URL if there is one.

import { createInterface } from "node:readline";

for await (const line of createInterface({ input: process.stdin })) {
  const { secret, headers, body, method, url } = JSON.parse(line);
  const isValid = url ? verifyUrl(secret, headers, method, url) : verify(secret, headers, Buffer.from(body));
  console.log(isValid ? "ok" : "refused");
}
