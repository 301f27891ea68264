"""A dead letter: what an operator may see of it, and the queue that it belongs to.

It may hold anything, phone numbers for one, and what is shown ends in terminals and tickets. So nothing of it is shown
that has not the form of what it should be.
"""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

VERSION = 1
# The queue of each kind of message, by the stack's output. A kind that is missing here stays among the dead letters.
QUEUES = {
    "reports": "ReportsQueueUrl",
    "submitted_reports": "ReportsQueueUrl",
    "delivery": "RetriesQueueUrl",
    "taken": "RetriesQueueUrl",
    "replay": "ReplaysQueueUrl",
    "erase_report": "ErasuresQueueUrl",
    "erase_account": "ErasuresQueueUrl",
}

ACCOUNT = re.compile(r"[A-Za-z0-9_-]{1,64}")
KIND = re.compile(r"[a-z_]{1,32}")
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Lambda names a batch of changes by this that stats has given up (`OnFailure` of its trigger).
# https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
BATCH_OF_STATS = "DDBStreamBatchInfo"
# A message holds far fewer; what was sent by others than the functions may hold anything.
MOST_SHOWN = 1000
# The most that a trigger may hand over at once.
MOST_CHANGES = 10_000
UNITS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


@dataclass(frozen=True)
class Letter:
    message_id: str
    receipt: str
    body: str
    sent_at: float
    """Seconds since 1970; SQS leaves it as it was when the message became a dead letter."""
    received: int
    content: dict[str, Any]
    """What it says, but for version and kind; of a delivery that was taken, the delivery."""
    problem: str | None
    """Why no function can read it; None if one can."""

    @property
    def account_id(self) -> str:
        return _formed(self.content.get("account_id"), ACCOUNT)

    @property
    def queue(self) -> str | None:
        """The output with the queue it belongs to, if it can be worked on."""
        return None if self.problem else QUEUES[self.content["kind"]]

    def lines(self) -> Iterator[str]:
        """The letter, and of several reports each in a line of its own."""
        yield self.line()
        if self.problem or self.content["kind"] != "reports":
            return
        for report_id, webhooks in self.reports():
            named = f"  names webhook {', '.join(webhooks)}" if webhooks else ""
            yield f"    report {report_id}{named}"

    def reports(self) -> Iterator[tuple[str, list[str]]]:
        """The ids of its reports, each with the webhooks that it goes to or names; for those of a form alone."""
        if self.problem:
            return
        content = self.content
        if content["kind"] in ("delivery", "taken"):
            yield _formed(content.get("report_id"), ID), _ids([content.get("webhook_id")])
        elif content["kind"] == "erase_report":
            yield _formed(content.get("report_id"), ID), []
        elif content["kind"] == "reports":
            for accepted in _list(content.get("reports"))[:MOST_SHOWN]:
                report = _dict(_dict(accepted).get("report"))
                named = _ids([report.get("webhook_id"), *_list(report.get("webhook_ids"))[:MOST_SHOWN]])
                yield _formed(_dict(accepted).get("id"), ID), named

    def holds(self, report_id: str) -> bool:
        """Whether it is about the report. One that cannot be read is searched as text."""
        if self.problem:
            return report_id in self.body
        return any(found == report_id for found, _ in self.reports())

    def line(self) -> str:
        return "  ".join([
            self.message_id,
            f"{_age(time.time() - self.sent_at):>6}",
            f"received {self.received:>2}",
            self._outcome(),
        ])  # fmt: skip

    def _outcome(self) -> str:
        if not self.problem:
            return _summary(self)
        return self.problem if BATCH_OF_STATS in self.content else f"cannot be read: {self.problem}"


def read_letter(message: "MessageTypeDef") -> Letter:
    """From a message as ReceiveMessage gives it with SentTimestamp and ApproximateReceiveCount."""
    content, problem = _read(message["Body"])
    return Letter(
        message_id=message["MessageId"],
        receipt=message["ReceiptHandle"],
        body=message["Body"],
        sent_at=int(message["Attributes"]["SentTimestamp"]) / 1000,
        received=int(message["Attributes"]["ApproximateReceiveCount"]),
        content=content,
        problem=problem,
    )


def _read(body: str) -> tuple[dict[str, Any], str | None]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}, "no JSON"
    if not isinstance(content, dict):
        return {}, "no message"
    if isinstance(batch := content.get(BATCH_OF_STATS), dict):
        count = batch.get("batchSize")
        count = count if type(count) is int and 0 <= count <= MOST_CHANGES else "?"
        return content, f"stats gave up {count} changes of the log"
    version, kind = content.get("v"), content.get("kind")
    if type(version) is not int or version != VERSION:
        small = type(version) is int and 0 <= version < 1000
        return content, f"version {version}" if small else "no version"
    if not isinstance(kind, str) or kind not in QUEUES:
        shown = _formed(kind, KIND)
        return content, "no kind" if shown == "?" else f"unknown kind {shown}"
    if kind == "taken":
        content = {**_dict(content.get("delivery")), "v": version, "kind": kind}
    if _formed(content.get("account_id"), ACCOUNT) == "?":
        return content, "no account"
    return content, None


def _summary(letter: Letter) -> str:
    content = letter.content
    start = f"{content['kind']} v{content['v']}  account {letter.account_id}  "
    if content["kind"] in ("reports", "delivery", "taken"):
        start += f"accepted {_time(content.get('received_at'))}  "
    if content["kind"] in ("delivery", "taken"):
        return (
            start + f"webhook {_formed(content.get('webhook_id'), ID)} report {_formed(content.get('report_id'), ID)}"
        )
    if content["kind"] == "erase_account":
        return start.rstrip()
    if content["kind"] == "erase_report":
        return start + f"report {_formed(content.get('report_id'), ID)}"
    if content["kind"] == "replay":
        return (
            start + f"webhook {_formed(content.get('webhook_id'), ID)} replay {_formed(content.get('replay_id'), ID)}"
        )
    reports = content.get("reports")
    return start + f"{len(reports) if isinstance(reports, list) else '?'} reports"


def _time(milliseconds: object) -> str:
    """The time that a message writes in milliseconds since 1970."""
    # Years 1970 to 9999; `type`, as True is an int.
    if type(milliseconds) is not int or not 0 <= milliseconds < 253_402_300_800_000:
        return "?"
    return datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _ids(values: list[Any]) -> list[str]:
    """Those that have the form of an id, each once."""
    return list(dict.fromkeys(value for value in values if _formed(value, ID) != "?"))


def _formed(value: object, form: re.Pattern[str]) -> str:
    return value if isinstance(value, str) and form.fullmatch(value) else "?"


def _age(seconds: float) -> str:
    for unit, size in UNITS:
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return "0 s"
