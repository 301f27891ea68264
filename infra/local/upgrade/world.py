"""A local cloud as recording and checking need it: its tables, its queues, its event sources, and a receiver."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.api import Api
from local.aws import session
from local.first_key import make_platform_key
from local.settings import Settings
from local.user_error import UserError

if TYPE_CHECKING:
    from mypy_boto3_sqs.literals import QueueAttributeNameType

TABLES = ("ConfigTable", "DeliveriesTable")
QUEUES = ("Reports", "Retries", "Replays", "Erasures")
COUNTS: "tuple[QueueAttributeNameType, ...]" = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
SECONDS_FOR_AN_EFFECT = 30


@dataclass(frozen=True)
class Sent:
    """A message of a queue."""

    queue: str
    body: str


class World:
    def __init__(self, settings: Settings, outputs: dict[str, str]) -> None:
        self._settings = settings
        self._tables = {table: outputs[f"{table}Name"] for table in TABLES}
        self._urls = {queue: outputs[f"{queue}QueueUrl"] for queue in (*QUEUES, "DeadLetters")}
        aws = session(settings)
        self._dynamodb = aws.client("dynamodb", endpoint_url=settings.endpoint)
        self._sqs = aws.client("sqs", endpoint_url=settings.endpoint)
        self._lambda = aws.client("lambda", endpoint_url=settings.endpoint)
        self.platform_key = make_platform_key(settings)
        self.platform = self.api(self.platform_key)

    def api(self, key: str) -> Api:
        return Api(self._settings.base_url, key)

    def items(self) -> dict[str, list[dict[str, Any]]]:
        """All items of both tables, as DynamoDB writes them."""
        return {
            table: [
                {name: _written(value) for name, value in item.items()}
                for page in self._dynamodb.get_paginator("scan").paginate(TableName=name)
                for item in page["Items"]
            ]
            for table, name in self._tables.items()
        }

    def put(self, items: dict[str, list[dict[str, Any]]]) -> None:
        for table, of_table in items.items():
            for item in of_table:
                read = {name: _read(value) for name, value in item.items()}
                self._dynamodb.put_item(TableName=self._tables[table], Item=read)

    def listen(self, *queues: str) -> None:
        """Has the functions get messages of these queues only, and no changes of the log unless all queues are named."""
        for mapping in self._lambda.list_event_source_mappings()["EventSourceMappings"]:
            source = mapping["EventSourceArn"]
            named = any(f"{queue}Queue" in source for queue in queues) or (":dynamodb:" in source and queues == QUEUES)
            self._lambda.update_event_source_mapping(UUID=mapping["UUID"], Enabled=named)
        # A poll that has begun may still get messages.
        time.sleep(1)

    def take(self, queue: str, count: int, seconds: float = SECONDS_FOR_AN_EFFECT) -> list[Sent]:
        """Messages of a queue, once there are as many."""
        taken: list[Sent] = []

        def enough() -> bool:
            answer = self._sqs.receive_message(QueueUrl=self._urls[queue], MaxNumberOfMessages=10)
            for message in answer.get("Messages", []):
                taken.append(Sent(queue, message["Body"]))
                self._sqs.delete_message(QueueUrl=self._urls[queue], ReceiptHandle=message["ReceiptHandle"])
            return len(taken) >= count

        self.until(
            enough, lambda: f"{queue} holds {count} messages and not {[sent.body[:200] for sent in taken]}", seconds
        )
        return taken

    def send(self, sent: Sent) -> None:
        self._sqs.send_message(QueueUrl=self._urls[sent.queue], MessageBody=sent.body)

    def is_empty(self, queue: str) -> bool:
        """Whether no message waits, is delayed or in flight."""
        answer = self._sqs.get_queue_attributes(QueueUrl=self._urls[queue], AttributeNames=[*COUNTS])
        return all(answer["Attributes"][count] == "0" for count in COUNTS)

    def dead_letters(self) -> list[str]:
        answer = self._sqs.receive_message(QueueUrl=self._urls["DeadLetters"], MaxNumberOfMessages=10)
        return [message["Body"] for message in answer.get("Messages", [])]

    @staticmethod
    def until(holds: Callable[[], object], what: Callable[[], str], seconds: float = SECONDS_FOR_AN_EFFECT) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > deadline:
                raise UserError(f"This does not hold after {seconds:.0f} s: {what()}")
            time.sleep(0.2)


def _written(value: Mapping[str, Any]) -> dict[str, Any]:
    """A value for JSON: bytes in base64, as in DynamoDB's own requests."""
    return {"B": base64.b64encode(value["B"]).decode()} if "B" in value else dict(value)


def _read(value: dict[str, Any]) -> dict[str, Any]:
    return {"B": base64.b64decode(value["B"])} if "B" in value else value


def kinds(items: dict[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    """The kinds of items of each table: keys without ids."""
    return {table: sorted({kind_of(item) for item in of_table}) for table, of_table in items.items()}


def kind_of(item: dict[str, Any]) -> str:
    pk, sk = item["pk"]["S"], item["sk"]["S"]
    if pk[8:9] == "-":
        status = item.get("status", {}).get("S")
        return f"delivery {status}" if status else "delivery"
    return f"{_beginning(pk)} {_beginning(sk)}".rstrip()


def _beginning(key: str) -> str:
    word = key.partition("#")[0]
    return word if word.replace("_", "").isalpha() and word.isupper() else ""


def message_kind(sent: Sent) -> str:
    body = json.loads(sent.body)
    return f"{sent.queue} {body.get('kind')}"
