"""A local cloud for the sample events, with what they name: an account, its API key, webhook and report."""

import contextlib
import dataclasses
import hashlib
import queue
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from boto3.dynamodb.conditions import Key

from local.api import Api
from local.aws import session
from local.demo.receiver import Received, Receiver
from local.deploy import deploy
from local.events.moment import EVENTS, Moment
from local.first_key import make_platform_key
from local.functions import deployed_names, logical_id_of
from local.launch import running_cloud
from local.settings import Settings, passing_settings
from local.user_error import UserError

if TYPE_CHECKING:
    from mypy_boto3_sqs.literals import QueueAttributeNameType

ACCOUNT = "demo"
WEBHOOK = "01890a5d-ac96-774b-bcce-b302099a8057"
# The report that is delivered before an event is worked on, that of deliver-reports.json, and that of deliver-retry.json.
DELIVERED = "0178b776-1ef8-8b84-b3cc-9e478dccfe28"
NEW = "0178b776-1ef8-8a51-9d6c-3b1f0c7e2a44"
RETRIED = "0178b776-1ef8-8b62-9d6c-3b1f0c7e2a45"
REPLAY = "0178b776-26c8-7d15-8f0e-2b6a90c4d317"
# The accounts that accounts-create.json makes, accounts-erase.json begins to erase, and eraser-account.json erases.
CREATED, LEAVING, CLOSING = "acme", "leaving", "closing"
SHARDS = 8
SECONDS_TO_ARRIVE = 20
COUNTS: "tuple[QueueAttributeNameType, ...]" = (
    "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed", "ApproximateNumberOfMessagesNotVisible",
)  # fmt: skip
# A report reaches the receiver within a tenth of that.
SECONDS_WITHOUT_A_REQUEST = 2

Item = dict[str, Any]
Found = TypeVar("Found")


class World:
    """What the checks look at, as root."""

    def __init__(self, settings: Settings, outputs: dict[str, str], receiver: Receiver) -> None:
        self.settings = settings
        self._outputs = outputs
        self._receiver = receiver
        self._session = session(settings)
        self._platform_key = make_platform_key(settings)
        tables = self._session.resource("dynamodb", endpoint_url=settings.endpoint)
        self.config = tables.Table(outputs["ConfigTableName"])
        self.deliveries = tables.Table(outputs["DeliveriesTableName"])
        self.names = deployed_names(self._session.client("cloudformation", endpoint_url=settings.endpoint))
        self._received: list[Received] = []

    def environments(self, endpoint: str) -> dict[str, dict[str, str]]:
        """The variables that each function has in the local cloud, which is at `endpoint` for it; by logical id."""
        client = self._session.client("lambda", endpoint_url=self.settings.endpoint)
        configured = {
            function: client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
            for function, name in self.names.items()
        }
        return {
            logical_id_of(function): {**variables, "AWS_ENDPOINT_URL": endpoint}
            for function, variables in configured.items()
        }

    def timeout(self, function: str) -> int:
        """Seconds of the longest run of a function."""
        return self._session.client("lambda", endpoint_url=self.settings.endpoint).get_function_configuration(
            FunctionName=self.names[function]
        )["Timeout"]

    def seed(self, moment: Moment) -> None:
        """Makes what the events of that moment name."""
        platform = Api(self.settings.base_url, self._platform_key)
        self._make_account(platform, ACCOUNT)
        self._make_key(platform)
        self._make_webhook(platform)
        self._forget_account(CREATED)
        for account in (LEAVING, CLOSING):
            self._forget_account(account)
            self._make_account(platform, account)
        # Its erasure was asked for long enough ago: nothing of it is in flight any more.
        self.config.put_item(Item={
            "pk": f"ACCT#{CLOSING}", "sk": "ERASED",
            "asked_at": moment.move("2021-04-09T04:27:56Z"), "forget_at": int(time.time()) + 86_400,
        })  # fmt: skip
        self._deliver_a_report(moment)
        self.forget_requests()

    def forget_requests(self) -> None:
        """Of the receiver."""
        self._drain()
        self._received.clear()

    def arrived(self, webhook_id: str) -> Received:
        """The request that the receiver gets with this `webhook-id`, or that begins with it."""
        return self._until(
            f"a request at the receiver with webhook-id {webhook_id}",
            lambda: next((r for r in self._drain() if r.headers.get("webhook-id", "").startswith(webhook_id)), None),
        )

    def nothing_arrived(self) -> bool:
        """Whether the receiver gets no request within the time in which it would."""
        time.sleep(SECONDS_WITHOUT_A_REQUEST)
        return not self._drain()

    def configured(self, pk: str, sk: str) -> Item | None:
        """An item of the table of accounts, keys and webhooks."""
        return self.config.get_item(Key={"pk": pk, "sk": sk}, ConsistentRead=True).get("Item")

    def logged(self, report_id: str) -> Item | None:
        """The delivery of a report to the webhook, as the log has it."""
        return self._in_shards(WEBHOOK, report_id)

    def tombstone(self, report_id: str) -> Item | None:
        return self._in_shards(f"ERASED#{ACCOUNT}", report_id)

    def replay(self, replay_id: str) -> Item | None:
        return self._log_item(f"REPLAYS#{WEBHOOK}", replay_id)

    def figures(self, hour: str) -> Item | None:
        """What is counted of the webhook in an hour, as `2021-04-09T16`."""
        return self._log_item(f"STATS#{WEBHOOK}", hour)

    def waiting_erasures(self) -> int:
        """How many messages the queue of erasures holds."""
        sqs = self._session.client("sqs", endpoint_url=self.settings.endpoint)
        queue_url = self._outputs["ErasuresQueueUrl"]
        found = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=[*COUNTS])["Attributes"]
        return sum(int(found[count]) for count in COUNTS)

    def wait_for(self, what: str, look: Callable[[], Found | None]) -> Found:
        """What `look` finds, as soon as it finds something."""
        return self._until(what, look)

    def _drain(self) -> list[Received]:
        with contextlib.suppress(queue.Empty):
            while True:
                self._received.append(self._receiver.received.get_nowait())
        return self._received

    def _until(self, what: str, look: Callable[[], Found | None]) -> Found:
        deadline = time.monotonic() + SECONDS_TO_ARRIVE
        while not (found := look()):
            if time.monotonic() > deadline:
                raise AssertionError(f"{what} did not appear within {SECONDS_TO_ARRIVE} s")
            time.sleep(0.05)
        return found

    def _in_shards(self, partition: str, report_id: str) -> Item | None:
        items = (self._log_item(f"{partition}#{shard}", report_id) for shard in range(SHARDS))
        return next((item for item in items if item), None)

    def _log_item(self, pk: str, sk: str) -> Item | None:
        return self.deliveries.get_item(Key={"pk": pk, "sk": sk}, ConsistentRead=True).get("Item")

    @staticmethod
    def _make_account(platform: Api, account: str) -> None:
        status, answer = platform.call("POST", "/v1/accounts", {"id": account, "name": account.capitalize()})
        # 409: it is there already.
        if status not in (201, 409):
            raise UserError(f"The account {account} could not be made: {status} {answer}")

    def _forget_account(self, account: str) -> None:
        """Deletes it as if it had never been: an id that was erased stays taken for months."""
        partition = f"ACCT#{account}"
        for item in self.config.query(KeyConditionExpression=Key("pk").eq(partition))["Items"]:
            self.config.delete_item(Key={"pk": partition, "sk": item["sk"]})
        self.config.delete_item(Key={"pk": "ACCOUNTS", "sk": account})

    def _make_key(self, platform: Api) -> None:
        """Callhook chooses keys and ids itself, so one is made and stored again under those that the events name."""
        key = key_of_the_events()
        key_id, hashed = key.split("_")[1], hashlib.sha256(key.encode()).hexdigest()
        if self.configured(f"KEY#{hashed}", "KEY"):
            return
        made = platform.expect(201, "POST", f"/v1/accounts/{ACCOUNT}/keys", {"name": "events"})
        listed = self._stored(f"ACCT#{ACCOUNT}", f"KEY#{made['id']}")
        lookup = self._stored(f"KEY#{listed['hash']}", "KEY")
        for item in (listed, lookup):
            self.config.put_item(Item=renamed(item, {made["id"]: key_id, listed["hash"]: hashed}))
        platform.expect(204, "DELETE", f"/v1/accounts/{ACCOUNT}/keys/{made['id']}")

    def _stored(self, pk: str, sk: str) -> Item:
        """An item that the API has just written."""
        item = self.configured(pk, sk)
        if item is None:
            raise UserError(f"The item {pk}, {sk} is not in the table of accounts, keys and webhooks.")
        return item

    def _make_webhook(self, platform: Api) -> None:
        api = Api(self.settings.base_url, key_of_the_events())
        status, found = api.call("GET", f"/v1/webhooks/{WEBHOOK}")
        if (status, found.get("url"), found.get("status")) == (200, self._receiver.url, "active"):
            return
        made = api.expect(
            201, "POST", "/v1/webhooks", {"name": "The receiver of the events", "url": self._receiver.url}
        )
        item = self._stored(f"ACCT#{ACCOUNT}", f"WEBHOOK#{made['id']}")
        self.config.put_item(Item=renamed(item, {made["id"]: WEBHOOK}))
        api.expect(204, "DELETE", f"/v1/webhooks/{made['id']}")

    def _deliver_a_report(self, moment: Moment) -> None:
        """Queues a report as ingest does, and waits until the log has its delivery."""
        (record,) = moment.event("deliver-reports.json")["Records"]
        report_id = moment.move(DELIVERED)
        self._session.client("sqs", endpoint_url=self.settings.endpoint).send_message(
            QueueUrl=self._outputs["ReportsQueueUrl"], MessageBody=record["body"].replace(moment.move(NEW), report_id)
        )
        self._until(f"the delivery of {report_id}", lambda: self.logged(report_id))

    def forget_key_use(self, _moment: Moment) -> None:
        """The calls that made the account have used the key."""
        hashed = hashlib.sha256(key_of_the_events().encode()).hexdigest()
        self.config.update_item(Key={"pk": f"KEY#{hashed}", "sk": "KEY"}, UpdateExpression="REMOVE last_used_at")

    def make_replay(self, moment: Moment) -> None:
        """A replay as the API stores it. Its message is replay-job.json."""
        asked_at = moment.move("2021-04-09T16:27:57Z")
        self.deliveries.put_item(Item={
            "pk": f"REPLAYS#{WEBHOOK}", "sk": moment.move(REPLAY), "id": moment.move(REPLAY),
            "account_id": ACCOUNT, "webhook_id": WEBHOOK, "scope": "all",
            "from": moment.move("2021-04-09T16:27:55Z"), "to": moment.move("2021-04-09T16:27:56Z"),
            "status": "counting", "place": {"shard": 0}, "counted": 0, "done": 0, "missing": 0,
            "created_at": asked_at, "updated_at": asked_at, "revision": 1, "expires_at": int(time.time()) + 86_400,
        })  # fmt: skip


@contextlib.contextmanager
def events_world(
    bridge: str | None = None, show_requests: bool = False, parameters: dict[str, str] | None = None
) -> Iterator[World]:
    """Yields a world on a cloud of its own. `bridge` is an address of this machine at which containers reach it."""
    folder = Path(tempfile.mkdtemp(prefix="callhook-"))
    settings = passing_settings(
        folder, parameters or {}, persist=False, faults=False, audit=False, visibility_seconds=20
    )
    settings = dataclasses.replace(settings, bridge=bridge)
    try:
        with running_cloud(settings):
            outputs = deploy(settings)
            with Receiver(settings, show=show_requests) as receiver:
                yield World(settings, outputs, receiver)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def key_of_the_events() -> str:
    """The API key that the events bear. It opens the account of a local cloud that lasts as long as a command."""
    file = EVENTS / "authorizer-request.json"
    found = re.search(r"Bearer (chk_[0-9a-f]{12}_[\w-]{43})", file.read_text())
    if not found:
        raise UserError(f"{file} holds no API key.")
    return found[1]


def renamed(item: Item, names: dict[str, str]) -> Item:
    """A copy of an item, in all of whose texts each of these names is another."""
    return {key: _renamed(value, names) for key, value in item.items()}


def _renamed(value: object, names: dict[str, str]) -> object:
    match value:
        case str(text):
            for old, new in names.items():
                text = text.replace(old, new)
            return text
        case dict():
            return {key: _renamed(inner, names) for key, inner in value.items()}
        case list():
            return [_renamed(inner, names) for inner in value]
    return value
