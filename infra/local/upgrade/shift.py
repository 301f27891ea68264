"""Moves the times of a fixture to today.

Callhook compares times of items and messages with the clock, such as the TTL of an item, or the age of a message with
the retry schedule. They are moved by whole days, so that hours of figures and times of day stay the same.
"""

import datetime
import re

DATE = re.compile(r"(?<!\d)(20\d\d-\d\d-\d\d)(?!\d)")
# Seconds, milliseconds, microseconds.
NUMBER = re.compile(r"(?<![\d.\"A-Fa-f-])(\d{10}|\d{13}|\d{16})(?![\d.A-Fa-f-])")
# A DynamoDB number: {"N": "1795985273"}.
QUOTED_NUMBER = re.compile(r'(?<="N": ")(\d{10}|\d{13}|\d{16})(?=")')
DAY = 24 * 60 * 60
# Dates and numbers are times if they are between these bounds around the recording, up to the longest retention.
MAX_PAST, MAX_FUTURE = datetime.timedelta(days=3), datetime.timedelta(days=400)


def shifted(text: str, recorded_at: datetime.datetime, days: int) -> str:
    """The JSON text of a fixture, with its times moved by `days`."""
    earliest, latest = recorded_at - MAX_PAST, recorded_at + MAX_FUTURE

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
