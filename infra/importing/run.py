"""Finds existing webhooks and subscriptions, creates missing ones, and reports each entry."""

import urllib.parse
from collections import Counter
from collections.abc import Callable
from typing import Any

from deployed import CommandError
from importing.api import MAX_ATTEMPTS, QUOTA_EXCEEDED, UNAVAILABLE, Api, OutcomeUnknown, reason
from importing.export import MARKED, Subscription, Webhook, printable, same_url

CREATED, WOULD_CREATE, EXISTS, NOT_IMPORTED = "created", "would be created", "exists", "not imported"
OUTCOMES = (CREATED, WOULD_CREATE, EXISTS, NOT_IMPORTED)
HIDDEN = "•••"


class Import:
    """One run of an import. `say` gets each line of its report."""

    def __init__(self, api: Api, dry_run: bool, say: Callable[[str], None]) -> None:
        self._api, self._dry_run, self._say = api, dry_run, say
        self.counts: dict[str, Counter[str]] = {"webhooks": Counter(), "subscriptions": Counter()}
        self._by_key: dict[str, dict[str, Any]] = {}
        self._without_key: list[dict[str, Any]] = []
        self._imported_ids: dict[str, str | None] = {}
        """Ids of webhooks by the platform's ids; None in a dry run."""
        self._is_full = False

    def run(self, webhooks: list[Webhook], subscriptions: list[Subscription]) -> None:
        self._index_existing(webhooks)
        for webhook in webhooks:
            self._import_webhook(webhook)
        if subscriptions:
            existing = {
                (one["event"], one["identity"], one["webhook_id"])
                for one in self._api.all("/v1/subscriptions")
                if not one.get("unreadable")
            }
            for subscription in subscriptions:
                self._import_subscription(subscription, existing)

    @property
    def all_imported(self) -> bool:
        return not any(counts[NOT_IMPORTED] for counts in self.counts.values())

    def summary(self) -> list[str]:
        lines = []
        for kind, counts in self.counts.items():
            if counts:
                output = (f"{counts[outcome]} {outcome}" for outcome in OUTCOMES if counts[outcome])
                lines.append(f"{counts.total()} {kind}: {', '.join(output)}")
        return lines

    def _index_existing(self, webhooks: list[Webhook]) -> None:
        account = self._api.get("/v1/key").get("account")
        if not isinstance(account, dict):
            raise CommandError("The key is a platform key: name the account with ACCOUNT=<id>.")
        existing = [webhook for webhook in self._api.all("/v1/webhooks") if not webhook.get("unreadable")]
        for webhook in existing:
            self._index(webhook)
        quota = account.get("quotas", {}).get("webhooks")
        new = sum(1 for webhook in webhooks if not webhook.problems and not self._existing(webhook))
        if isinstance(quota, int) and len(existing) + new > quota:
            self._say(
                f"The account may have {quota} webhooks and has {len(existing)}; {new} are new. Raise quotas.webhooks "
                "(PATCH /v1/accounts/{id}) first to import all of them."
            )

    def _index(self, webhook: dict[str, Any]) -> None:
        marked = MARKED.search(webhook.get("description") or "")
        if marked:
            self._by_key[marked[1]] = webhook
        else:
            self._without_key.append(webhook)

    def _existing(self, webhook: Webhook) -> dict[str, Any] | None:
        """The existing webhook of an entry: by the key in its description, or else by name and URL."""
        if found := self._by_key.get(webhook.key):
            return found
        url, name = webhook.settings.get("url"), webhook.settings.get("name")
        for found in self._without_key:
            if found.get("name") == name and same_url(str(url), found.get("url", "")):
                return found
        return None

    def _import_webhook(self, webhook: Webhook) -> None:
        if webhook.problems:
            self._report_webhook(webhook, NOT_IMPORTED, problem="; ".join(webhook.problems))
            return
        if found := self._existing(webhook):
            if found.get("status") != webhook.settings["status"]:
                webhook.notes.append(f"stays {printable(found.get('status'))} here")
            if found in self._without_key:
                self._without_key.remove(found)
            self._report_webhook(webhook, EXISTS, found.get("id"))
            return
        if self._is_full:
            self._report_webhook(webhook, NOT_IMPORTED, problem="the account has reached its quota of webhooks")
            return
        status, answer = self._preview(webhook) if self._dry_run else self._create(webhook)
        if status in (200, 201):
            self._report_webhook(webhook, WOULD_CREATE if self._dry_run else CREATED, answer.get("id"))
            return
        if status in (401, 403, 404):
            raise CommandError(f"The API answered {status}: {reason(answer)}")
        self._is_full = answer.get("type") == QUOTA_EXCEEDED
        self._report_webhook(webhook, NOT_IMPORTED, problem=reason(answer))

    def _preview(self, webhook: Webhook) -> tuple[int, dict[str, Any]]:
        """Runs the checks of a new webhook; stores and sends nothing."""
        settings = {name: value for name, value in webhook.settings.items() if name != "verification"}
        status, answer = self._api.call("POST", "/v1/webhooks/preview", {"webhook": settings})
        # A preview has no id.
        return status, {} if status == 200 else answer

    def _create(self, webhook: Webhook) -> tuple[int, dict[str, Any]]:
        """Creates a webhook. After a call without an answer, the list tells whether it exists."""
        for attempt in range(1, MAX_ATTEMPTS + 1):
            try:
                status, answer = self._api.call_once("POST", "/v1/webhooks", webhook.settings)
            except OutcomeUnknown:
                status, answer = 503, {}
            if status not in UNAVAILABLE:
                return status, answer
            self._api.wait(attempt)
            named = urllib.parse.quote(webhook.settings["name"], safe="", errors="replace")
            for found in self._api.all(f"/v1/webhooks?name={named}"):
                marked = MARKED.search(found.get("description") or "")
                if marked and marked[1] == webhook.key:
                    return 201, found
        raise CommandError("POST /v1/webhooks does not answer: run it again later. Created webhooks stay.")

    def _import_subscription(self, subscription: Subscription, existing: set[tuple[str, str, str | None]]) -> None:
        if subscription.problems:
            self._report_subscription(subscription, NOT_IMPORTED, "; ".join(subscription.problems))
            return
        if subscription.platform_webhook not in self._imported_ids:
            problem = "its webhook was not imported, or is missing in the list of webhooks (FILE)"
            self._report_subscription(subscription, NOT_IMPORTED, problem)
            return
        webhook_id = self._imported_ids[subscription.platform_webhook]
        wanted = {"event": "voice:message:out", **subscription.settings}
        if (wanted["event"], wanted["identity"], webhook_id) in existing:
            self._report_subscription(subscription, EXISTS)
            return
        if self._dry_run:
            self._report_subscription(subscription, WOULD_CREATE)
            return
        # Idempotent: a second subscription of this kind is a conflict.
        body = {**subscription.settings, "webhook_id": webhook_id}
        status, answer = self._api.call("POST", "/v1/subscriptions", body)
        outcome = {201: CREATED, 409: EXISTS}.get(status, NOT_IMPORTED)
        self._report_subscription(subscription, outcome, reason(answer) if outcome == NOT_IMPORTED else None)

    def _report_webhook(
        self, webhook: Webhook, outcome: str, webhook_id: str | None = None, problem: str | None = None
    ) -> None:
        if outcome != NOT_IMPORTED and webhook.platform_id:
            self._imported_ids[webhook.platform_id] = webhook_id
        status = webhook.settings.get("status", "?")
        about = f"{webhook_id or '-':<36}  {status:<8}  {webhook.name}  {webhook.origin}"
        self._report("webhooks", webhook.number, outcome, about)
        # A problem may be an answer of the API, which may repeat a secret; notes are texts of this program.
        for hidden in webhook.hidden:
            problem = problem and problem.replace(hidden, HIDDEN)
        for note in [problem, *webhook.notes] if problem else webhook.notes:
            self._say(f"         {printable_line(note)}")

    def _report_subscription(self, subscription: Subscription, outcome: str, problem: str | None = None) -> None:
        about = f"subscription  {subscription.name}  of webhook {subscription.platform_webhook}"
        self._report("subscriptions", subscription.number, outcome, about)
        if problem:
            self._say(f"         {printable_line(problem)}")

    def _report(self, kind: str, number: int, outcome: str, about: str) -> None:
        self.counts[kind][outcome] += 1
        self._say(f"{number:>5}  {outcome:<16}  {about}")


def printable_line(text: str) -> str:
    return "".join(char if char.isprintable() else "�" for char in text)
