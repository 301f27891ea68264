// Hands one call report over to Callhook. Prints Callhook's answer; exits with 1 if the report was not accepted.
//
//   URL=https://… KEY=chk_… node examples/callers/hand_over.mjs call-17
//
// URL is the API's URL, KEY a key with the scope `reports:write`, call-17 the call's id. Needs Node.js 20.

import { setTimeout as sleep } from "node:timers/promises";

const ATTEMPTS = 5;

// Returns Callhook's answer once a queue holds the report. Throws if Callhook refuses it.
async function handOver(report) {
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
      const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(30_000) });
      if (answer.ok) return await answer.json();
      problem = new Error(`${answer.status} ${await answer.text()}`);
      wait = Number(answer.headers.get("retry-after") ?? wait);
      // Other answers than these stay the same when the report is sent again.
      isLast ||= answer.status !== 429 && answer.status < 500;
    } catch (error) {
      problem = error;
    }
    if (isLast) throw problem;
    // Callhook derives the report's id from the call's time and content: a repeated report is delivered once.
    await sleep(wait * 1_000);
  }
}

if (process.argv.length !== 3) {
  console.error("usage: node hand_over.mjs <id of the call>");
  process.exit(1);
}
try {
  const answer = await handOver({
    id: process.argv[2], source: "OBD", flow_id: 123,
    bridge: 918068280000, from: 918919520000, to: 918867130000,
    start_at: "2021-04-09 16:27:39", end_at: "2021-04-09 16:27:55", duration: "23", status: "ANSWER",
  });
  console.log(JSON.stringify(answer));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
