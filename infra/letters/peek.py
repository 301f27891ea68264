"""Receives all messages of a queue and returns them to it; SQS has no call to read a queue."""

import contextlib
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from letters.letter import Letter, read_letter

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

WAIT_SECONDS = 2
# Long enough that few letters are received twice, and short in case this is killed before it returns them.
VISIBILITY_SECONDS = 120
BATCH_SIZE = 10


@contextlib.contextmanager
def peek_letters(sqs: "SQSClient", queue_url: str, limit: float = math.inf) -> Iterator[Iterator[Letter]]:
    """Yields an iterator of the letters, each once. At the end, makes those visible again that were not deleted."""
    received: dict[str, Letter] = {}
    try:
        yield _receive_all(sqs, queue_url, limit, received)
    finally:
        _return_letters(sqs, queue_url, list(received.values()))


def _receive_all(sqs: "SQSClient", queue_url: str, limit: float, received: dict[str, Letter]) -> Iterator[Letter]:
    while len(received) < limit:
        answer = sqs.receive_message(
            QueueUrl=queue_url,
            MaxNumberOfMessages=int(min(BATCH_SIZE, limit - len(received))),
            WaitTimeSeconds=WAIT_SECONDS,
            VisibilityTimeout=VISIBILITY_SECONDS,
            MessageSystemAttributeNames=["SentTimestamp", "ApproximateReceiveCount"],
        )
        letters = [read_letter(message) for message in answer.get("Messages", [])]
        fresh = [letter for letter in letters if letter.message_id not in received]
        # SQS accepts the latest receipt only.
        received.update((letter.message_id, letter) for letter in letters)
        if not fresh:
            return
        yield from fresh


def _return_letters(sqs: "SQSClient", queue_url: str, received: list[Letter]) -> None:
    for start in range(0, len(received), BATCH_SIZE):
        # A letter that was deleted meanwhile is a failed entry of the answer, not an error.
        sqs.change_message_visibility_batch(
            QueueUrl=queue_url,
            Entries=[
                {"Id": str(number), "ReceiptHandle": letter.receipt, "VisibilityTimeout": 0}
                for number, letter in enumerate(received[start : start + BATCH_SIZE])
            ],
        )
