"""A client's receiver: takes what is delivered, shows it and remembers it."""

import queue
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from local.say import say
from local.settings import HOST


@dataclass(frozen=True)
class Received:
    method: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """Listens on a free port while it is used as a context manager, and answers 200 to everything."""

    def __init__(self):
        self.received: queue.Queue[Received] = queue.Queue()
        self._server = ThreadingHTTPServer((HOST, 0), _handler(self.received))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._server.server_address[1]}/hook"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


def _handler(received: queue.Queue):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Otherwise the answer waits for the client's acknowledgement of its own headers.
        disable_nagle_algorithm = True

        def take(self):
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            received.put(Received(self.command, headers, body))
            _show(self.command, self.path, headers, body)
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        do_POST = do_PUT = do_GET = take

        def log_message(self, *_):
            pass

    return Handler


def _show(method: str, path: str, headers: dict, body: bytes) -> None:
    lines = [f"  ▸ the receiver got {method} {path}"]
    lines += [f"      {name}: {value}" for name, value in headers.items() if name.startswith(("webhook-", "content-type"))]
    lines += [f"      {body.decode(errors='replace')}"]
    say("\n".join(lines))
