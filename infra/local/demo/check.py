"""Posts the documented report and checks its delivery."""

import queue
import time
import uuid

from local.api import Api
from local.demo.receiver import Received, Receiver
from local.demo.report import delivered, posted
from local.demo.tenant import Tenant
from local.say import say
from local.settings import Settings
from local.user_error import UserError

SECONDS_TO_ARRIVE = 20


def send_and_check(settings: Settings, tenant: Tenant, receiver: Receiver) -> None:
    say("• Posting the documented OBD report")
    started = time.monotonic()
    report = posted(str(uuid.uuid4()), tenant.webhook_id)
    report_id = Api(settings.base_url, tenant.key).expect(202, "POST", "/v1/reports", report)["id"]
    received = _wait_for(report_id, receiver, settings)
    check_received(received, delivered(tenant.webhook_id))
    say(f"    The receiver got it as documented, {(time.monotonic() - started) * 1000:.0f} ms after it was posted.")


def _wait_for(report_id: str, receiver: Receiver, settings: Settings) -> Received:
    deadline = time.monotonic() + SECONDS_TO_ARRIVE
    while True:
        try:
            received = receiver.received.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise UserError(
                f"The report {report_id} was accepted but did not reach the receiver within {SECONDS_TO_ARRIVE} s; "
                f"see {settings.log}."
            ) from None
        # Skip a retry of an earlier run.
        if received.headers.get("webhook-id") == report_id:
            return received


def check_received(received: Received, body: bytes) -> None:
    if received.method != "POST":
        raise UserError(f"The report was delivered with {received.method} instead of POST.")
    content_type = received.headers.get("content-type")
    if content_type != "application/json":
        raise UserError(f"The report was delivered with content-type {content_type} instead of application/json.")
    if received.body != body:
        raise UserError(
            f"The body of the delivery is not the documented one.\n  expected {body.decode()}\n"
            f"  received {received.body.decode(errors='replace')}"
        )
