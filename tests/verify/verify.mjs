// Verifies captured requests with the public package `standardwebhooks`.
//
// Reads JSON lines from stdin, {"secret": …, "headers": {…}, "body": …}, and prints a verdict for each: `ok`, or `refused: …`.

import { createInterface } from "node:readline";
import { Webhook, WebhookVerificationError } from "standardwebhooks";

for await (const line of createInterface({ input: process.stdin })) {
  const { secret, headers, body } = JSON.parse(line);
  try {
    new Webhook(secret).verify(body, headers, { jsonParse: false });
    console.log("ok");
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    console.log(`refused: ${error.message}`);
  }
}
