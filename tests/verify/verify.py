"""Verifies captured requests with the public package `standardwebhooks`.

Reads JSON lines from stdin, {"secret": …, "headers": {…}, "body": …}, and prints a verdict for each: `ok`, or `refused: …`.
"""

import json
import sys

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

for line in sys.stdin:
    request = json.loads(line)
    try:
        Webhook(request["secret"]).verify(request["body"], request["headers"], json_parse=False)
        print("ok")
    except WebhookVerificationError as error:
        print(f"refused: {error}")
