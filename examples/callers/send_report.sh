#!/bin/sh
# Sends one call report to Callhook and prints the response. Exits with curl's code if the report is not accepted.
#
#   URL=https://… KEY=chk_… sh examples/callers/send_report.sh call-17
#
# URL is the API's URL, KEY a key with the scope `reports:write`, call-17 the call's id. Needs curl 7.76 or newer.
set -eu
id=${1:?usage: send_report.sh <id of the call>}

# curl repeats the request after a refused connection, a timeout, 429, 500, 502, 503 and 504, and waits for the time in
# `Retry-After`. A repeated report is delivered once: Callhook derives its id from the call's time and content.
curl --silent --show-error --fail-with-body --max-time 30 --retry 5 --retry-connrefused \
  --header "Authorization: Bearer $KEY" --header 'Content-Type: application/json' --data @- "$URL/v1/reports" <<REPORT
{"id": "$id", "source": "OBD", "flow_id": 123, "bridge": 918068280000, "from": 918919520000, "to": 918867130000,
 "start_at": "2021-04-09 16:27:39", "end_at": "2021-04-09 16:27:55", "duration": "23", "status": "ANSWER"}
REPORT
echo
