"""A redrive where SQS has none: receive, send to the queue it belongs to, and delete once that is confirmed.

A crash in between leaves a message in both queues, never in none; deliver's log keeps it from being delivered twice.
"""

import time
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from letters.letter import Letter
from letters.look import held_letters

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def move(
    sqs: "SQSClient", queues: dict[str, str], dead_letters_url: str, dry_run: bool, say: Callable[[str], None]
) -> None:
    """`queues` are the URLs by the names of outputs."""
    started = time.time()
    moved, stayed = Counter[str](), Counter[str]()
    with held_letters(sqs, dead_letters_url) as letters:
        for letter in letters:
            # One that fails again while this runs must not go round and round.
            problem = letter.problem or ("came in meanwhile" if letter.sent_at > started else None)
            queue = letter.queue
            if problem or queue is None:
                stayed[problem or "no queue"] += 1
                continue
            if not dry_run:
                _move(sqs, letter, queues[queue], dead_letters_url)
            moved[queue.removesuffix("QueueUrl")] += 1
    for queue, count in moved.items():
        say(f"{count} {'would be moved' if dry_run else 'moved'} to {queue}")
    for problem, count in stayed.items():
        say(f"{count} {'would stay' if dry_run else 'stayed'}: {problem}")
    if not moved and not stayed:
        say("There are no dead letters.")


def _move(sqs: "SQSClient", letter: Letter, queue_url: str, dead_letters_url: str) -> None:
    # As it is, not as JSON read and written again: numbers would lose digits.
    sqs.send_message(QueueUrl=queue_url, MessageBody=letter.body, MessageGroupId=letter.account_id)
    sqs.delete_message(QueueUrl=dead_letters_url, ReceiptHandle=letter.receipt)
