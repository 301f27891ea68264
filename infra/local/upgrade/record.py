"""Records items of every kind, and messages of every kind, as the functions that are built write them."""

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
from local.settings import Settings, passing_settings
from local.upgrade import FIXTURES
from local.upgrade.receiver import Receiver
from local.upgrade.world import Sent, World, kinds, message_kind
from local.user_error import UserError

# What stands in a fixture for the receiver, which has another port in every check.
RECEIVER = "http://receiver.invalid"
# The waits of a schedule, in seconds. One that is short becomes a message that can be recorded.
NEVER: list[int] = []
SOON, LATE = [2], [3600]
MESSAGES = {
    "Reports reports", "Retries delivery", "Retries taken", "Retries journal", "Retries reports", "Replays replay",
    "Erasures erase_report", "Erasures erase_account",
}  # fmt: skip


def record(name: str) -> int:
    target = FIXTURES / name
    if target.exists():
        raise UserError(f"{target} is there already: a fixture stays as the release that wrote it left it.")
    folder = Path(tempfile.mkdtemp(prefix="callhook-"))
    settings = passing_settings(folder, {}, persist=False, faults=True, audit=False, visibility_seconds=20)
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
        self._make_webhooks()
        say("• Recording items")
        self._deliver_in_every_way()
        self._erase_and_replay()
        say("• Recording messages")
        messages = [*self._retries(), *self._what_waits()]
        items = self._world.items()
        found = {message_kind(sent) for sent in messages}
        if found != MESSAGES:
            raise UserError(f"Messages of these kinds were not recorded or are new: {sorted(found ^ MESSAGES)}")
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
            "messages": [{"queue": sent.queue, "body": sent.body} for sent in messages],
        }

    def _new_account(self, account: str, settings: dict[str, Any]) -> tuple[str, Api]:
        """Its key, and the API with that."""
        platform = self._world.platform
        platform.expect(201, "POST", "/v1/accounts", {"id": account, "name": account, **settings})
        key = platform.expect(201, "POST", f"/v1/accounts/{account}/keys", {"name": "recorded"})["key"]
        return key, self._world.api(key)

    def _make_webhooks(self) -> None:
        url = self._receiver.base_url
        composed = {
            "url": f"{url}/composed?id={{{{id}}}}", "secrets": {"token": "s3cr3t-of-a-fixture"},
            "headers": {"X-Token": "%token%"}, "body": {"format": "json", "template": {"to": "{{to}}"}},
        }  # fmt: skip
        webhooks: dict[str, dict[str, Any]] = {
            "plain": {"bearer_secret": "bearer-of-a-fixture"},
            "composed": composed,
            "retrying": {"url": f"{url}/fails", "retry": {"schedule": LATE}},
            "failed": {"url": f"{url}/fails", "retry": {"schedule": NEVER}},
            "soon": {"url": f"{url}/fails", "retry": {"schedule": SOON}},
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
        # Deliver may use what it read for ConfigCacheSeconds.
        time.sleep(1.5)

    def _id(self, webhook: str) -> str:
        return str(self._webhooks[webhook]["id"])

    def _change(self, webhook: str, settings: dict[str, Any]) -> None:
        self._api.expect(200, "PATCH", f"/v1/webhooks/{self._id(webhook)}", settings)

    def _post(self, name: str, webhook: str | None = None, **fields: object) -> str:
        body = {"id": f"fixture-{name}", **REPORT, **fields, **({"webhook_id": self._id(webhook)} if webhook else {})}
        self._reports[name] = self._api.expect(202, "POST", "/v1/reports", body)["id"]
        return self._reports[name]

    def _await(self, name: str, status: str) -> None:
        def is_so() -> bool:
            code, answer = self._api.call("GET", f"/v1/reports/{self._reports[name]}")
            return code == 200 and answer["status"] == status

        self._world.until(is_so, lambda: f"the report {name} is {status}")

    def _deliver_in_every_way(self) -> None:
        for name, webhook, status in (
            ("plain", "plain", "delivered"), ("retrying", "retrying", "retrying"), ("failed", "failed", "failed"),
            ("inactive", "inactive", "skipped"), ("gone", "gone", "failed"), ("limited", "limited", "delivered"),
        ):  # fmt: skip
            self._post(name, webhook)
            self._await(name, status)
        self._post("subscribed", flow_id=777)
        self._await("subscribed", "delivered")
        self._post("unwanted", flow_id=888)
        self._await("unwanted", "skipped")

    def _erase_and_replay(self) -> None:
        self._post("erased", "plain")
        self._await("erased", "delivered")
        self._api.expect(204, "DELETE", f"/v1/reports/{self._reports['erased']}")
        self._api.expect(202, "POST", f"/v1/deliveries/{self._id('failed')}.{self._reports['failed']}/resend")
        replay = self._replay("failed")

        def is_over() -> bool:
            return bool(self._api.expect(200, "GET", replay)["status"] == "completed")

        self._world.until(is_over, lambda: f"{replay} is completed")
        self._world.until(lambda: self._figures() > 0, lambda: "there are figures")

    def _replay(self, webhook: str) -> str:
        # The day of the call in the report, by which deliveries are found.
        body = {"deliveries": "all", "from": "2021-04-09T00:00:00Z", "to": "2021-04-10T00:00:00Z"}
        path = f"/v1/webhooks/{self._id(webhook)}/replays"
        return f"{path}/{self._api.expect(202, 'POST', path, body)['id']}"

    def _retries(self) -> list[Sent]:
        """What deliver sends to itself."""
        self._world.listen("Reports")
        self._post("soon", "soon")
        self._await("soon", "retrying")
        self._post("gone_later", "gone_later")
        self._await("gone_later", "failed")
        # A delivery to retry, and the message to the operational webhook.
        messages = self._world.take("Retries", 3)
        self._fail("deliver", "BatchWriteItem")
        self._post("unlogged", "plain")
        # What was delivered is logged a minute later, and so is the row of the journal.
        messages += self._world.take("Retries", 2, seconds=120)
        self._fail()
        return [*messages, *self._deferred()]

    def _deferred(self) -> list[Sent]:
        """Reports that wait for their places under the account's quota."""
        path = f"/v1/accounts/{self._account}"
        self._world.platform.expect(200, "PATCH", path, {"quotas": {"deliveries_per_second": 1}})
        # ConfigCacheSeconds.
        time.sleep(1.5)
        for n in range(5):
            self._post(f"deferred_{n}", "plain")
        messages = self._world.take("Retries", 1)
        self._world.platform.expect(200, "PATCH", path, {"quotas": {"deliveries_per_second": 50}})
        # The others follow, one a second.
        time.sleep(5)
        return [*messages, *self._world.take("Retries", 0)]

    def _what_waits(self) -> list[Sent]:
        """What the API queues."""
        self._world.listen()
        self._post("queued", "plain")
        batch = [{"id": f"fixture-batch-{n}", **REPORT, "webhook_id": self._id("composed")} for n in range(3)]
        answers = self._api.expect(202, "POST", "/v1/reports", batch)["reports"]
        self._reports |= {f"batch_{n}": answer["id"] for n, answer in enumerate(answers)}
        messages = self._world.take("Reports", 2)
        self._api.expect(202, "POST", f"/v1/deliveries/{self._id('plain')}.{self._reports['plain']}/resend")
        messages += self._world.take("Retries", 1)
        self._replay("limited")
        messages += self._world.take("Replays", 1)
        self._api.expect(204, "DELETE", f"/v1/reports/{self._reports['subscribed']}")
        account = "erasing"
        _, other = self._new_account(account, {})
        other.expect(201, "POST", "/v1/webhooks", {"name": "x", "url": self._receiver.base_url})
        self._world.platform.expect(202, "DELETE", f"/v1/accounts/{account}?confirm={account}")
        messages += self._world.take("Erasures", 2)
        return messages

    def _fail(self, function: str | None = None, operation: str | None = None) -> None:
        rule = {"name": "recording", "action": "fail", "function": function, "operation": operation}
        body = json.dumps({"rules": [rule] if function else []}).encode()
        request = urllib.request.Request(f"{self._settings.endpoint}{FAULTS_PATH}", method="PUT", data=body)
        urllib.request.urlopen(request, timeout=10).close()

    def _statuses(self) -> dict[str, str | None]:
        """What the API says of each report; None for those that it does not know."""
        answers = {name: self._api.call("GET", f"/v1/reports/{report}") for name, report in self._reports.items()}
        return {name: answer["status"] if code == 200 else None for name, (code, answer) in answers.items()}

    def _figures(self) -> int:
        hours = self._api.expect(200, "GET", f"/v1/webhooks/{self._id('plain')}/stats")["data"]
        return sum(hour["delivered"] for hour in hours)
