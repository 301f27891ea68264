"""Looking at the dead letters without taking any away, for which SQS has no call of its own."""

import contextlib
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from letters.letter import Letter, read_letter

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

SECONDS_TO_WAIT = 2
# Long enough that few are seen twice in a look, and short if a look was killed and could not give them back.
SECONDS_TO_HIDE = 120
BATCH = 10


@contextlib.contextmanager
def held_letters(sqs: "SQSClient", queue_url: str, most: float = math.inf) -> Iterator[Iterator[Letter]]:
    """Yields them one by one, each once, and at the end gives back those that have not been deleted."""
    held: dict[str, Letter] = {}
    try:
        yield _received(sqs, queue_url, most, held)
    finally:
        _give_back(sqs, queue_url, list(held.values()))


def _received(sqs: "SQSClient", queue_url: str, most: float, held: dict[str, Letter]) -> Iterator[Letter]:
    while len(held) < most:
        answer = sqs.receive_message(
            QueueUrl=queue_url,
            MaxNumberOfMessages=int(min(BATCH, most - len(held))),
            WaitTimeSeconds=SECONDS_TO_WAIT,
            VisibilityTimeout=SECONDS_TO_HIDE,
            MessageSystemAttributeNames=["SentTimestamp", "ApproximateReceiveCount"],
        )
        letters = [read_letter(message) for message in answer.get("Messages", [])]
        fresh = [letter for letter in letters if letter.message_id not in held]
        # The latest receipt is the one that counts.
        held.update((letter.message_id, letter) for letter in letters)
        if not fresh:
            return
        yield from fresh


def _give_back(sqs: "SQSClient", queue_url: str, held: list[Letter]) -> None:
    for start in range(0, len(held), BATCH):
        # What was deleted meanwhile is a failed entry of the answer, and no error.
        sqs.change_message_visibility_batch(
            QueueUrl=queue_url,
            Entries=[
                {"Id": str(number), "ReceiptHandle": letter.receipt, "VisibilityTimeout": 0}
                for number, letter in enumerate(held[start : start + BATCH])
            ],
        )
