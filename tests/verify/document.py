# Behind the Python of docs/verifying.md: the verdict for each request, as verify.py gives it, or for its URL if that
# is given.

import json
import sys

for line in sys.stdin:
    request = json.loads(line)
    secret, headers = request["secret"], request["headers"]
    if "url" in request:
        taken = verify_url(secret, headers, request["method"], request["url"])
    else:
        taken = verify(secret, headers, request["body"].encode())
    print("ok" if taken else "refused")
