"""Calls Callhook's API at a limited rate, and repeats calls where that is safe."""

import http.client
import json
import random
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

from deployed import CommandError

TIMEOUT_SECONDS = 30
MAX_ATTEMPTS = 8
MAX_WAIT_SECONDS = 60
QUOTA_EXCEEDED = "urn:callhook:problem:quota-exceeded"
UNAVAILABLE = (500, 502, 503, 504)
HEADER = re.compile(r"[!-~]+")


class OutcomeUnknown(Exception):
    """A call got no answer, so it may have taken effect or not."""


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follows no redirects: the key must reach the given URL only."""

    def redirect_request(self, *_: object) -> None:
        return None


class Api:
    """The API, with a key for one account.

    API Gateway limits the requests of all callers together (StrictRateLimit, 20 a second for new webhooks and
    previews); `per_second` keeps these calls below that.
    """

    def __init__(
        self, url: str, key: str, account: str | None, per_second: float, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
            raise CommandError("URL must be the API's base URL and begin with https://, since it gets the key.")
        # Python's error for an invalid header would show the key.
        if not all(HEADER.fullmatch(value) for value in (key, account or "-")):
            raise CommandError("KEY and ACCOUNT must hold visible ASCII characters only: remove spaces and line ends.")
        self._url, self._key, self._account = url.rstrip("/"), key, account
        self._pause, self._sleep = 1 / per_second, sleep
        self._next = 0.0
        self._open = urllib.request.build_opener(NoRedirects).open

    def get(self, path: str) -> dict[str, Any]:
        return self._expect(200, "GET", path)

    def all(self, path: str) -> Iterator[dict[str, Any]]:
        """The items of a list, from all its pages."""
        cursor = None
        separator = "&" if "?" in path else "?"
        while True:
            more = f"&cursor={urllib.parse.quote(cursor, safe='')}" if cursor else ""
            page = self.get(f"{path}{separator}limit=100{more}")
            yield from page["data"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def call(self, method: str, path: str, body: dict[str, Any] | None) -> tuple[int, dict[str, Any]]:
        """Makes an idempotent call, and repeats it until the answer is final."""
        for attempt in range(1, MAX_ATTEMPTS + 1):
            try:
                status, answer = self.call_once(method, path, body)
            except OutcomeUnknown as error:
                if attempt == MAX_ATTEMPTS:
                    raise CommandError(str(error)) from error
                self.wait(attempt)
                continue
            if status not in UNAVAILABLE:
                return status, answer
            self.wait(attempt)
        raise CommandError(f"{method} {path} was answered {status} {MAX_ATTEMPTS} times: try again later.")

    def call_once(self, method: str, path: str, body: dict[str, Any] | None) -> tuple[int, dict[str, Any]]:
        """Makes a call that takes effect at most once. 429 has no effect, so it is repeated after the wait."""
        for attempt in range(1, MAX_ATTEMPTS + 1):
            self._throttle()
            status, answer, retry_after = self._send(method, path, body)
            if status != 429 or answer.get("type") == QUOTA_EXCEEDED:
                return status, answer
            self.wait(attempt, retry_after)
        raise CommandError(
            f"{method} {path} was answered 429 {MAX_ATTEMPTS} times: other callers use the rate limit up."
        )

    def wait(self, attempt: int, retry_after: float = 0) -> None:
        backoff = min(MAX_WAIT_SECONDS, 0.5 * 2**attempt) * random.uniform(0.5, 1)
        self._sleep(min(MAX_WAIT_SECONDS, max(backoff, retry_after)))

    def _expect(self, expected: int, method: str, path: str) -> dict[str, Any]:
        status, answer = self.call(method, path, None)
        if status != expected:
            raise CommandError(f"{method} {path.partition('?')[0]} was answered {status}: {reason(answer)}")
        return answer

    def _throttle(self) -> None:
        now = time.monotonic()
        if now < self._next:
            self._sleep(self._next - now)
        self._next = max(now, self._next) + self._pause

    def _send(self, method: str, path: str, body: dict[str, Any] | None) -> tuple[int, dict[str, Any], float]:
        headers = {"authorization": f"Bearer {self._key}", "content-type": "application/json"}
        if self._account:
            headers["x-account-id"] = self._account
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, method=method, data=data, headers=headers)
        try:
            with self._open(request, timeout=TIMEOUT_SECONDS) as answer:
                return answer.status, _json(answer.read()), 0
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _json(error.read()), _seconds(error.headers.get("retry-after"))
        except (OSError, http.client.HTTPException) as error:
            raise OutcomeUnknown(f"{method} {path.partition('?')[0]} got no answer: {error}") from error


def reason(answer: dict[str, Any]) -> str:
    """The text of a problem: its fields' errors, or else its detail."""
    errors = answer.get("errors")
    fields = [
        f"`{error.get('field')}` {error.get('message')}"
        for error in (errors if isinstance(errors, list) else [])
        if isinstance(error, dict)
    ]
    if fields:
        return "; ".join(fields)
    return str(answer.get("detail") or answer.get("message") or "no reason given")


def _json(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    return answer if isinstance(answer, dict) else {}


def _seconds(header: str | None) -> float:
    return float(header) if header and header.isdecimal() else 0
