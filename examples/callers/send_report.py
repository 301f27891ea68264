"""Sends one call report to Callhook. Prints Callhook's response; exits with 1 if the report is not accepted.

    URL=https://… KEY=chk_… python3 examples/callers/send_report.py call-17

URL is the API's URL, KEY a key with the scope `reports:write`, call-17 the call's id. Needs Python 3.11.
"""

import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.request

ATTEMPTS = 5


def send_report(report: dict) -> dict:
    """Returns Callhook's response once the report is queued. Raises HTTPError if Callhook refuses it."""
    request = urllib.request.Request(
        os.environ["URL"] + "/v1/reports",
        data=json.dumps(report).encode(),
        headers={"authorization": f"Bearer {os.environ['KEY']}", "content-type": "application/json"},
    )
    for attempt in range(1, ATTEMPTS + 1):
        wait = 2 ** (attempt - 1)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            # Only 429 and 5xx are worth another attempt.
            if attempt == ATTEMPTS or (error.code != 429 and error.code < 500):
                raise
            wait = int(error.headers.get("retry-after", wait))
        except (OSError, http.client.HTTPException):
            if attempt == ATTEMPTS:
                raise
        # A repeated report is delivered once: Callhook derives its id from the call's time and content.
        time.sleep(wait)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        print(json.dumps(send_report({
            "id": sys.argv[1], "source": "OBD", "flow_id": 123,
            "bridge": 918068280000, "from": 918919520000, "to": 918867130000,
            "start_at": "2021-04-09 16:27:39", "end_at": "2021-04-09 16:27:55", "duration": "23", "status": "ANSWER",
        })))  # fmt: skip
    except urllib.error.HTTPError as error:
        sys.exit(f"{error.code} {error.read().decode()}")
