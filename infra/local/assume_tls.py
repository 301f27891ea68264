"""Treats requests as made by TLS.

The policies of queues and of the topic refuse other requests, and MiniStack enforces them, but the local cloud serves
plain HTTP, on the loopback interface. MiniStack still refuses a request with `X-Forwarded-Proto: http`, so that a test
can check the policies.
"""

from local.asgi import App, Receive, Scope, Send


def assume_tls(cloud: App) -> App:
    """Wraps MiniStack's ASGI application, which uses the scheme of a request without that header."""

    async def forward(scope: Scope, receive: Receive, send: Send) -> None:
        await cloud({**scope, "scheme": "https"} if scope["type"] == "http" else scope, receive, send)

    return forward
