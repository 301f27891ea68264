"""A local cloud for recording and checking fixtures: its tables, queues and event sources."""

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
class QueuedMessage:
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
                {name: _encoded(value) for name, value in item.items()}
                for page in self._dynamodb.get_paginator("scan").paginate(TableName=name)
                for item in page["Items"]
            ]
            for table, name in self._tables.items()
        }

    def put(self, items: dict[str, list[dict[str, Any]]]) -> None:
        for table, of_table in items.items():
            for item in of_table:
                read = {name: _decoded(value) for name, value in item.items()}
                self._dynamodb.put_item(TableName=self._tables[table], Item=read)

    def enable_sources(self, *queues: str) -> None:
        """Enables the event sources of these queues, and the log's stream if these are all; disables the others."""
        for mapping in self._lambda.list_event_source_mappings()["EventSourceMappings"]:
            source = mapping["EventSourceArn"]
            named = any(f"{queue}Queue" in source for queue in queues) or (":dynamodb:" in source and queues == QUEUES)
            self._lambda.update_event_source_mapping(UUID=mapping["UUID"], Enabled=named)
        # A started poll may still receive messages.
        time.sleep(1)

    def receive(self, queue: str, count: int, seconds: float = SECONDS_FOR_AN_EFFECT) -> list[QueuedMessage]:
        """Receives and deletes messages of a queue until there are `count`."""
        received: list[QueuedMessage] = []

        def enough() -> bool:
            answer = self._sqs.receive_message(QueueUrl=self._urls[queue], MaxNumberOfMessages=10)
            for message in answer.get("Messages", []):
                received.append(QueuedMessage(queue, message["Body"]))
                self._sqs.delete_message(QueueUrl=self._urls[queue], ReceiptHandle=message["ReceiptHandle"])
            return len(received) >= count

        self.wait_until(
            enough,
            lambda: f"{queue} holds {count} messages and not {[message.body[:200] for message in received]}",
            seconds,
        )
        return received

    def send(self, message: QueuedMessage) -> None:
        self._sqs.send_message(QueueUrl=self._urls[message.queue], MessageBody=message.body)

    def is_empty(self, queue: str) -> bool:
        """Whether no message is visible, delayed or in flight."""
        answer = self._sqs.get_queue_attributes(QueueUrl=self._urls[queue], AttributeNames=[*COUNTS])
        return all(answer["Attributes"][count] == "0" for count in COUNTS)

    def dead_letters(self) -> list[str]:
        answer = self._sqs.receive_message(QueueUrl=self._urls["DeadLetters"], MaxNumberOfMessages=10)
        return [message["Body"] for message in answer.get("Messages", [])]

    @staticmethod
    def wait_until(
        condition: Callable[[], object], description: Callable[[], str], seconds: float = SECONDS_FOR_AN_EFFECT
    ) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise UserError(f"Not within {seconds:.0f} s: {description()}")
            time.sleep(0.2)


def _encoded(value: Mapping[str, Any]) -> dict[str, Any]:
    """A value for JSON, with bytes in base64 as in DynamoDB's requests."""
    return {"B": base64.b64encode(value["B"]).decode()} if "B" in value else dict(value)


def _decoded(value: dict[str, Any]) -> dict[str, Any]:
    return {"B": base64.b64decode(value["B"])} if "B" in value else value


def kinds(items: dict[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    """The kinds of items of each table: their keys without ids."""
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


def message_kind(message: QueuedMessage) -> str:
    body = json.loads(message.body)
    return f"{message.queue} {body.get('kind')}"
