"""A stable base URL of the API, such as `http://localhost:8080`.

MiniStack serves an HTTP API by host name, `{api id}.execute-api.localhost`, and each stack has a new id. Requests to
the API port get that host name here.
"""

import json
from pathlib import Path

from local.asgi import App, Receive, Scope, Send

NOT_DEPLOYED = json.dumps(
    {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "The stack is being deployed: try again in a few seconds.",
    }
).encode()


class FrontDoor:
    """An ASGI application in front of MiniStack's."""

    def __init__(self, cloud: App, api_port: int, gateway_port: int, api_id_file: Path) -> None:
        self._cloud = cloud
        self._api_port = api_port
        self._gateway_port = gateway_port
        self._api_id_file = api_id_file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["server"][1] != self._api_port:
            await self._cloud(scope, receive, send)
            return
        try:
            api_id = self._api_id_file.read_text()
        except FileNotFoundError:
            await _answer_503(send)
            return
        host = f"{api_id}.execute-api.localhost:{self._gateway_port}".encode()
        headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"host"]
        await self._cloud({**scope, "headers": [(b"host", host), *headers]}, receive, send)


async def _answer_503(send: Send) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": 503,
            "headers": [(b"content-type", b"application/problem+json")],
        }
    )
    await send({"type": "http.response.body", "body": NOT_DEPLOYED})
