import asyncio
import tempfile
import unittest
from pathlib import Path

from local.asgi import Message, Receive, Scope, Send
from local.front_door import FrontDoor

API_PORT, GATEWAY_PORT = 8080, 4566


def host_seen_by_the_cloud(port: int, api_id: str | None) -> bytes | None:
    """The host header that the cloud gets; None if the front door answers itself."""
    seen: list[bytes] = []
    sent: list[Message] = []

    async def cloud(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.extend(value for name, value in scope["headers"] if name == b"host")

    async def receive() -> Message:
        raise AssertionError("the front door reads no body")

    async def send(message: Message) -> None:
        sent.append(message)

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "api-id"
        if api_id is not None:
            file.write_text(api_id)
        scope = {"type": "http", "server": ("127.0.0.1", port), "headers": [(b"host", b"localhost"), (b"x", b"y")]}
        asyncio.run(FrontDoor(cloud, API_PORT, GATEWAY_PORT, file)(scope, receive, send))
    if sent:
        assert sent[0]["status"] == 503, sent
        return None
    return b",".join(seen)


class Hosts(unittest.TestCase):
    def test_the_api_port_leads_to_the_deployed_api(self) -> None:
        self.assertEqual(host_seen_by_the_cloud(API_PORT, "abcd1234"), b"abcd1234.execute-api.localhost:4566")

    def test_requests_to_the_gateway_port_are_unchanged(self) -> None:
        self.assertEqual(host_seen_by_the_cloud(GATEWAY_PORT, "abcd1234"), b"localhost")

    def test_before_the_deployment_the_api_is_unavailable(self) -> None:
        self.assertIsNone(host_seen_by_the_cloud(API_PORT, None))
