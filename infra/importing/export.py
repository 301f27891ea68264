"""Reads the platform's list responses as settings of Callhook (docs/migrating.md has the table).

An entry may hold anything. Output shows its name and the origin of its URL, but no secret, token or path.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from deployed import CommandError

MARK = "Imported: platform webhook "
MARKED = re.compile(re.escape(MARK) + r"([A-Za-z0-9_#-]{1,64})")
PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
VISIBLE = re.compile(r"[!-~]{1,4096}")
# Name, URL, status, secret and token are imported. Callhook has no use for these.
IGNORED_FIELDS = {"id", "created_at", "updated_at"}
ACTIVE, INACTIVE = (1, "1", True), (0, "0", False)
MAX_NAME_LENGTH, MAX_FIELD_LENGTH, MAX_FIELDS = 100, 40, 8
NUMBER = re.compile(r"\+?[0-9][0-9 ().-]*")
IDENTITIES = ("number:", "flow:", "source:")


@dataclass
class Webhook:
    """An entry of the list, and the webhook to create from it."""

    number: int
    name: str = ""
    origin: str = "?"
    platform_id: str | None = None
    key: str = ""
    """Identifies the entry in each run; the description of the created webhook holds it."""
    settings: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    """The reasons why it is not imported."""
    notes: list[str] = field(default_factory=list)
    """The parts that are left out."""
    hidden: list[str] = field(default_factory=list)
    """Values that output must not show, even if an answer repeats them."""


@dataclass
class Subscription:
    number: int
    platform_webhook: str = "?"
    settings: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{printable(self.settings.get('event', 'voice:message:out'))} {kind_of_identity(self.settings)}"


def read_webhooks(text: str, verify: bool) -> tuple[list[Webhook], bool]:
    """The entries of one or more list responses, and whether pages are missing."""
    entries, is_incomplete = _entries(text)
    webhooks = [_webhook(number, entry, verify) for number, entry in enumerate(entries, start=1)]
    seen: dict[str, int] = {}
    for webhook in webhooks:
        if webhook.key and webhook.key in seen:
            webhook.problems.append(f"repeats entry {seen[webhook.key]}")
        seen.setdefault(webhook.key, webhook.number)
    return webhooks, is_incomplete


def read_subscriptions(text: str) -> tuple[list[Subscription], bool]:
    entries, is_incomplete = _entries(text)
    return [_subscription(number, entry) for number, entry in enumerate(entries, start=1)], is_incomplete


def printable(text: object) -> str:
    """The text in one line, without control characters."""
    shown = "".join(char if char.isprintable() else "�" for char in str(text))
    return shown if len(shown) <= MAX_NAME_LENGTH else shown[: MAX_NAME_LENGTH - 1] + "…"


def kind_of_identity(settings: dict[str, Any]) -> str:
    """The kind of an identity, `number:…`, without its value."""
    kind, colon, _ = str(settings.get("identity", "?")).partition(":")
    return f"{printable(kind)}:…" if colon else printable(kind)


def same_url(ours: str, shown: str) -> bool:
    """Whether a URL is the one that Callhook shows with user and password hidden."""
    return _comparable(ours) == _comparable(shown)


def _comparable(url: str) -> tuple[object, ...]:
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return (url,)
    default = {"https": 443, "http": 80}.get(parts.scheme.lower())
    has_user = "@" in parts.netloc
    return (parts.scheme.lower(), has_user, host, port or default, parts.path or "/", parts.query)


def _entries(text: str) -> tuple[list[Any], bool]:
    try:
        document = json.loads(text)
    except RecursionError as error:
        raise CommandError("The file is JSON that is nested too deep.") from error
    except ValueError as error:
        raise CommandError(f"The file is not JSON: {error}") from error
    pages = document if isinstance(document, list) and document and all(map(_is_page, document)) else [document]
    if all(map(_is_page, pages)):
        is_incomplete = len(pages) < max((_pages(page) for page in pages), default=1)
        return [entry for page in pages for entry in page["data"]], is_incomplete
    if isinstance(document, list):
        return document, False
    raise CommandError("The file is not a list response: give an object with the array `data`, or an array.")


def _is_page(document: object) -> bool:
    return isinstance(document, dict) and isinstance(document.get("data"), list)


def _pages(page: dict[str, Any]) -> int:
    """The number of pages, as far as a page tells."""
    meta, links = page.get("meta"), page.get("links")
    last = meta.get("last_page") if isinstance(meta, dict) else None
    if type(last) is int:
        return last
    return 2 if isinstance(links, dict) and links.get("next") else 1


def _webhook(number: int, entry: object, verify: bool) -> Webhook:
    webhook = Webhook(number)
    if not isinstance(entry, dict):
        webhook.problems.append("is not an object")
        return webhook
    name, url, secret, token = (entry.get(field) for field in ("name", "uri", "secret", "token"))
    if not isinstance(name, str) or not 1 <= len(name) <= MAX_NAME_LENGTH:
        webhook.problems.append(f"`name` must have 1 to {MAX_NAME_LENGTH} characters")
    webhook.name = printable(name) if isinstance(name, str) else "?"
    if isinstance(url, str) and url:
        webhook.origin = _origin(url)
        webhook.hidden += _credentials_in(url)
    else:
        webhook.problems.append("`uri` is missing")
    settings: dict[str, Any] = {"name": name, "url": url}
    _add_status(webhook, settings, entry.get("status"))
    if secret not in (None, ""):
        if isinstance(secret, str) and VISIBLE.fullmatch(secret):
            settings["bearer_secret"] = secret
        else:
            webhook.problems.append("`secret` must be 1 to 4,096 visible ASCII characters, as a header holds them")
    if token not in (None, ""):
        if verify:
            settings["verification"] = {"token": token}
        else:
            webhook.notes.append("`token` left out: the platform verified the receiver (VERIFY=1 verifies it again)")
    webhook.hidden += [value for value in (secret, token) if isinstance(value, str) and value]
    webhook.platform_id = _id(entry.get("id"))
    digest = hashlib.sha256(f"{name}\0{url}".encode(errors="replace")).hexdigest()
    webhook.key = webhook.platform_id or f"#{digest[:16]}"
    settings["description"] = MARK + webhook.key
    webhook.settings = settings
    others = [field for field in entry if field not in {"name", "uri", "status", "secret", "token", *IGNORED_FIELDS}]
    if others:
        shown = [f"`{field}`" for field in others if re.fullmatch(rf"[A-Za-z_]{{1,{MAX_FIELD_LENGTH}}}", field)][
            :MAX_FIELDS
        ]
        more = "" if len(shown) == len(others) else f"{' and ' if shown else ''}{len(others) - len(shown)} more"
        webhook.notes.append(f"left out: {', '.join(shown)}{more}")
    return webhook


def _add_status(webhook: Webhook, settings: dict[str, Any], status: object) -> None:
    if status in ACTIVE:
        settings["status"] = "active"
    elif status in INACTIVE:
        settings["status"] = "inactive"
    else:
        webhook.problems.append("`status` must be 1 or 0")


def _subscription(number: int, entry: object) -> Subscription:
    subscription = Subscription(number)
    if not isinstance(entry, dict):
        subscription.problems.append("is not an object")
        return subscription
    subscription.platform_webhook = _id(entry.get("webhook_id")) or "?"
    if subscription.platform_webhook == "?":
        subscription.problems.append("`webhook_id` is missing")
    event, identity = entry.get("event"), entry.get("identity")
    if isinstance(event, str):
        subscription.settings["event"] = event
    elif event is not None:
        subscription.problems.append("`event` must be a text")
    text = identity if isinstance(identity, str) else str(identity) if type(identity) is int else None
    if identity is None or text in ("", "*", "all"):
        subscription.settings["identity"] = "all"
    elif text and text.startswith(IDENTITIES):
        subscription.settings["identity"] = text
    elif text and NUMBER.fullmatch(text):
        subscription.settings["identity"] = f"number:{text}"
    else:
        subscription.problems.append("`identity` must be `all`, a number, or `number:…`, `flow:…` or `source:…`")
    return subscription


def _id(value: object) -> str | None:
    text = str(value) if type(value) in (int, str) else ""
    return text if PLAIN_ID.fullmatch(text) else None


def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "?"
    return printable(f"{parts.scheme}://{host}{port}") if host else "?"


def _credentials_in(url: str) -> list[str]:
    try:
        parts = urlsplit(url)
        return [text for text in (parts.username, parts.password) if text]
    except ValueError:
        return []
