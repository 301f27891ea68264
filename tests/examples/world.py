"""Support of the tests of the examples: an account, running programs, and an API that refuses first."""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
RECEIVERS = ("receiver.py", "receiver.mjs")
INTERPRETERS = {".py": [sys.executable, "-W", "error"], ".mjs": ["node"], ".sh": ["sh"]}
SOON = 20
"""The deadline of every step, in seconds."""


def new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


@dataclass(frozen=True)
class CallerResult:
    """The result of a run of a caller."""

    code: int
    output: str
    errors: str

    @property
    def answer(self) -> dict:
        """The last answer of Callhook that the caller printed. curl prints those before a retry as well."""
        return json.loads(self.output[self.output.rindex("{") :])


def submit(caller: str, environment: dict[str, str], call_id: str) -> CallerResult:
    path = EXAMPLES / "callers" / caller
    done = subprocess.run(
        [*INTERPRETERS[path.suffix], path, call_id],
        env={**os.environ, **environment}, capture_output=True, text=True, timeout=SOON, check=False,
    )  # fmt: skip
    return CallerResult(done.returncode, done.stdout, done.stderr)


def call(method: str, url: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
    """Sends a request; returns the status and the body of the answer."""
    request = urllib.request.Request(url, method=method, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=SOON) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def post(url: str, headers: dict[str, str], body: bytes) -> int:
    """Sends a request to a receiver; returns the status."""
    return call("POST", url, body, headers)[0]


def signed(secret: str, webhook_id: str, body: bytes, seconds_ago: int = 0) -> dict[str, str]:
    """The headers of a request that Callhook signed this long ago (Standard Webhooks 1.0)."""
    sent_at = str(int(time.time()) - seconds_ago)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{webhook_id}.{sent_at}.".encode() + body, hashlib.sha256)
    signature = "v1," + base64.b64encode(mac.digest()).decode()
    return {"webhook-id": webhook_id, "webhook-timestamp": sent_at, "webhook-signature": signature}


class Account:
    """A new account of the local cloud."""

    def __init__(self) -> None:
        self.url = os.environ["CALLHOOK_URL"]
        platform = os.environ["CALLHOOK_PLATFORM_KEY"]
        self.id = self._expect(201, "POST", "/v1/accounts", {"name": "Examples"}, platform)["id"]
        scopes = ["reports:write", "webhooks:write", "webhooks:read", "deliveries:read"]
        self.key = self._new_key(scopes, platform)
        self.reading_key = self._new_key(["deliveries:read"], platform)

    @property
    def environment(self) -> dict[str, str]:
        """The variables that callers read."""
        return {"URL": self.url, "KEY": self.key}

    def subscribed_webhook(self, url: str, secret: str) -> str:
        """Creates a webhook that gets the reports of the callers; returns its id."""
        webhook = self._expect(201, "POST", "/v1/webhooks", {"name": "Example", "url": url, "secret": secret})["id"]
        self._expect(201, "POST", "/v1/subscriptions", {"identity": "flow:123", "webhook_id": webhook})
        return webhook

    def trial_status(self, webhook: str) -> int:
        """Sends a trial request; returns the receiver's status."""
        return self._expect(200, "POST", f"/v1/webhooks/{webhook}/test", {})["status_code"]

    def first_status(self, webhook: str, report: str) -> int:
        """The receiver's status for the first attempt, once it is logged."""
        deadline = time.monotonic() + SOON
        while time.monotonic() < deadline:
            status, delivery = self._call("GET", f"/v1/deliveries/{webhook}.{report}")
            if status == 200 and delivery["attempts"]:
                return delivery["attempts"][0]["status_code"]
            time.sleep(0.1)
        raise AssertionError(f"no attempt of {report} within {SOON} s")

    def _new_key(self, scopes: list[str], platform: str) -> str:
        body = {"name": "examples", "scopes": scopes}
        return self._expect(201, "POST", f"/v1/accounts/{self.id}/keys", body, platform)["key"]

    def _expect(self, status: int, method: str, path: str, body: dict | None = None, key: str | None = None) -> dict:
        got, answer = self._call(method, path, body, key)
        if got != status:
            raise AssertionError(f"{method} {path} answered {got} instead of {status}: {answer}")
        return answer

    def _call(self, method: str, path: str, body: dict | None = None, key: str | None = None) -> tuple[int, dict]:
        headers = {"authorization": f"Bearer {key or self.key}", "content-type": "application/json"}
        status, answer = call(method, self.url + path, None if body is None else json.dumps(body).encode(), headers)
        return status, json.loads(answer)


class RunningReceiver:
    """A running receiver, which listens until the end of the block."""

    def __init__(self, name: str, secret: str) -> None:
        self.name = name
        self.secret = secret
        self.printed: list[tuple[str, dict]] = []
        """The id and the body of each report."""
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/"
        self._address = ("127.0.0.1", port)

    def __enter__(self) -> Self:
        path = EXAMPLES / "receivers" / self.name
        environment = {**os.environ, "WEBHOOK_SECRET": self.secret, "PORT": str(self._address[1])}
        self._process = subprocess.Popen(
            [*INTERPRETERS[path.suffix], path], env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._wait_until_it_listens()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(SOON)
        self._reader.join(SOON)
        self._process.stdout.close()

    def wait_for(self, webhook_id: str) -> dict:
        """Waits until the receiver prints a report; returns its body."""
        deadline = time.monotonic() + SOON
        while time.monotonic() < deadline:
            for printed, body in list(self.printed):
                if printed == webhook_id:
                    return body
            time.sleep(0.02)
        raise AssertionError(f"{self.name} did not print {webhook_id} within {SOON} s: {self.printed}")

    def _read(self) -> None:
        for line in self._process.stdout:
            webhook_id, _, body = line.partition(" ")
            self.printed.append((webhook_id, json.loads(body)))

    def _wait_until_it_listens(self) -> None:
        deadline = time.monotonic() + SOON
        while time.monotonic() < deadline:
            try:
                socket.create_connection(self._address, timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"{self.name} does not listen within {SOON} s")


class FakeApi:
    """Answers with the given statuses in order; `None` closes the connection without an answer."""

    def __init__(self, statuses: list[int | None]) -> None:
        self.bodies: list[bytes] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _answering(iter(statuses), self.bodies))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _answering(statuses: Iterator[int | None], bodies: list[bytes]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["content-length"])))
            status = next(statuses)
            if status is None:
                return
            answer = b'{"id": "the-id"}'
            self.send_response(status)
            if status == 429:
                self.send_header("retry-after", "1")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def printed_by_shell(lines: str, environment: dict[str, str], text: str) -> str:
    """Runs the lines in a shell; returns the first line with `text` that they or programs that they start print."""
    # Bash waits for its background programs, so that the process group exists until it is killed here.
    shell = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", lines + "\nwait"], cwd=ROOT, env={**os.environ, **environment},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    timer = threading.Timer(SOON, os.killpg, (shell.pid, signal.SIGKILL))
    timer.start()
    with shell.stdout as output:
        try:
            return next((line for line in output if text in line), "")
        finally:
            timer.cancel()
            with contextlib.suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGKILL)
            shell.wait(SOON)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
