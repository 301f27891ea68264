"""Hands one call report over to Callhook. Prints Callhook's answer; exits with 1 if the report was not accepted.

    URL=https://… KEY=chk_… python3 examples/callers/hand_over.py call-17

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


def hand_over(report: dict) -> dict:
    """Returns Callhook's answer once a queue holds the report. Raises HTTPError if Callhook refuses it."""
    request = urllib.request.Request(
        os.environ["URL"] + "/v1/reports",
        data=json.dumps(report).encode(),
        headers={"authorization": f"Bearer {os.environ['KEY']}", "content-type": "application/json"},
    )
    for attempt in range(1, ATTEMPTS + 1):
        wait = 2 ** (attempt - 1)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            # Other answers than these stay the same when the report is sent again.
            if attempt == ATTEMPTS or (error.code != 429 and error.code < 500):
                raise
            wait = int(error.headers.get("retry-after", wait))
        except (OSError, http.client.HTTPException):
            if attempt == ATTEMPTS:
                raise
        # Callhook derives the report's id from the call's time and content: a repeated report is delivered once.
        time.sleep(wait)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        print(json.dumps(hand_over({
            "id": sys.argv[1], "source": "OBD", "flow_id": 123,
            "bridge": 918068280000, "from": 918919520000, "to": 918867130000,
            "start_at": "2021-04-09 16:27:39", "end_at": "2021-04-09 16:27:55", "duration": "23", "status": "ANSWER",
        })))  # fmt: skip
    except urllib.error.HTTPError as error:
        sys.exit(f"{error.code} {error.read().decode()}")
