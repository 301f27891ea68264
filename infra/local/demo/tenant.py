"""The demo's account, API key and webhook, which later runs use again."""

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

from local.api import Api
from local.first_key import make_platform_key
from local.say import say
from local.settings import Settings
from local.user_error import UserError

ACCOUNT = "demo"


@dataclass(frozen=True)
class Tenant:
    key: str
    webhook_id: str
    platform_key: str = ""
    """The key that creates links to the console; files of earlier versions lack it."""


def ready_tenant(settings: Settings, receiver_url: str) -> Tenant:
    """The demo's tenant, whose webhook has the URL of this run's receiver."""
    file = settings.folder / "demo.json"
    tenant = _load(file)
    if tenant is None or not _point_webhook(settings, tenant, receiver_url):
        say("• Creating a demo account, an API key and a webhook")
        tenant = _create_tenant(settings, receiver_url)
        _save(file, tenant)
    if not tenant.platform_key:
        tenant = replace(tenant, platform_key=make_platform_key(settings))
        _save(file, tenant)
    return tenant


def _point_webhook(settings: Settings, tenant: Tenant, receiver_url: str) -> bool:
    """Changes the webhook's URL; returns False if the cloud has lost the key or the webhook."""
    api = Api(settings.base_url, tenant.key)
    status, answer = api.call("PATCH", f"/v1/webhooks/{tenant.webhook_id}", {"url": receiver_url})
    # API Gateway answers 401 or 403 for a key that the authorizer refuses.
    if status not in (200, 401, 403, 404):
        raise UserError(f"Failed to change the demo webhook: {status} {json.dumps(answer)}")
    return status == 200


def _create_tenant(settings: Settings, receiver_url: str) -> Tenant:
    platform_key = make_platform_key(settings)
    platform = Api(settings.base_url, platform_key)
    status, answer = platform.call("POST", "/v1/accounts", {"id": ACCOUNT, "name": "Demo"})
    # 409: the account exists, and only its key or webhook is missing.
    if status not in (201, 409):
        raise UserError(f"Failed to create the demo account: {status} {json.dumps(answer)}")
    key = platform.expect(201, "POST", f"/v1/accounts/{ACCOUNT}/keys", {"name": "demo"})["key"]
    webhook = Api(settings.base_url, key).expect(
        201, "POST", "/v1/webhooks", {"name": "Demo receiver", "url": receiver_url}
    )
    return Tenant(key, webhook["id"], platform_key)


def _load(file: Path) -> Tenant | None:
    try:
        return Tenant(**json.loads(file.read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _save(file: Path, tenant: Tenant) -> None:
    # Created with its permissions, so that others can never read the keys.
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as output:
        json.dump(tenant.__dict__, output)
