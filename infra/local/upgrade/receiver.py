"""A receiver that answers 500 to /fails, 410 to /gone, and 200 to all else, or 200 to all requests."""

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from local.settings import HOST

ANSWERS = {"/fails": 500, "/gone": 410}


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    def __init__(self, accepts_everything: bool = False) -> None:
        self.requests: list[Request] = []
        requests, answers = self.requests, {} if accepts_everything else ANSWERS

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                requests.append(Request(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(answers.get(self.path.partition("?")[0], 200))
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer((HOST, 0), Handler)
        self._server.daemon_threads = True

    @property
    def base_url(self) -> str:
        return f"http://{HOST}:{self._server.server_address[1]}"

    def got(self, report: str, path: str) -> list[Request]:
        """The requests with a report for a path."""
        return [r for r in self.requests if r.headers.get("webhook-id") == report and r.path.partition("?")[0] == path]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
