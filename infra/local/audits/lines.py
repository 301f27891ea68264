"""What was logged on a cloud: the lines of its functions, and those of the cloud itself.

MiniStack keeps what a function writes in CloudWatch Logs only, one stream for each invocation; its own lines are in the
cloud's log."""

from dataclasses import dataclass

import boto3

from local.aws import session
from local.settings import STACK, Settings

GROUPS = "/aws/lambda/"
CLOUD = "the local cloud"


@dataclass(frozen=True)
class Line:
    source: str
    """The function, by the last word of its name, or the cloud."""
    text: str
    invocation: str = ""
    """What the lines of one invocation share: MiniStack's stream."""

    @property
    def is_of_a_function(self) -> bool:
        return self.source != CLOUD


def read_lines(settings: Settings) -> list[Line]:
    lines = [Line(CLOUD, text) for text in settings.log.read_text(errors="replace").splitlines()]
    return lines + function_lines(session(settings).client("logs", endpoint_url=settings.endpoint))


def function_lines(logs: boto3.session.Session.client) -> list[Line]:
    lines = []
    for page in logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=GROUPS):
        for group in page["logGroups"]:
            name = group["logGroupName"]
            function = name.removeprefix(f"{GROUPS}{STACK}-")
            for events in logs.get_paginator("filter_log_events").paginate(logGroupName=name):
                lines += [
                    Line(function, event["message"], event.get("logStreamName", ""))
                    for event in events["events"]
                    if not _is_of_the_platform(event)
                ]
    return lines


def _is_of_the_platform(event: dict) -> bool:
    """MiniStack adds the lines that AWS adds to every invocation."""
    return event["message"].startswith(("START RequestId: ", "END RequestId: ", "REPORT RequestId: "))
