"""Times of a fixture, moved as if it was recorded now.

Items and messages hold times that Callhook compares with the clock: an item that DynamoDB may delete, a message that is too old for any
retry schedule. A fixture is moved by whole days, so that hours of figures and parts of the day stay as they are.
"""

import datetime
import re

DATE = re.compile(r"(?<!\d)(20\d\d-\d\d-\d\d)(?!\d)")
# Seconds, milliseconds, microseconds.
NUMBER = re.compile(r"(?<![\d.\"A-Fa-f-])(\d{10}|\d{13}|\d{16})(?![\d.A-Fa-f-])")
# A DynamoDB number: {"N": "1795985273"}.
QUOTED_NUMBER = re.compile(r'(?<="N": ")(\d{10}|\d{13}|\d{16})(?=")')
DAY = 24 * 60 * 60
# Which dates and numbers are times: those about the recording, and ends up to the longest retention.
BEFORE, AFTER = datetime.timedelta(days=3), datetime.timedelta(days=400)


def shifted(text: str, recorded_at: datetime.datetime, days: int) -> str:
    """A JSON text of a fixture, `days` later."""
    earliest, latest = recorded_at - BEFORE, recorded_at + AFTER

    def date(found: re.Match[str]) -> str:
        day = datetime.date.fromisoformat(found[1])
        if not earliest.date() <= day <= latest.date():
            return str(found[0])
        return str(day + datetime.timedelta(days=days))

    def number(found: re.Match[str]) -> str:
        unit = 10 ** (len(found[1]) - 10)
        if not earliest.timestamp() <= int(found[1]) / unit <= latest.timestamp():
            return str(found[0])
        return str(int(found[1]) + days * DAY * unit)

    return QUOTED_NUMBER.sub(number, NUMBER.sub(number, DATE.sub(date, text)))
