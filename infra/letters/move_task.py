"""The redrive of SQS itself: each message goes back to the queue that it came from."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import botocore.exceptions
from deployed import Refused

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import ListMessageMoveTasksResultEntryTypeDef

SECONDS_BETWEEN_LOOKS = 2
UNKNOWN_CALL = ("InvalidAction", "UnknownOperationException")
UNDER_WAY = ("RUNNING", "CANCELLING")


def is_known(sqs: "SQSClient", queue_arn: str) -> bool:
    """Whether this SQS has move tasks; the local cloud's has none."""
    try:
        _latest(sqs, queue_arn)
    except botocore.exceptions.ClientError as error:
        if error.response["Error"]["Code"] in UNKNOWN_CALL:
            return False
        raise
    return True


def move(sqs: "SQSClient", queue_arn: str, say: Callable[[str], None]) -> None:
    """Starts a task, or finds the one that is under way, and follows it to its end."""
    earlier = _latest(sqs, queue_arn)
    if earlier and earlier["Status"] in UNDER_WAY:
        say("Messages are being moved already.")
        earlier = None
    else:
        sqs.start_message_move_task(SourceArn=queue_arn)
    # The list may be a moment behind and still end with the task before.
    while (task := _latest(sqs, queue_arn)) in (None, earlier) or task["Status"] in UNDER_WAY:
        if task and task != earlier:
            say(f"{_moved(task)} moved so far")
        time.sleep(SECONDS_BETWEEN_LOOKS)
    if task["Status"] != "COMPLETED":
        reason = task.get("FailureReason", "no reason given")
        raise Refused(f"The move ended as {task['Status']} ({reason}), {_moved(task)} moved.")
    say(f"{_moved(task)} moved back to the queues they came from.")


def _latest(sqs: "SQSClient", queue_arn: str) -> "ListMessageMoveTasksResultEntryTypeDef | None":
    """Tasks are listed from the latest on."""
    results = sqs.list_message_move_tasks(SourceArn=queue_arn, MaxResults=1).get("Results", [])
    return results[0] if results else None


def _moved(task: "ListMessageMoveTasksResultEntryTypeDef") -> str:
    moved, of = task.get("ApproximateNumberOfMessagesMoved", 0), task.get("ApproximateNumberOfMessagesToMove")
    return f"{moved} messages" if of is None else f"{moved} of {of} messages"
