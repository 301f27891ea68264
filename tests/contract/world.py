"""An account with a resource of each kind, for the ids in paths."""

import itertools
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

SECONDS_FOR_AN_ANSWER = 30
SECONDS_FOR_A_DELIVERY = 60


@dataclass
class World:
    url: str
    platform_key: str
    receiver: str
    """The URL of the webhooks."""
    account: str = ""
    account_key: str = ""
    webhook: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    """Ids by kind of resource: the path segment before them."""
    acts_for: bool = False
    """Whether requests use the platform's key on behalf of the account."""

    @classmethod
    def of(cls, values: dict[str, Any]) -> "World":
        return cls(**values)

    def text(self, acts_for: bool) -> str:
        return json.dumps({**asdict(self), "acts_for": acts_for})

    def create(self) -> None:
        self.account = self._as_platform("POST", "/v1/accounts", {"name": "Contract"})["id"]
        key = self._as_platform("POST", f"/v1/accounts/{self.account}/keys", {"name": "all scopes"})
        self.account_key = key["key"]
        self.webhook = self._create("webhooks")
        report = self._call("POST", "/v1/reports", {"webhook_id": self.webhook, "source": "OBD"})["id"]
        delivery = f"{self.webhook}.{report}"
        self._wait_for(f"/v1/deliveries/{delivery}")
        day = {"from": "2021-04-09 00:00:00", "to": "2021-04-10 00:00:00"}
        replay = self._call("POST", f"/v1/webhooks/{self.webhook}/replays", day)["id"]
        self.ids = {
            "accounts": self.account, "webhooks": self.webhook, "reports": report, "deliveries": delivery,
            "replays": replay, "subscriptions": self._create("subscriptions"), "keys": key["id"],
        }  # fmt: skip

    def uses(self, ids: Iterable[str]) -> bool:
        """Whether requests depend on one of these ids."""
        keys = [key.split("_")[1] for key in (self.account_key, self.platform_key)]
        return any(each in (self.account, self.webhook, *keys) for each in ids)

    def ids_for(self, method: str, path: str) -> dict[str, str]:
        """An id for each parameter of `path`. Creates the resource if the request deletes it."""
        parts = path.split("/")
        named = [(kind, part[1:-1]) for kind, part in itertools.pairwise(parts) if part.startswith("{")]
        ids = {name: self.ids.get(kind) for kind, name in named}
        last, name = named[-1]
        if last == "platform-keys" or (method == "DELETE" and path.endswith("}") and last != "replays"):
            ids[name] = self._create(last)
        return {name: value for name, value in ids.items() if value is not None}

    def _create(self, kind: str) -> str:
        match kind:
            case "webhooks":
                return self._call("POST", "/v1/webhooks", {"name": "Contract", "url": self.receiver})["id"]
            case "subscriptions":
                # A unique identity: duplicates are refused.
                identity = f"flow:{time.monotonic_ns()}"
                return self._call("POST", "/v1/subscriptions", {"webhook_id": self.webhook, "identity": identity})["id"]
            case "reports":
                return self._call("POST", "/v1/reports", {"webhook_id": self.webhook, "id": str(time.monotonic_ns())})[
                    "id"
                ]
            case "accounts":
                return self._as_platform("POST", "/v1/accounts", {"name": "to be erased"})["id"]
            case "keys":
                return self._as_platform("POST", f"/v1/accounts/{self.account}/keys", {"name": "to be revoked"})["id"]
            case "platform-keys":
                request = {"name": "to be revoked", "scopes": ["webhooks:read"]}
                return self._as_platform("POST", "/v1/platform-keys", request)["id"]
        raise KeyError(f"no {kind}: create one in world.py")

    def _wait_for(self, path: str) -> None:
        deadline = time.monotonic() + SECONDS_FOR_A_DELIVERY
        while True:
            try:
                self._call("GET", path)
                return
            except urllib.error.HTTPError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def _call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        return self._send(method, path, body, self.account_key)

    def _as_platform(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        return self._send(method, path, body, self.platform_key)

    def _send(self, method: str, path: str, body: object, key: str) -> dict[str, Any]:
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"authorization": f"Bearer {key}", "content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=SECONDS_FOR_AN_ANSWER) as answer:
            return json.loads(answer.read() or b"{}")
