"""A local cloud for the sample events, with the account, API key, webhook and report that they name."""

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
from local.events.time_shift import EVENTS, TimeShift
from local.first_key import make_platform_key
from local.functions import deployed_names, logical_id_of
from local.launch import running_cloud
from local.settings import Settings, temporary_settings
from local.user_error import UserError

if TYPE_CHECKING:
    from mypy_boto3_sqs.literals import QueueAttributeNameType

ACCOUNT = "demo"
WEBHOOK = "01890a5d-ac96-774b-bcce-b302099a8057"
# The reports: delivered before each event, in deliver-reports.json, and in deliver-retry.json.
DELIVERED = "0178b776-1ef8-8b84-b3cc-9e478dccfe28"
NEW = "0178b776-1ef8-8a51-9d6c-3b1f0c7e2a44"
RETRIED = "0178b776-1ef8-8b62-9d6c-3b1f0c7e2a45"
REPLAY = "0178b776-26c8-7d15-8f0e-2b6a90c4d317"
# The accounts of accounts-create.json, accounts-erase.json and eraser-account.json.
CREATED, LEAVING, CLOSING = "acme", "leaving", "closing"
SHARDS = 8
SECONDS_TO_APPEAR = 20
COUNTS: "tuple[QueueAttributeNameType, ...]" = (
    "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed", "ApproximateNumberOfMessagesNotVisible",
)  # fmt: skip
# A report reaches the receiver in a tenth of this.
SECONDS_WITHOUT_REQUESTS = 2

Item = dict[str, Any]
Found = TypeVar("Found")


class World:
    """The cloud, as checks see it, with root's credentials."""

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
        """The environment variables of each function, by logical id, with this endpoint of the cloud."""
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
        """The timeout of a function in seconds."""
        return self._session.client("lambda", endpoint_url=self.settings.endpoint).get_function_configuration(
            FunctionName=self.names[function]
        )["Timeout"]

    def seed(self, shift: TimeShift) -> None:
        """Creates what events with this time shift name."""
        platform = Api(self.settings.base_url, self._platform_key)
        self._create_account(platform, ACCOUNT)
        self._create_key(platform)
        self._create_webhook(platform)
        self._delete_account(CREATED)
        for account in (LEAVING, CLOSING):
            self._delete_account(account)
            self._create_account(platform, account)
        # Its erasure was requested long enough ago that none of its reports is in flight.
        self.config.put_item(Item={
            "pk": f"ACCT#{CLOSING}", "sk": "ERASED",
            "asked_at": shift.move("2021-04-09T04:27:56Z"), "forget_at": int(time.time()) + 86_400,
        })  # fmt: skip
        self._deliver_report(shift)
        self.clear_requests()

    def clear_requests(self) -> None:
        """Forgets the requests that the receiver has got."""
        self._requests_so_far()
        self._received.clear()

    def wait_for_request(self, webhook_id: str) -> Received:
        """Waits for a request whose `webhook-id` begins with this."""
        return self._poll(
            f"a request at the receiver with webhook-id {webhook_id}",
            lambda: next(
                (r for r in self._requests_so_far() if r.headers.get("webhook-id", "").startswith(webhook_id)), None
            ),
        )

    def got_nothing(self) -> bool:
        """Whether the receiver gets no request within SECONDS_WITHOUT_REQUESTS."""
        time.sleep(SECONDS_WITHOUT_REQUESTS)
        return not self._requests_so_far()

    def config_item(self, pk: str, sk: str) -> Item | None:
        """An item of the table of accounts, keys and webhooks."""
        return self.config.get_item(Key={"pk": pk, "sk": sk}, ConsistentRead=True).get("Item")

    def delivery(self, report_id: str) -> Item | None:
        """The delivery of a report to the webhook, from the log."""
        return self._sharded_item(WEBHOOK, report_id)

    def tombstone(self, report_id: str) -> Item | None:
        return self._sharded_item(f"ERASED#{ACCOUNT}", report_id)

    def replay(self, replay_id: str) -> Item | None:
        return self._delivery_item(f"REPLAYS#{WEBHOOK}", replay_id)

    def figures(self, hour: str) -> Item | None:
        """The figures of the webhook in an hour, such as `2021-04-09T16`."""
        return self._delivery_item(f"STATS#{WEBHOOK}", hour)

    def queued_erasures(self) -> int:
        """The number of messages in the queue of erasures."""
        sqs = self._session.client("sqs", endpoint_url=self.settings.endpoint)
        queue_url = self._outputs["ErasuresQueueUrl"]
        found = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=[*COUNTS])["Attributes"]
        return sum(int(found[count]) for count in COUNTS)

    def wait_for(self, description: str, find: Callable[[], Found | None]) -> Found:
        """Waits until `find` returns a true value; returns it."""
        return self._poll(description, find)

    def _requests_so_far(self) -> list[Received]:
        with contextlib.suppress(queue.Empty):
            while True:
                self._received.append(self._receiver.received.get_nowait())
        return self._received

    def _poll(self, description: str, find: Callable[[], Found | None]) -> Found:
        deadline = time.monotonic() + SECONDS_TO_APPEAR
        while not (found := find()):
            if time.monotonic() > deadline:
                raise AssertionError(f"{description} did not appear within {SECONDS_TO_APPEAR} s")
            time.sleep(0.05)
        return found

    def _sharded_item(self, partition: str, report_id: str) -> Item | None:
        items = (self._delivery_item(f"{partition}#{shard}", report_id) for shard in range(SHARDS))
        return next((item for item in items if item), None)

    def _delivery_item(self, pk: str, sk: str) -> Item | None:
        return self.deliveries.get_item(Key={"pk": pk, "sk": sk}, ConsistentRead=True).get("Item")

    @staticmethod
    def _create_account(platform: Api, account: str) -> None:
        status, answer = platform.call("POST", "/v1/accounts", {"id": account, "name": account.capitalize()})
        # 409: it exists.
        if status not in (201, 409):
            raise UserError(f"Failed to create the account {account}: {status} {answer}")

    def _delete_account(self, account: str) -> None:
        """Deletes the account's items: the id of an erased account cannot be used again for months."""
        partition = f"ACCT#{account}"
        for item in self.config.query(KeyConditionExpression=Key("pk").eq(partition))["Items"]:
            self.config.delete_item(Key={"pk": partition, "sk": item["sk"]})
        self.config.delete_item(Key={"pk": "ACCOUNTS", "sk": account})

    def _create_key(self, platform: Api) -> None:
        """Creates a key, and stores it again as the one of the events: Callhook generates keys and ids."""
        key = event_key()
        key_id, hashed = key.split("_")[1], hashlib.sha256(key.encode()).hexdigest()
        if self.config_item(f"KEY#{hashed}", "KEY"):
            return
        made = platform.expect(201, "POST", f"/v1/accounts/{ACCOUNT}/keys", {"name": "events"})
        listed = self._stored(f"ACCT#{ACCOUNT}", f"KEY#{made['id']}")
        lookup = self._stored(f"KEY#{listed['hash']}", "KEY")
        for item in (listed, lookup):
            self.config.put_item(Item=renamed(item, {made["id"]: key_id, listed["hash"]: hashed}))
        platform.expect(204, "DELETE", f"/v1/accounts/{ACCOUNT}/keys/{made['id']}")

    def _stored(self, pk: str, sk: str) -> Item:
        """An item that the API has written."""
        item = self.config_item(pk, sk)
        if item is None:
            raise UserError(f"The item {pk}, {sk} is not in the table of accounts, keys and webhooks.")
        return item

    def _create_webhook(self, platform: Api) -> None:
        api = Api(self.settings.base_url, event_key())
        status, found = api.call("GET", f"/v1/webhooks/{WEBHOOK}")
        if (status, found.get("url"), found.get("status")) == (200, self._receiver.url, "active"):
            return
        made = api.expect(201, "POST", "/v1/webhooks", {"name": "Receiver of the events", "url": self._receiver.url})
        item = self._stored(f"ACCT#{ACCOUNT}", f"WEBHOOK#{made['id']}")
        self.config.put_item(Item=renamed(item, {made["id"]: WEBHOOK}))
        api.expect(204, "DELETE", f"/v1/webhooks/{made['id']}")

    def _deliver_report(self, shift: TimeShift) -> None:
        """Queues a report as ingest does, and waits for its delivery in the log."""
        (record,) = shift.event("deliver-reports.json")["Records"]
        report_id = shift.move(DELIVERED)
        self._session.client("sqs", endpoint_url=self.settings.endpoint).send_message(
            QueueUrl=self._outputs["ReportsQueueUrl"], MessageBody=record["body"].replace(shift.move(NEW), report_id)
        )
        self._poll(f"the delivery of {report_id}", lambda: self.delivery(report_id))

    def clear_key_use(self, _shift: TimeShift) -> None:
        """Clears the last use of the key, since `seed` has used it."""
        hashed = hashlib.sha256(event_key().encode()).hexdigest()
        self.config.update_item(Key={"pk": f"KEY#{hashed}", "sk": "KEY"}, UpdateExpression="REMOVE last_used_at")

    def create_replay(self, shift: TimeShift) -> None:
        """Stores a replay as the API does; replay-job.json has its message."""
        asked_at = shift.move("2021-04-09T16:27:57Z")
        self.deliveries.put_item(Item={
            "pk": f"REPLAYS#{WEBHOOK}", "sk": shift.move(REPLAY), "id": shift.move(REPLAY),
            "account_id": ACCOUNT, "webhook_id": WEBHOOK, "scope": "all",
            "from": shift.move("2021-04-09T16:27:55Z"), "to": shift.move("2021-04-09T16:27:56Z"),
            "status": "counting", "place": {"shard": 0}, "counted": 0, "done": 0, "missing": 0,
            "created_at": asked_at, "updated_at": asked_at, "revision": 1, "expires_at": int(time.time()) + 86_400,
        })  # fmt: skip


@contextlib.contextmanager
def events_world(
    bridge: str | None = None, show_requests: bool = False, parameters: dict[str, str] | None = None
) -> Iterator[World]:
    """Yields a world with a new cloud. `bridge` is an address of this machine that containers reach."""
    folder = Path(tempfile.mkdtemp(prefix="callhook-"))
    settings = temporary_settings(
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


def event_key() -> str:
    """The API key of the events. It is valid in the local cloud of one command only."""
    file = EVENTS / "authorizer-request.json"
    found = re.search(r"Bearer (chk_[0-9a-f]{12}_[\w-]{43})", file.read_text())
    if not found:
        raise UserError(f"{file} holds no API key.")
    return found[1]


def renamed(item: Item, names: dict[str, str]) -> Item:
    """A copy of an item with these names replaced in all texts."""
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
