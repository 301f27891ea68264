"""Records items and messages of each kind, as the built functions write them."""

import datetime
import json
import shutil
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from local.api import Api
from local.demo.report import REPORT
from local.deploy import deploy
from local.faults.layer import PATH as FAULTS_PATH
from local.launch import running_cloud
from local.say import say
from local.settings import Settings, temporary_settings
from local.upgrade import FIXTURES
from local.upgrade.receiver import Receiver
from local.upgrade.world import QueuedMessage, World, kinds, message_kind
from local.user_error import UserError

# Stands for the receiver's URL, since its port differs in each check.
RECEIVER = "http://receiver.invalid"
# Retry schedules, in seconds. A short wait becomes a delayed message, which can be recorded.
NO_RETRY: list[int] = []
RETRY_SOON, RETRY_LATE = [2], [3600]
MESSAGES = {
    "Reports reports", "Retries delivery", "Retries taken", "Retries journal", "Retries reports", "Replays replay",
    "Erasures erase_report", "Erasures erase_account",
}  # fmt: skip


def record(name: str) -> int:
    target = FIXTURES / name
    if target.exists():
        raise UserError(f"{target} exists: choose another name, as a fixture is never changed.")
    folder = Path(tempfile.mkdtemp(prefix="callhook-"))
    settings = temporary_settings(folder, {}, persist=False, faults=True, audit=False, visibility_seconds=20)
    try:
        with running_cloud(settings):
            outputs = deploy(settings)
            with Receiver() as receiver:
                recorder = Recorder(settings, World(settings, outputs), receiver)
                fixture = recorder.run()
                text = json.dumps(fixture, indent=1, sort_keys=True).replace(receiver.base_url, RECEIVER)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    target.mkdir(parents=True)
    (target / "fixture.json").write_text(text + "\n")
    say(f"• Recorded {target}")
    return 0


class Recorder:
    def __init__(self, settings: Settings, world: World, receiver: Receiver) -> None:
        self._settings, self._world, self._receiver = settings, world, receiver
        self._webhooks: dict[str, dict[str, Any]] = {}
        self._reports: dict[str, str] = {}
        self._account = "recorded"
        self._key, self._api = self._new_account(
            self._account, {"time_zone": "Asia/Kolkata", "quotas": {"deliveries_per_second": 50}}
        )

    def run(self) -> dict[str, Any]:
        recorded_at = datetime.datetime.now(datetime.UTC)
        self._create_webhooks()
        say("• Recording items")
        self._record_deliveries()
        self._record_erasure_and_replay()
        say("• Recording messages")
        messages = [*self._retry_messages(), *self._queued_messages()]
        items = self._world.items()
        found = {message_kind(message) for message in messages}
        if found != MESSAGES:
            raise UserError(f"Messages of these kinds are missing or new: {sorted(found ^ MESSAGES)}")
        for table, of_table in kinds(items).items():
            say(f"    {table}: {', '.join(of_table)}")
        say(f"    messages: {', '.join(sorted(found))}")
        return {
            "recorded_at": recorded_at.isoformat(),
            "account": "recorded",
            "key": self._key,
            "limited_key": self._limited_key,
            "webhooks": {name: {"id": hook["id"], "secret": hook["secret"]} for name, hook in self._webhooks.items()},
            "reports": self._reports,
            "statuses": self._statuses(),
            "figures": self._figures(),
            "items": items,
            "messages": [{"queue": message.queue, "body": message.body} for message in messages],
        }

    def _new_account(self, account: str, settings: dict[str, Any]) -> tuple[str, Api]:
        """Creates an account; returns a key of it, and the API with that key."""
        platform = self._world.platform
        platform.expect(201, "POST", "/v1/accounts", {"id": account, "name": account, **settings})
        key = platform.expect(201, "POST", f"/v1/accounts/{account}/keys", {"name": "recorded"})["key"]
        return key, self._world.api(key)

    def _create_webhooks(self) -> None:
        url = self._receiver.base_url
        composed = {
            "url": f"{url}/composed?id={{{{id}}}}", "secrets": {"token": "s3cr3t-of-a-fixture"},
            "headers": {"X-Token": "%token%"}, "body": {"format": "json", "template": {"to": "{{to}}"}},
        }  # fmt: skip
        webhooks: dict[str, dict[str, Any]] = {
            "plain": {"bearer_secret": "bearer-of-a-fixture"},
            "composed": composed,
            "retrying": {"url": f"{url}/fails", "retry": {"schedule": RETRY_LATE}},
            "failed": {"url": f"{url}/fails", "retry": {"schedule": NO_RETRY}},
            "soon": {"url": f"{url}/fails", "retry": {"schedule": RETRY_SOON}},
            "inactive": {},
            "gone": {"url": f"{url}/gone"},
            "gone_later": {"url": f"{url}/gone"},
            "limited": {"max_per_second": 1},
            "operational": {},
        }
        for name, settings in webhooks.items():
            body = {"name": name, "url": f"{url}/{name}", **settings}
            self._webhooks[name] = self._api.expect(201, "POST", "/v1/webhooks", body)
        self._change("inactive", {"status": "inactive"})
        self._api.expect(200, "POST", f"/v1/webhooks/{self._id('plain')}/rotate-secret", {})
        operational = {"operational_webhook_id": self._id("operational")}
        self._world.platform.expect(200, "PATCH", f"/v1/accounts/{self._account}", operational)
        self._api.expect(201, "POST", "/v1/subscriptions", {"identity": "flow:777", "webhook_id": self._id("composed")})
        limited = {"name": "limited", "webhook_id": self._id("plain")}
        keys = f"/v1/accounts/{self._account}"
        self._limited_key = self._world.platform.expect(201, "POST", f"{keys}/keys", limited)["key"]
        self._world.platform.expect(201, "POST", f"{keys}/console-links", {"name": "link"})
        # Deliver caches settings for ConfigCacheSeconds.
        time.sleep(1.5)

    def _id(self, webhook: str) -> str:
        return str(self._webhooks[webhook]["id"])

    def _change(self, webhook: str, settings: dict[str, Any]) -> None:
        self._api.expect(200, "PATCH", f"/v1/webhooks/{self._id(webhook)}", settings)

    def _post(self, name: str, webhook: str | None = None, **fields: object) -> str:
        body = {"id": f"fixture-{name}", **REPORT, **fields, **({"webhook_id": self._id(webhook)} if webhook else {})}
        self._reports[name] = self._api.expect(202, "POST", "/v1/reports", body)["id"]
        return self._reports[name]

    def _wait_for_status(self, name: str, status: str) -> None:
        def has_status() -> bool:
            code, answer = self._api.call("GET", f"/v1/reports/{self._reports[name]}")
            return code == 200 and answer["status"] == status

        self._world.wait_until(has_status, lambda: f"the report {name} is {status}")

    def _record_deliveries(self) -> None:
        for name, webhook, status in (
            ("plain", "plain", "delivered"), ("retrying", "retrying", "retrying"), ("failed", "failed", "failed"),
            ("inactive", "inactive", "skipped"), ("gone", "gone", "failed"), ("limited", "limited", "delivered"),
        ):  # fmt: skip
            self._post(name, webhook)
            self._wait_for_status(name, status)
        self._post("subscribed", flow_id=777)
        self._wait_for_status("subscribed", "delivered")
        self._post("unwanted", flow_id=888)
        self._wait_for_status("unwanted", "skipped")

    def _record_erasure_and_replay(self) -> None:
        self._post("erased", "plain")
        self._wait_for_status("erased", "delivered")
        self._api.expect(204, "DELETE", f"/v1/reports/{self._reports['erased']}")
        self._api.expect(202, "POST", f"/v1/deliveries/{self._id('failed')}.{self._reports['failed']}/resend")
        replay = self._replay("failed")

        def is_completed() -> bool:
            return bool(self._api.expect(200, "GET", replay)["status"] == "completed")

        self._world.wait_until(is_completed, lambda: f"{replay} is completed")
        self._world.wait_until(lambda: self._figures() > 0, lambda: "there are figures")

    def _replay(self, webhook: str) -> str:
        # The day of the call, by which a replay finds deliveries.
        body = {"deliveries": "all", "from": "2021-04-09T00:00:00Z", "to": "2021-04-10T00:00:00Z"}
        path = f"/v1/webhooks/{self._id(webhook)}/replays"
        return f"{path}/{self._api.expect(202, 'POST', path, body)['id']}"

    def _retry_messages(self) -> list[QueuedMessage]:
        """Records messages that deliver sends to its own queue."""
        self._world.enable_sources("Reports")
        self._post("soon", "soon")
        self._wait_for_status("soon", "retrying")
        self._post("gone_later", "gone_later")
        self._wait_for_status("gone_later", "failed")
        # A retry, and the message for the operational webhook.
        messages = self._world.receive("Retries", 3)
        self._set_fault("deliver", "BatchWriteItem")
        self._post("unlogged", "plain")
        # The delivery and the row of the journal, to be logged a minute later.
        messages += self._world.receive("Retries", 2, seconds=120)
        self._set_fault()
        return [*messages, *self._deferred_messages()]

    def _deferred_messages(self) -> list[QueuedMessage]:
        """Records deliveries that the account's quota defers."""
        path = f"/v1/accounts/{self._account}"
        self._world.platform.expect(200, "PATCH", path, {"quotas": {"deliveries_per_second": 1}})
        # Wait for ConfigCacheSeconds.
        time.sleep(1.5)
        for n in range(5):
            self._post(f"deferred_{n}", "plain")
        messages = self._world.receive("Retries", 1)
        self._world.platform.expect(200, "PATCH", path, {"quotas": {"deliveries_per_second": 50}})
        # Wait for the others, one a second.
        time.sleep(5)
        return [*messages, *self._world.receive("Retries", 0)]

    def _queued_messages(self) -> list[QueuedMessage]:
        """Records messages that the API queues."""
        self._world.enable_sources()
        self._post("queued", "plain")
        batch = [{"id": f"fixture-batch-{n}", **REPORT, "webhook_id": self._id("composed")} for n in range(3)]
        answers = self._api.expect(202, "POST", "/v1/reports", batch)["reports"]
        self._reports |= {f"batch_{n}": answer["id"] for n, answer in enumerate(answers)}
        messages = self._world.receive("Reports", 2)
        self._api.expect(202, "POST", f"/v1/deliveries/{self._id('plain')}.{self._reports['plain']}/resend")
        messages += self._world.receive("Retries", 1)
        self._replay("limited")
        messages += self._world.receive("Replays", 1)
        self._api.expect(204, "DELETE", f"/v1/reports/{self._reports['subscribed']}")
        account = "erasing"
        _, other_api = self._new_account(account, {})
        other_api.expect(201, "POST", "/v1/webhooks", {"name": "x", "url": self._receiver.base_url})
        self._world.platform.expect(202, "DELETE", f"/v1/accounts/{account}?confirm={account}")
        messages += self._world.receive("Erasures", 2)
        return messages

    def _set_fault(self, function: str | None = None, operation: str | None = None) -> None:
        rule = {"name": "recording", "action": "fail", "function": function, "operation": operation}
        body = json.dumps({"rules": [rule] if function else []}).encode()
        request = urllib.request.Request(f"{self._settings.endpoint}{FAULTS_PATH}", method="PUT", data=body)
        urllib.request.urlopen(request, timeout=10).close()

    def _statuses(self) -> dict[str, str | None]:
        """The status of each report in the API; None for a report that it does not find."""
        answers = {name: self._api.call("GET", f"/v1/reports/{report}") for name, report in self._reports.items()}
        return {name: answer["status"] if code == 200 else None for name, (code, answer) in answers.items()}

    def _figures(self) -> int:
        hours = self._api.expect(200, "GET", f"/v1/webhooks/{self._id('plain')}/stats")["data"]
        return sum(hour["delivered"] for hour in hours)
