"""Requests over this machine's loopback count as made by TLS.

The policies of queues and of the topic refuse what is not, and MiniStack enforces that, but the local cloud speaks
plain http, which nobody else hears. A request that says itself how it was made, `X-Forwarded-Proto: http`, is refused,
so that a test can see that the policies are in force.
"""

from local.asgi import App, Receive, Scope, Send


def as_if_by_tls(cloud: App) -> App:
    """An ASGI application in front of MiniStack's, which goes by the scheme when the request has no such header."""

    async def forward(scope: Scope, receive: Receive, send: Send) -> None:
        await cloud({**scope, "scheme": "https"} if scope["type"] == "http" else scope, receive, send)

    return forward
