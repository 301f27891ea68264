// Behind the JavaScript of docs/verifying.md: the verdict for each request, as verify.mjs gives it.

import { createInterface } from "node:readline";

for await (const line of createInterface({ input: process.stdin })) {
  const { secret, headers, body } = JSON.parse(line);
  console.log(verify(secret, headers, Buffer.from(body)) ? "ok" : "refused");
}
