"""Checks the built functions with items and messages of an earlier release."""

import base64
import datetime
import hashlib
import hmac
import json
import tempfile
from pathlib import Path
from typing import Any

from local.commands.execute import save_logs
from local.deploy import deploy
from local.launch import running_cloud
from local.say import say
from local.settings import temporary_settings
from local.upgrade import FIXTURES
from local.upgrade.receiver import Receiver, Request
from local.upgrade.record import RECEIVER
from local.upgrade.shift import shifted
from local.upgrade.world import QUEUES, QueuedMessage, World
from local.user_error import UserError

# Reports with messages in the fixture, and the paths of their webhooks.
QUEUED = {
    "queued": "/plain", "batch_0": "/composed", "batch_1": "/composed", "batch_2": "/composed", "soon": "/fails",
    # Sent again: one by `resend`, one by a replay.
    "plain": "/plain", "limited": "/limited",
}  # fmt: skip
# The receiver accepted it, and the log failed: it is logged and not sent again.
LOGGED_ONLY = "unlogged"
# Erased from the tables; the fixture has the messages of their erasures.
ERASED = ("erased", "subscribed")


def upgrade() -> int:
    fixtures = sorted(FIXTURES.glob("*/fixture.json"))
    if not fixtures:
        raise UserError(f"There are no fixtures in {FIXTURES} to check.")
    for file in fixtures:
        say(f"• Checking the items and messages of {file.parent.name}")
        with tempfile.TemporaryDirectory(prefix="callhook-", ignore_cleanup_errors=True) as folder:
            _check(file, Path(folder))
    return 0


def _check(file: Path, folder: Path) -> None:
    settings = temporary_settings(folder, {}, persist=False, faults=False, audit=False, visibility_seconds=20)
    with running_cloud(settings), Receiver(accepts_everything=True) as receiver:
        try:
            world = World(settings, deploy(settings))
            Check(read(file, receiver.base_url), world, receiver).run()
        except UserError:
            save_logs(settings)
            raise


def read(file: Path, receiver: str) -> dict[str, Any]:
    """Reads a fixture, with its times moved to today and the URL of this check's receiver."""
    text = file.read_text().replace(RECEIVER, receiver)
    recorded_at = datetime.datetime.fromisoformat(json.loads(text)["recorded_at"])
    days = (datetime.datetime.now(datetime.UTC) - recorded_at).days
    fixture: dict[str, Any] = json.loads(shifted(text, recorded_at, days))
    return fixture


class Check:
    def __init__(self, fixture: dict[str, Any], world: World, receiver: Receiver) -> None:
        self._fixture, self._world, self._receiver = fixture, world, receiver
        self._api = world.api(fixture["key"])

    def run(self) -> None:
        self._world.enable_sources()
        self._world.put(self._fixture["items"])
        self._expect_stored_items()
        say("    The API shows the stored items, and the keys work.")
        for message in self._fixture["messages"]:
            self._world.send(QueuedMessage(message["queue"], message["body"]))
        self._world.enable_sources(*QUEUES)
        self._expect_queued_messages()
        say("    The queued messages are delivered, logged, sent again and erased.")
        self._expect_new_report()
        say("    A new report is delivered with the stored settings.")
        # An unreadable message stays until it was received three times. The erasure of an account takes longer.
        emptied = [queue for queue in QUEUES if queue != "Erasures"]
        self._world.wait_until(lambda: all(map(self._world.is_empty, emptied)), lambda: "the queues are empty", 100)
        if letters := self._world.dead_letters():
            raise UserError(f"Messages became dead letters: {letters}")

    def _expect_stored_items(self) -> None:
        webhooks = {name: webhook["id"] for name, webhook in self._fixture["webhooks"].items()}
        listed = {webhook["id"]: webhook for webhook in self._api.expect(200, "GET", "/v1/webhooks?limit=100")["data"]}
        self._expect_equal(set(listed), set(webhooks.values()), "the webhooks")
        self._expect_equal(
            listed[webhooks["gone"]]["status"], "disabled", "the status of the webhook that answered 410"
        )
        self._expect_equal(set(listed[webhooks["composed"]]["secrets"]), {"token"}, "the names of secrets")
        (subscription,) = self._api.expect(200, "GET", "/v1/subscriptions")["data"]
        self._expect_equal(subscription["webhook_id"], webhooks["composed"], "the webhook of the subscription")
        limited = self._world.api(self._fixture["limited_key"]).expect(200, "GET", "/v1/webhooks")["data"]
        self._expect_equal(
            [webhook["id"] for webhook in limited], [webhooks["plain"]], "the webhook of the limited key"
        )
        account = self._world.platform.expect(200, "GET", f"/v1/accounts/{self._fixture['account']}")
        self._expect_equal(account["time_zone"], "Asia/Kolkata", "the time zone")
        self._expect_equal(account["operational_webhook_id"], webhooks["operational"], "the operational webhook")
        for name, status in self._fixture["statuses"].items():
            code, answer = self._api.call("GET", f"/v1/reports/{self._fixture['reports'][name]}")
            self._expect_equal(answer["status"] if code == 200 else None, status, f"the status of the report {name}")
        journal = self._api.expect(200, "GET", "/v1/reports?limit=100&number=918867130000")["data"]
        if self._fixture["reports"]["failed"] not in [row["id"] for row in journal]:
            raise UserError("A search does not find the stored report.")
        hours = self._api.expect(200, "GET", f"/v1/webhooks/{webhooks['plain']}/stats")["data"]
        self._expect_equal(sum(hour["delivered"] for hour in hours), self._fixture["figures"], "the figures")
        (replay,) = self._api.expect(200, "GET", f"/v1/webhooks/{webhooks['failed']}/replays")["data"]
        self._expect_equal((replay["status"], replay["done"]), ("completed", 1), "the replay and how many it sent")

    def _expect_queued_messages(self) -> None:
        reports = self._fixture["reports"]
        for name, path in QUEUED.items():
            self._expect_request(name, path)
        self._world.wait_until(
            lambda: any(request.path == "/operational" for request in self._receiver.requests),
            lambda: "the operational webhook gets the event of the webhook that answered 410",
        )
        deferred = [name for name in reports if name.startswith("deferred_")]
        for name in (*QUEUED, LOGGED_ONLY, *deferred):
            self._expect_delivered(name)
        self._expect_equal(
            self._receiver.got(reports[LOGGED_ONLY], "/plain"), [], "requests for a report that is delivered already"
        )
        for name in ERASED:
            self._expect_equal(self._status(name), None, f"the status of the erased report {name}")
        webhook = self._fixture["webhooks"]["limited"]["id"]

        def is_completed() -> bool:
            replays = self._api.expect(200, "GET", f"/v1/webhooks/{webhook}/replays")["data"]
            return [replay["status"] for replay in replays] == ["completed"]

        self._world.wait_until(is_completed, lambda: "the replay is completed")

    def _expect_request(self, name: str, path: str) -> None:
        report = self._fixture["reports"][name]
        self._world.wait_until(lambda: self._receiver.got(report, path), lambda: f"{path} gets the report {name}")

    def _expect_delivered(self, name: str) -> None:
        self._world.wait_until(
            lambda: self._status(name) == "delivered", lambda: f"{name} is delivered, not {self._status(name)}"
        )

    def _expect_new_report(self) -> None:
        webhook = self._fixture["webhooks"]["composed"]
        report = {"id": "fixture-new", "to": 918867130000, "source": "OBD", "webhook_id": webhook["id"]}
        report_id = self._api.expect(202, "POST", "/v1/reports", report)["id"]
        self._world.wait_until(lambda: self._receiver.got(report_id, "/composed"), lambda: "a new report is delivered")
        (request,) = self._receiver.got(report_id, "/composed")
        self._expect_equal(request.headers["x-token"], "s3cr3t-of-a-fixture", "a secret in a header")
        self._expect_equal(request.body, b'{"to":"918867130000"}', "the composed body")
        self._expect_equal(
            request.headers["webhook-signature"].split()[0], signature(request, webhook["secret"]), "the signature"
        )

    def _status(self, name: str) -> str | None:
        code, answer = self._api.call("GET", f"/v1/reports/{self._fixture['reports'][name]}")
        return answer["status"] if code == 200 else None

    @staticmethod
    def _expect_equal(actual: object, wanted: object, description: str) -> None:
        if actual != wanted:
            raise UserError(f"Wrong: {description}: {actual} instead of {wanted}.")


def signature(request: Request, secret: str) -> str:
    """The signature of a request by Standard Webhooks: https://www.standardwebhooks.com."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + request.body
    return f"v1,{base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}"
