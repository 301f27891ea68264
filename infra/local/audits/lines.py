"""Reads the log lines of a cloud and its functions.

MiniStack writes the lines of functions to CloudWatch Logs only, a stream for each invocation, and its own lines to the
cloud's log.
"""

from collections import Counter
from dataclasses import dataclass

from botocore.client import BaseClient

from local.aws import session
from local.settings import STACK, Settings

GROUPS = "/aws/lambda/"
CLOUD = "the local cloud"
START = "START RequestId: "


@dataclass(frozen=True)
class Line:
    source: str
    """The function, by the last word of its name, or the cloud."""
    text: str

    @property
    def is_of_a_function(self) -> bool:
        return self.source != CLOUD


def read_lines(settings: Settings) -> list[Line]:
    lines = [Line(CLOUD, text) for text in settings.log.read_text(errors="replace").splitlines()]
    return lines + function_lines(session(settings).client("logs", endpoint_url=settings.endpoint))


def function_lines(logs: BaseClient) -> list[Line]:
    return [
        line for line in _all_lines(logs) if not line.text.startswith((START, "END RequestId: ", "REPORT RequestId: "))
    ]


def invocations(logs: BaseClient) -> Counter[str]:
    """Counts the invocations of each function."""
    return Counter(line.source for line in _all_lines(logs) if line.text.startswith(START))


def _all_lines(logs: BaseClient) -> list[Line]:
    """All lines, with those that MiniStack adds to each invocation, as AWS does."""
    lines = []
    for page in logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=GROUPS):
        for group in page["logGroups"]:
            name = group["logGroupName"]
            function = name.removeprefix(f"{GROUPS}{STACK}-")
            for events in logs.get_paginator("filter_log_events").paginate(logGroupName=name):
                lines += [Line(function, event["message"]) for event in events["events"]]
    return lines
