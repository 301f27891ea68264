"""The documented report of an outbound dialer (OBD) call, and the bytes that its webhook must get."""

import json
from typing import Any

REPORT = {
    "bridge": 918068280000,
    "from": 918919520000,
    "to": 918867130000,
    "source": "OBD",
    "mid": "1234-1333-00001",
    "flow_id": 123,
    "start_at": "2021-04-09 16:27:39",
    "end_at": "2021-04-09 16:27:55",
    "duration": "23",
    "status": "ANSWER",
    "recording_url": "https://recordings.example.com/a.mp3",
}


def posted(report_id: str, webhook_id: str) -> dict[str, Any]:
    """What is posted. The id makes it a report of its own: the same report is delivered to a webhook only once."""
    return {"id": report_id, **REPORT, "webhook_id": webhook_id}


def delivered(webhook_id: str) -> bytes:
    """The default payload: these fields in this order with these types, and no space between them."""
    return json.dumps({**REPORT, "webhook_id": webhook_id}, separators=(",", ":")).encode()
