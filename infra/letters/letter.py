"""A dead letter: the parts that an operator may see, and its queue.

It may hold anything, such as phone numbers, and output ends up in terminals and tickets. So a value is shown only if it
has the form that belongs in its field.
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
# The queue of each kind of message, by the stack's output. Letters of other kinds stay in the dead-letter queue.
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
# The field of Lambda's message for a batch of the log's stream on which stats failed (`OnFailure` of its trigger).
# https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
FAILED_STREAM_BATCH = "DDBStreamBatchInfo"
# The functions' messages hold far fewer; a producer's may hold any number.
MAX_SHOWN = 1000
# The limit of Lambda's BatchSize.
MAX_BATCH_SIZE = 10_000
UNITS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


@dataclass(frozen=True)
class Letter:
    message_id: str
    receipt: str
    body: str
    sent_at: float
    """Seconds since 1970 of the first sending; SQS keeps it for a dead letter."""
    received: int
    content: dict[str, Any]
    """The message; of an accepted delivery (`taken`) the delivery, with version and kind."""
    problem: str | None
    """The reason why no function can read it; None if one can."""

    @property
    def account_id(self) -> str:
        return _matching(self.content.get("account_id"), ACCOUNT)

    @property
    def queue(self) -> str | None:
        """The stack's output with its queue; None if no function can read it."""
        return None if self.problem else QUEUES[self.content["kind"]]

    def lines(self) -> Iterator[str]:
        """The lines that describe the letter: one, and one for each report of a batch."""
        yield self.line()
        if self.problem or self.content["kind"] != "reports":
            return
        for report_id, webhooks in self.reports():
            named = f"  names webhook {', '.join(webhooks)}" if webhooks else ""
            yield f"    report {report_id}{named}"

    def reports(self) -> Iterator[tuple[str, list[str]]]:
        """The ids of its reports, each with the ids of its webhooks; `?` for an id of another form."""
        if self.problem:
            return
        content = self.content
        if content["kind"] in ("delivery", "taken"):
            yield _matching(content.get("report_id"), ID), _ids([content.get("webhook_id")])
        elif content["kind"] == "erase_report":
            yield _matching(content.get("report_id"), ID), []
        elif content["kind"] == "reports":
            for accepted in _list(content.get("reports"))[:MAX_SHOWN]:
                report = _dict(_dict(accepted).get("report"))
                named = _ids([report.get("webhook_id"), *_list(report.get("webhook_ids"))[:MAX_SHOWN]])
                yield _matching(_dict(accepted).get("id"), ID), named

    def contains(self, report_id: str) -> bool:
        """Whether it is about the report. An unreadable letter is searched as text."""
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
        return self.problem if FAILED_STREAM_BATCH in self.content else f"cannot be read: {self.problem}"


def read_letter(message: "MessageTypeDef") -> Letter:
    """Reads a message of ReceiveMessage with the attributes SentTimestamp and ApproximateReceiveCount."""
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
    if isinstance(batch := content.get(FAILED_STREAM_BATCH), dict):
        count = batch.get("batchSize")
        count = count if type(count) is int and 0 <= count <= MAX_BATCH_SIZE else "?"
        return content, f"stats failed on {count} changes of the log"
    version, kind = content.get("v"), content.get("kind")
    if type(version) is not int or version != VERSION:
        small = type(version) is int and 0 <= version < 1000
        return content, f"version {version}" if small else "no version"
    if not isinstance(kind, str) or kind not in QUEUES:
        shown = _matching(kind, KIND)
        return content, "no kind" if shown == "?" else f"unknown kind {shown}"
    if kind == "taken":
        content = {**_dict(content.get("delivery")), "v": version, "kind": kind}
    if _matching(content.get("account_id"), ACCOUNT) == "?":
        return content, "no account"
    return content, None


def _summary(letter: Letter) -> str:
    content = letter.content
    start = f"{content['kind']} v{content['v']}  account {letter.account_id}  "
    if content["kind"] in ("reports", "delivery", "taken"):
        start += f"accepted {_time(content.get('received_at'))}  "
    if content["kind"] in ("delivery", "taken"):
        return (
            start
            + f"webhook {_matching(content.get('webhook_id'), ID)} report {_matching(content.get('report_id'), ID)}"
        )
    if content["kind"] == "erase_account":
        return start.rstrip()
    if content["kind"] == "erase_report":
        return start + f"report {_matching(content.get('report_id'), ID)}"
    if content["kind"] == "replay":
        return (
            start
            + f"webhook {_matching(content.get('webhook_id'), ID)} replay {_matching(content.get('replay_id'), ID)}"
        )
    reports = content.get("reports")
    return start + f"{len(reports) if isinstance(reports, list) else '?'} reports"


def _time(milliseconds: object) -> str:
    """Formats milliseconds since 1970."""
    # Years 1970 to 9999; `type`, as True is an int.
    if type(milliseconds) is not int or not 0 <= milliseconds < 253_402_300_800_000:
        return "?"
    return datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _ids(values: list[Any]) -> list[str]:
    """The values that have the form of an id, each once."""
    return list(dict.fromkeys(value for value in values if _matching(value, ID) != "?"))


def _matching(value: object, form: re.Pattern[str]) -> str:
    return value if isinstance(value, str) and form.fullmatch(value) else "?"


def _age(seconds: float) -> str:
    for unit, size in UNITS:
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return "0 s"
