"""A receiver that accepts all requests, prints them, and keeps them for the check."""

import queue
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from local.say import say
from local.settings import HOST, Settings
from local.user_error import UserError

USUAL_PORT = 9000


@dataclass(frozen=True)
class Received:
    method: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """Answers 200 to all requests, as a context manager. It listens on the same port in each run."""

    def __init__(self, settings: Settings, show: bool = True) -> None:
        """`show` tells whether to print each request."""
        self.received: queue.Queue[Received] = queue.Queue()
        self._host = settings.bridge or HOST
        self._server = _listen(settings, self._host, _handler(self.received, show))
        self._server.daemon_threads = True
        settings.receiver_port_file.write_text(str(self._server.server_address[1]))

    @property
    def base_url(self) -> str:
        return f"http://{self._host}:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        """The URL of the demo's webhook."""
        return f"{self.base_url}/hook"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _listen(settings: Settings, host: str, handler: type[BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
    if settings.receiver_port is not None:
        try:
            return ThreadingHTTPServer((host, settings.receiver_port), handler)
        except OSError as error:
            raise UserError(
                f"The receiver cannot listen on port {settings.receiver_port} ({error.strerror}): "
                "choose another one with RECEIVER_PORT=<port>."
            ) from error
    for port in (_port_of_last_start(settings), USUAL_PORT):
        try:
            return ThreadingHTTPServer((host, port), handler)
        except OSError:
            continue
    return ThreadingHTTPServer((host, 0), handler)


def _port_of_last_start(settings: Settings) -> int:
    try:
        return int(settings.receiver_port_file.read_text())
    except (FileNotFoundError, ValueError):
        return USUAL_PORT


def _handler(received: queue.Queue[Received], show: bool) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # With Nagle's algorithm the body of a response waits for the acknowledgement of its headers.
        disable_nagle_algorithm = True

        def accept(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            received.put(Received(self.command, headers, body))
            if show:
                _show(self.command, self.path, headers, body)
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        do_POST = do_PUT = do_GET = accept

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _show(method: str, path: str, headers: dict[str, str], body: bytes) -> None:
    lines = [f"  ▸ the receiver got {method} {path}"]
    shown = ("authorization", "content-type", "webhook-")
    lines += [f"      {name}: {value}" for name, value in headers.items() if name.startswith(shown)]
    lines += [f"      {body.decode(errors='replace')}"]
    say("\n".join(lines))
