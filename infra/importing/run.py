"""Finds the webhooks that exist, creates the others, and reports each entry."""

import urllib.parse
from collections import Counter
from collections.abc import Callable
from typing import Any

from deployed import Refused

from importing.api import MOST_TRIES, QUOTA, UNAVAILABLE, Api, Unsure, reason
from importing.export import MARKED, Subscription, Webhook, printable, same_url

CREATED, WOULD, EXISTS, NOT_IMPORTED = "created", "would be created", "exists", "not imported"
OUTCOMES = (CREATED, WOULD, EXISTS, NOT_IMPORTED)
HIDDEN = "•••"


class Import:
    """A run. `say` gets each line of the report."""

    def __init__(self, api: Api, dry_run: bool, say: Callable[[str], None]) -> None:
        self._api, self._dry_run, self._say = api, dry_run, say
        self.counts: dict[str, Counter[str]] = {"webhooks": Counter(), "subscriptions": Counter()}
        self._by_key: dict[str, dict[str, Any]] = {}
        self._without_key: list[dict[str, Any]] = []
        self._made: dict[str, str | None] = {}
        """The webhook that each of the platform's became; None for one that would be made."""
        self._is_full = False

    def run(self, webhooks: list[Webhook], subscriptions: list[Subscription]) -> None:
        self._look(webhooks)
        for webhook in webhooks:
            self._take(webhook)
        if subscriptions:
            existing = {
                (one["event"], one["identity"], one["webhook_id"])
                for one in self._api.all("/v1/subscriptions")
                if not one.get("unreadable")
            }
            for subscription in subscriptions:
                self._subscribe(subscription, existing)

    @property
    def all_imported(self) -> bool:
        return not any(counts[NOT_IMPORTED] for counts in self.counts.values())

    def summary(self) -> list[str]:
        lines = []
        for kind, counts in self.counts.items():
            if counts:
                said = (f"{counts[outcome]} {outcome}" for outcome in OUTCOMES if counts[outcome])
                lines.append(f"{counts.total()} {kind}: {', '.join(said)}")
        return lines

    def _look(self, webhooks: list[Webhook]) -> None:
        account = self._api.get("/v1/key").get("account")
        if not isinstance(account, dict):
            raise Refused("The key is the platform's: name the account with ACCOUNT=<id>.")
        existing = [webhook for webhook in self._api.all("/v1/webhooks") if not webhook.get("unreadable")]
        for webhook in existing:
            self._remember(webhook)
        quota = account.get("quotas", {}).get("webhooks")
        new = sum(1 for webhook in webhooks if not webhook.problems and not self._existing(webhook))
        if isinstance(quota, int) and len(existing) + new > quota:
            self._say(
                f"The account may have {quota} webhooks and has {len(existing)}; {new} are new. Raise quotas.webhooks "
                "(PATCH /v1/accounts/{id}) first, or some are not imported."
            )

    def _remember(self, webhook: dict[str, Any]) -> None:
        marked = MARKED.search(webhook.get("description") or "")
        if marked:
            self._by_key[marked[1]] = webhook
        else:
            self._without_key.append(webhook)

    def _existing(self, webhook: Webhook) -> dict[str, Any] | None:
        """By its mark; or one that was made by hand, or lost its mark, by name and URL."""
        if found := self._by_key.get(webhook.key):
            return found
        url, name = webhook.settings.get("url"), webhook.settings.get("name")
        for found in self._without_key:
            if found.get("name") == name and same_url(str(url), found.get("url", "")):
                return found
        return None

    def _take(self, webhook: Webhook) -> None:
        if webhook.problems:
            self._tell_webhook(webhook, NOT_IMPORTED, problem="; ".join(webhook.problems))
            return
        if found := self._existing(webhook):
            if found.get("status") != webhook.settings["status"]:
                webhook.notes.append(f"is {printable(found.get('status'))} here, and stays so")
            if found in self._without_key:
                self._without_key.remove(found)
            self._tell_webhook(webhook, EXISTS, found.get("id"))
            return
        if self._is_full:
            self._tell_webhook(webhook, NOT_IMPORTED, problem="the account has as many webhooks as it may have")
            return
        status, answer = self._preview(webhook) if self._dry_run else self._create(webhook)
        if status in (200, 201):
            self._tell_webhook(webhook, WOULD if self._dry_run else CREATED, answer.get("id"))
            return
        if status in (401, 403, 404):
            raise Refused(f"The API answered {status}: {reason(answer)}")
        self._is_full = answer.get("type") == QUOTA
        self._tell_webhook(webhook, NOT_IMPORTED, problem=reason(answer))

    def _preview(self, webhook: Webhook) -> tuple[int, dict[str, Any]]:
        """The same checks as of a new webhook, and nothing is stored or sent."""
        settings = {name: value for name, value in webhook.settings.items() if name != "verification"}
        status, answer = self._api.ask("POST", "/v1/webhooks/preview", {"webhook": settings})
        # It has no id yet.
        return status, {} if status == 200 else answer

    def _create(self, webhook: Webhook) -> tuple[int, dict[str, Any]]:
        """Makes it. Where the answer was lost, the list tells whether it was made."""
        for tries in range(1, MOST_TRIES + 1):
            try:
                status, answer = self._api.once("POST", "/v1/webhooks", webhook.settings)
            except Unsure:
                status, answer = 503, {}
            if status not in UNAVAILABLE:
                return status, answer
            self._api.wait(tries)
            named = urllib.parse.quote(webhook.settings["name"], safe="", errors="replace")
            for found in self._api.all(f"/v1/webhooks?name={named}"):
                marked = MARKED.search(found.get("description") or "")
                if marked and marked[1] == webhook.key:
                    return 201, found
        raise Refused("POST /v1/webhooks does not answer: try again later. What was created stays.")

    def _subscribe(self, subscription: Subscription, existing: set[tuple[str, str, str | None]]) -> None:
        if subscription.problems:
            self._tell_subscription(subscription, NOT_IMPORTED, "; ".join(subscription.problems))
            return
        if subscription.platform_webhook not in self._made:
            problem = "its webhook was not imported, or is not in the list of webhooks (FILE)"
            self._tell_subscription(subscription, NOT_IMPORTED, problem)
            return
        webhook_id = self._made[subscription.platform_webhook]
        wanted = {"event": "voice:message:out", **subscription.settings}
        if (wanted["event"], wanted["identity"], webhook_id) in existing:
            self._tell_subscription(subscription, EXISTS)
            return
        if self._dry_run:
            self._tell_subscription(subscription, WOULD)
            return
        # Making it a second time is a conflict, so the call may be repeated.
        body = {**subscription.settings, "webhook_id": webhook_id}
        status, answer = self._api.ask("POST", "/v1/subscriptions", body)
        outcome = {201: CREATED, 409: EXISTS}.get(status, NOT_IMPORTED)
        self._tell_subscription(subscription, outcome, reason(answer) if outcome == NOT_IMPORTED else None)

    def _tell_webhook(
        self, webhook: Webhook, outcome: str, webhook_id: str | None = None, problem: str | None = None
    ) -> None:
        if outcome != NOT_IMPORTED and webhook.platform_id:
            self._made[webhook.platform_id] = webhook_id
        status = webhook.settings.get("status", "?")
        about = f"{webhook_id or '-':<36}  {status:<8}  {webhook.name}  {webhook.origin}"
        self._tell("webhooks", webhook.number, outcome, about)
        # Notes are texts of this program; an answer may repeat what it was sent.
        for hidden in webhook.hidden:
            problem = problem and problem.replace(hidden, HIDDEN)
        for note in [problem, *webhook.notes] if problem else webhook.notes:
            self._say(f"         {printable_line(note)}")

    def _tell_subscription(self, subscription: Subscription, outcome: str, problem: str | None = None) -> None:
        about = f"subscription  {subscription.name}  of webhook {subscription.platform_webhook}"
        self._tell("subscriptions", subscription.number, outcome, about)
        if problem:
            self._say(f"         {printable_line(problem)}")

    def _tell(self, kind: str, number: int, outcome: str, about: str) -> None:
        self.counts[kind][outcome] += 1
        self._say(f"{number:>5}  {outcome:<16}  {about}")


def printable_line(text: str) -> str:
    return "".join(char if char.isprintable() else "�" for char in text)
