// Sends one call report to Callhook. Prints Callhook's response; exits with 1 if the report is not accepted.
//
//   URL=https://… KEY=chk_… node examples/callers/send_report.mjs call-17
//
// URL is the API's URL, KEY a key with the scope `reports:write`, call-17 the call's id. Needs Node.js 20.

import { setTimeout as sleep } from "node:timers/promises";

const ATTEMPTS = 5;

// Returns Callhook's response once the report is queued. Throws if Callhook refuses it.
async function sendReport(report) {
  const url = new URL(`${process.env.URL}/v1/reports`);
  const request = {
    method: "POST",
    headers: { authorization: `Bearer ${process.env.KEY}`, "content-type": "application/json" },
    body: JSON.stringify(report),
  };
  for (let attempt = 1; ; attempt++) {
    let wait = 2 ** (attempt - 1);
    let isLast = attempt === ATTEMPTS;
    let problem;
    try {
      const response = await fetch(url, { ...request, signal: AbortSignal.timeout(30_000) });
      if (response.ok) return await response.json();
      problem = new Error(`${response.status} ${await response.text()}`);
      wait = Number(response.headers.get("retry-after") ?? wait);
      // Only 429 and 5xx are worth another attempt.
      isLast ||= response.status !== 429 && response.status < 500;
    } catch (error) {
      problem = error;
    }
    if (isLast) throw problem;
    // A repeated report is delivered once: Callhook derives its id from the call's time and content.
    await sleep(wait * 1_000);
  }
}

if (process.argv.length !== 3) {
  console.error("usage: node send_report.mjs <id of the call>");
  process.exit(1);
}
try {
  const response = await sendReport({
    id: process.argv[2], source: "OBD", flow_id: 123,
    bridge: 918068280000, from: 918919520000, to: 918867130000,
    start_at: "2021-04-09 16:27:39", end_at: "2021-04-09 16:27:55", duration: "23", status: "ANSWER",
  });
  console.log(JSON.stringify(response));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
