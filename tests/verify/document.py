# Appended to the Python code of docs/verifying.md: prints a verdict for each request as verify.py does, or for its URL
# if there is one.

import json
import sys

for line in sys.stdin:
    request = json.loads(line)
    secret, headers = request["secret"], request["headers"]
    if "url" in request:
        is_valid = verify_url(secret, headers, request["method"], request["url"])
    else:
        is_valid = verify(secret, headers, request["body"].encode())
    print("ok" if is_valid else "refused")
