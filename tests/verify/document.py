# Behind the Python of docs/verifying.md: the verdict for each request, as verify.py gives it.

import json
import sys

for line in sys.stdin:
    request = json.loads(line)
    taken = verify(request["secret"], request["headers"], request["body"].encode())
    print("ok" if taken else "refused")
