"""Moves the times of a sample event to now.

The events are of 9 April 2021, 16:27:56 UTC, a second after the end of a call. deliver gives up deliveries that are
older than any retry schedule, and ids of reports and replays hold their time, so functions do little with an event of
that day.
"""

import datetime
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EVENTS = Path(__file__).resolve().parents[2] / "events"
EVENT_TIME = datetime.datetime(2021, 4, 9, 16, 27, 56, tzinfo=datetime.UTC)
MILLISECONDS = re.compile(r"\b16179[0-9]{8}\b")
SECONDS = re.compile(r"\b16179[0-9]{5}\b")
DATE_AND_TIME = re.compile(r"\b2021-04-09[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?![0-9])")
API_GATEWAY_TIME = re.compile(r"\b09/Apr/2021:[0-9]{2}:[0-9]{2}:[0-9]{2}\b")
# The first 48 bits of ids of versions 7 and 8 are milliseconds. This matches those of the events' hour.
ID = re.compile(r"\b0178b7([0-9a-f]{2})-([0-9a-f]{4})(?=-[78][0-9a-f]{3}-)")


@dataclass(frozen=True)
class TimeShift:
    """The seconds by which the times of an event are moved."""

    seconds: int

    @classmethod
    def ago(cls, seconds: int) -> "TimeShift":
        now = datetime.datetime.now(datetime.UTC) - EVENT_TIME
        return cls(int(now.total_seconds()) - seconds)

    def move(self, text: str) -> str:
        """Moves each time in a text."""
        text = MILLISECONDS.sub(lambda found: str(int(found[0]) + self.seconds * 1000), text)
        text = SECONDS.sub(lambda found: str(int(found[0]) + self.seconds), text)
        text = DATE_AND_TIME.sub(lambda found: self._clock(found[0], f"%Y-%m-%d{found[0][10]}%H:%M:%S"), text)
        text = API_GATEWAY_TIME.sub(lambda found: self._clock(found[0], "%d/%b/%Y:%H:%M:%S"), text)
        return ID.sub(self._id, text)

    def event(self, file: str) -> dict[str, Any]:
        """Reads a file of infra/events/ and moves its times."""
        return self.read(EVENTS / file)

    def read(self, file: Path) -> dict[str, Any]:
        """Reads any file with an event and moves its times."""
        event: dict[str, Any] = json.loads(self.move(file.read_text()))
        for record in event.get("Records", []):
            if "md5OfBody" in record:
                record["md5OfBody"] = hashlib.md5(record["body"].encode()).hexdigest()
        return event

    def _clock(self, text: str, form: str) -> str:
        moved = datetime.datetime.strptime(text, form) + datetime.timedelta(seconds=self.seconds)
        return moved.strftime(form)

    def _id(self, found: re.Match[str]) -> str:
        moved = f"{int('0178b7' + found[1] + found[2], 16) + self.seconds * 1000:012x}"
        return f"{moved[:8]}-{moved[8:]}"
