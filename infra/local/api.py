"""Calls Callhook's API."""

import json
import urllib.error
import urllib.request
from typing import Any

from local.user_error import UserError

TIMEOUT_SECONDS = 30


class Api:
    def __init__(self, base_url: str, key: str) -> None:
        self._base_url = base_url
        self._key = key

    def call(self, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
        """Makes a call; returns the status and the JSON of the answer."""
        request = urllib.request.Request(
            self._base_url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"authorization": f"Bearer {self._key}", "content-type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
                return answer.status, _json(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, _json(error.read())
        except (urllib.error.URLError, TimeoutError) as error:
            raise UserError(f"{method} {path} got no answer: {error}") from error

    def expect(self, status: int, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Makes a call whose answer must have this status; returns its JSON."""
        got, answer = self.call(method, path, body)
        if got != status:
            raise UserError(f"{method} {path} answered {got} instead of {status}: {json.dumps(answer)}")
        return answer


def _json(body: bytes) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(body) if body else {}
    except ValueError:
        return {"body": body.decode(errors="replace")}
    return answer
