"""A redrive without move tasks: receives each dead letter, sends it to its queue, and then deletes it.

A crash in between leaves a message in both queues, never in none. Deliver's log prevents a second delivery.
"""

import time
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from letters.letter import Letter
from letters.peek import peek_letters

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def move(
    sqs: "SQSClient", queues: dict[str, str], dead_letters_url: str, dry_run: bool, say: Callable[[str], None]
) -> None:
    """Moves all readable dead letters. `queues` gives the URL of a queue by the name of the stack's output."""
    started = time.time()
    moved, skipped = Counter[str](), Counter[str]()
    with peek_letters(sqs, dead_letters_url) as letters:
        for letter in letters:
            # A letter that fails again while this runs would be moved for ever.
            problem = letter.problem or ("arrived during the redrive" if letter.sent_at > started else None)
            queue = letter.queue
            if problem or queue is None:
                skipped[problem or "no queue"] += 1
                continue
            if not dry_run:
                _move(sqs, letter, queues[queue], dead_letters_url)
            moved[queue.removesuffix("QueueUrl")] += 1
    for queue, count in moved.items():
        say(f"{count} {'would be moved' if dry_run else 'moved'} to {queue}")
    for problem, count in skipped.items():
        say(f"{count} {'would stay' if dry_run else 'stayed'}: {problem}")
    if not moved and not skipped:
        say("There are no dead letters.")


def _move(sqs: "SQSClient", letter: Letter, queue_url: str, dead_letters_url: str) -> None:
    # The original text: numbers would lose digits if the JSON were parsed and written again.
    sqs.send_message(QueueUrl=queue_url, MessageBody=letter.body, MessageGroupId=letter.account_id)
    sqs.delete_message(QueueUrl=dead_letters_url, ReceiptHandle=letter.receipt)
