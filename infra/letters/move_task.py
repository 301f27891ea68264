"""The redrive of SQS, a message move task: moves each message back to the queue that it came from."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import botocore.exceptions

from deployed import CommandError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import ListMessageMoveTasksResultEntryTypeDef

SECONDS_BETWEEN_POLLS = 2
UNSUPPORTED_CODES = ("InvalidAction", "UnknownOperationException")
IN_PROGRESS = ("RUNNING", "CANCELLING")


def is_supported(sqs: "SQSClient", queue_arn: str) -> bool:
    """Whether this SQS has move tasks; the local cloud has none."""
    try:
        _latest(sqs, queue_arn)
    except botocore.exceptions.ClientError as error:
        if error.response["Error"]["Code"] in UNSUPPORTED_CODES:
            return False
        raise
    return True


def move(sqs: "SQSClient", queue_arn: str, say: Callable[[str], None]) -> None:
    """Starts a task, unless one is in progress, and waits until it ends."""
    earlier = _latest(sqs, queue_arn)
    if earlier and earlier["Status"] in IN_PROGRESS:
        say("Messages are being moved already.")
        earlier = None
    else:
        sqs.start_message_move_task(SourceArn=queue_arn)
    # The list is eventually consistent: it may still begin with the previous task.
    while (task := _latest(sqs, queue_arn)) in (None, earlier) or task["Status"] in IN_PROGRESS:
        if task and task != earlier:
            say(f"{_moved(task)} moved so far")
        time.sleep(SECONDS_BETWEEN_POLLS)
    if task["Status"] != "COMPLETED":
        reason = task.get("FailureReason", "no reason given")
        raise CommandError(f"The move ended as {task['Status']} ({reason}), {_moved(task)} moved.")
    say(f"{_moved(task)} moved back to the queues they came from.")


def _latest(sqs: "SQSClient", queue_arn: str) -> "ListMessageMoveTasksResultEntryTypeDef | None":
    """The latest task; SQS lists the latest first."""
    results = sqs.list_message_move_tasks(SourceArn=queue_arn, MaxResults=1).get("Results", [])
    return results[0] if results else None


def _moved(task: "ListMessageMoveTasksResultEntryTypeDef") -> str:
    moved, of = task.get("ApproximateNumberOfMessagesMoved", 0), task.get("ApproximateNumberOfMessagesToMove")
    return f"{moved} messages" if of is None else f"{moved} of {of} messages"
