"""The demo's account, API key and webhook: made once and found again by the next run."""

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
    """What makes links to the console; the notes of earlier runs have none."""


def ready_tenant(settings: Settings, receiver_url: str) -> Tenant:
    """The demo's tenant, whose webhook points at the receiver of this run."""
    note = settings.folder / "demo.json"
    tenant = _remembered(note)
    if tenant is None or not _point_webhook(settings, tenant, receiver_url):
        say("• Making a demo account, an API key and a webhook")
        tenant = _make_tenant(settings, receiver_url)
        _remember(note, tenant)
    if not tenant.platform_key:
        tenant = replace(tenant, platform_key=make_platform_key(settings))
        _remember(note, tenant)
    return tenant


def _point_webhook(settings: Settings, tenant: Tenant, receiver_url: str) -> bool:
    """False if the cloud does not know this key or this webhook, as after a loss of its data."""
    api = Api(settings.base_url, tenant.key)
    status, answer = api.call("PATCH", f"/v1/webhooks/{tenant.webhook_id}", {"url": receiver_url})
    # API Gateway answers 401 or 403 for a key that the authorizer does not know.
    if status not in (200, 401, 403, 404):
        raise UserError(f"The demo webhook could not be changed: {status} {json.dumps(answer)}")
    return status == 200


def _make_tenant(settings: Settings, receiver_url: str) -> Tenant:
    platform_key = make_platform_key(settings)
    platform = Api(settings.base_url, platform_key)
    status, answer = platform.call("POST", "/v1/accounts", {"id": ACCOUNT, "name": "Demo"})
    # 409: the account is there already, and only its key or its webhook is gone.
    if status not in (201, 409):
        raise UserError(f"The demo account could not be made: {status} {json.dumps(answer)}")
    key = platform.expect(201, "POST", f"/v1/accounts/{ACCOUNT}/keys", {"name": "demo"})["key"]
    webhook = Api(settings.base_url, key).expect(
        201, "POST", "/v1/webhooks", {"name": "Demo receiver", "url": receiver_url}
    )
    return Tenant(key, webhook["id"], platform_key)


def _remembered(note: Path) -> Tenant | None:
    try:
        return Tenant(**json.loads(note.read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _remember(note: Path, tenant: Tenant) -> None:
    # Made unreadable for others before the key is in it.
    with os.fdopen(os.open(note, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(tenant.__dict__, file)
