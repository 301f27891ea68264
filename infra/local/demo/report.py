"""The documented report of an outbound dialer (OBD) call, and the body of its delivery."""

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
    """The report to post. Its id makes it a new report, since a webhook gets the same report only once."""
    return {"id": report_id, **REPORT, "webhook_id": webhook_id}


def delivered(webhook_id: str) -> bytes:
    """The default payload: these fields in this order with these types, without spaces."""
    return json.dumps({**REPORT, "webhook_id": webhook_id}, separators=(",", ":")).encode()
