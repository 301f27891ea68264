"""Receives call reports from Callhook: verifies the signature, prints each report once, answers 202.

    WEBHOOK_SECRET=whsec_… PORT=9001 python3 examples/receivers/receiver.py

WEBHOOK_SECRET is the webhook's signing secret. Needs Python 3.11. It listens on this machine only; in
production, put a server that terminates TLS in front of it.
"""

import base64
import hashlib
import hmac
import os
import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MAX_BYTES = 1_000_000


# From docs/verifying.md.
def verify(secret, headers, body):
    """secret: "whsec_…"; headers: a mapping; body: the bytes as they came."""
    sent_at = headers.get("webhook-timestamp", "")
    if not re.fullmatch("[0-9]{1,15}", sent_at) or abs(time.time() - int(sent_at)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers.get('webhook-id', '')}.{sent_at}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(expected.encode(), one.encode()) for one in given)


class Receiver(BaseHTTPRequestHandler):
    # Callhook may repeat a report for days. A real receiver stores the ids in its database, in a unique column.
    seen: set[str] = set()
    lock = threading.Lock()
    timeout = 10

    def do_POST(self):
        length = int(self.headers.get("content-length", 0))
        if not 0 <= length <= MAX_BYTES:
            # Read the body first: if the connection closes while the sender writes, it does not see the response.
            while length > 0 and (chunk := self.rfile.read(min(length, MAX_BYTES))):
                length -= len(chunk)
            return self.answer(413)
        body = self.rfile.read(length)
        if not verify(os.environ["WEBHOOK_SECRET"], self.headers, body):
            return self.answer(401)
        webhook_id = self.headers["webhook-id"]
        with self.lock:
            # A request whose id begins with `test_` is a trial, not a report.
            if webhook_id not in self.seen and not webhook_id.startswith("test_"):
                # A real receiver stores the report here, and processes it after the response.
                print(webhook_id, body.decode(), flush=True)
                self.seen.add(webhook_id)
        self.answer(202)

    def answer(self, status):
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format, *values):
        print(format % values, file=sys.stderr, flush=True)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9001"))), Receiver).serve_forever()
