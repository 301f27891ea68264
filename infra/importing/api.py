"""Calls of Callhook's API: paced, and repeated where that is safe."""

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

from deployed import Refused

SECONDS_FOR_AN_ANSWER = 30
MOST_TRIES = 8
LONGEST_WAIT = 60
QUOTA = "urn:callhook:problem:quota-exceeded"
UNAVAILABLE = (500, 502, 503, 504)
HEADER = re.compile(r"[!-~]+")


class Unsure(Exception):
    """No answer tells whether a call has taken effect."""


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """The key goes to the URL that was given, and to no other."""

    def redirect_request(self, *_: object) -> None:
        return None


class Api:
    """One account's webhooks and subscriptions.

    API Gateway allows all callers together so many requests a second (StrictRateLimit, 20, for new webhooks and
    previews), so this one stays below: `per_second`.
    """

    def __init__(
        self, url: str, key: str, account: str | None, per_second: float, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
            raise Refused("URL must be the API's base URL and begin with https://: the key goes there.")
        # Python's error for such a header would show the key.
        if not all(HEADER.fullmatch(value) for value in (key, account or "-")):
            raise Refused("KEY and ACCOUNT must hold visible ASCII characters only: look for a line end after them.")
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

    def ask(self, method: str, path: str, body: dict[str, Any] | None) -> tuple[int, dict[str, Any]]:
        """A call that may be repeated, until there is an answer that waiting does not change."""
        for tries in range(1, MOST_TRIES + 1):
            try:
                status, answer = self.once(method, path, body)
            except Unsure as error:
                if tries == MOST_TRIES:
                    raise Refused(str(error)) from error
                self.wait(tries)
                continue
            if status not in UNAVAILABLE:
                return status, answer
            self.wait(tries)
        raise Refused(f"{method} {path} was answered {status} {MOST_TRIES} times: try again later.")

    def once(self, method: str, path: str, body: dict[str, Any] | None) -> tuple[int, dict[str, Any]]:
        """A call that takes effect at most once. Being told to wait has no effect, so that is waited for here."""
        for tries in range(1, MOST_TRIES + 1):
            self._keep_pace()
            status, answer, retry_after = self._send(method, path, body)
            if status != 429 or answer.get("type") == QUOTA:
                return status, answer
            self.wait(tries, retry_after)
        raise Refused(f"{method} {path} was answered 429 {MOST_TRIES} times: other callers use up the limit.")

    def wait(self, tries: int, retry_after: float = 0) -> None:
        backoff = min(LONGEST_WAIT, 0.5 * 2**tries) * random.uniform(0.5, 1)
        self._sleep(min(LONGEST_WAIT, max(backoff, retry_after)))

    def _expect(self, expected: int, method: str, path: str) -> dict[str, Any]:
        status, answer = self.ask(method, path, None)
        if status != expected:
            raise Refused(f"{method} {path.partition('?')[0]} was answered {status}: {reason(answer)}")
        return answer

    def _keep_pace(self) -> None:
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
            with self._open(request, timeout=SECONDS_FOR_AN_ANSWER) as answer:
                return answer.status, _json(answer.read()), 0
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _json(error.read()), _seconds(error.headers.get("retry-after"))
        except (OSError, http.client.HTTPException) as error:
            raise Unsure(f"{method} {path.partition('?')[0]} got no answer: {error}") from error


def reason(answer: dict[str, Any]) -> str:
    """The sentence of a problem, and its fields."""
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
