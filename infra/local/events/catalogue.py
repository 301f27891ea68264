"""The sample events, each with its function and with what must be true after the function has worked on it.

A check gets the function's answer, the world and the moment of the event. It returns what it saw in a few words, and raises an
AssertionError if it saw something else.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.events.moment import Moment
from local.events.world import (
    ACCOUNT,
    CLOSING,
    CREATED,
    DELIVERED,
    LEAVING,
    NEW,
    REPLAY,
    RETRIED,
    WEBHOOK,
    Item,
    World,
)  # fmt: skip


@dataclass(frozen=True)
class Event:
    """A file of infra/events/, which begins with the name of its function."""

    file: str
    check: Callable[[dict[str, Any], World, Moment], str]
    prepare: Callable[[World, Moment], None] = lambda world, moment: None
    """Makes what no other event may find."""

    @property
    def function(self) -> str:
        return self.file.partition("-")[0]


def expect(found: object, wanted: object, what: str) -> None:
    if found != wanted:
        raise AssertionError(f"{what}: {found!r} instead of {wanted!r}")


def body_of(answer: dict[str, Any]) -> str:
    body = answer.get("body") or ""
    return base64.b64decode(body).decode() if answer.get("isBase64Encoded") else body


def answered_text(status: int, answer: dict[str, Any]) -> str:
    """The body of an API's answer, which has to have this status."""
    if answer.get("statusCode") != status:
        raise AssertionError(f"answered {answer.get('statusCode')} instead of {status}: {body_of(answer)}")
    return body_of(answer)


def answered(status: int, answer: dict[str, Any]) -> dict[str, Any]:
    """The JSON of an API's answer, which has to have this status."""
    body = answered_text(status, answer)
    headers = {name.lower(): value for name, value in (answer.get("headers") or {}).items()}
    if "json" not in headers.get("content-type", ""):
        raise AssertionError(f"answered {headers.get('content-type')} instead of JSON: {body}")
    document: dict[str, Any] = json.loads(body)
    return document


def stored(item: Item | None, what: str) -> Item:
    """An item that has to be there."""
    if not item:
        raise AssertionError(f"{what} was not stored")
    return item


def refused(status: int, answer: dict[str, Any]) -> dict[str, Any]:
    problem = answered(status, answer)
    expect(problem["status"], status, "the status of the problem")
    return problem


def nothing_comes_back(answer: dict[str, Any]) -> None:
    """SQS deletes every message of the batch."""
    expect(answer, {"batchItemFailures": []}, "messages that come back")


# ---- authorizer


def authorizer_request(answer: dict[str, Any], world: World, _moment: Moment) -> str:
    expect(answer["isAuthorized"], True, "isAuthorized")
    expect(answer["context"]["account_id"], ACCOUNT, "the account of the key")
    listed = stored(world.configured(f"ACCT#{ACCOUNT}", f"KEY#{answer['context']['key_id']}"), "the key")
    lookup = stored(world.configured(f"KEY#{listed['hash']}", "KEY"), "the key for the authorizer")
    if "last_used_at" not in lookup:
        raise AssertionError("the use of the key was not noted")
    return "the key is accepted and its use noted"


def authorizer_refused(answer: dict[str, Any], _world: World, _moment: Moment) -> str:
    expect(answer, {"isAuthorized": False, "context": {}}, "the answer")
    return "the unknown key is refused"


# ---- console


def console_page(answer: dict[str, Any], _world: World, _moment: Moment) -> str:
    page = answered_text(200, answer)
    if "<!doctype html>" not in page[:100].lower():
        raise AssertionError(f"no page: {page[:100]}")
    return f"200 with a page of {len(page)} characters"


def console_health(answer: dict[str, Any], _world: World, _moment: Moment) -> str:
    expect(answered(200, answer), {"status": "ok"}, "the answer")
    return "200 with the status ok"


def console_unknown(answer: dict[str, Any], _world: World, _moment: Moment) -> str:
    refused(404, answer)
    return "404 with a problem"


# ---- accounts


def accounts_create(answer: dict[str, Any], world: World, _moment: Moment) -> str:
    expect(answered(201, answer)["id"], CREATED, "the id of the account")
    stored(world.configured(f"ACCT#{CREATED}", "ACCOUNT"), "the account")
    return "201, and the account is stored"


def accounts_refused(answer: dict[str, Any], world: World, _moment: Moment) -> str:
    refused(403, answer)
    expect(world.configured(f"ACCT#{CREATED}", "ACCOUNT"), None, "the account")
    return "403 without the scope platform, and nothing is stored"


def accounts_key(answer: dict[str, Any], world: World, _moment: Moment) -> str:
    made = answered(201, answer)
    listed = stored(world.configured(f"ACCT#{ACCOUNT}", f"KEY#{made['id']}"), "the key")
    stored(world.configured(f"KEY#{listed['hash']}", "KEY"), "the key for the authorizer")
    return "201, and the key is stored for lists and for the authorizer"


def accounts_erase(answer: dict[str, Any], world: World, _moment: Moment) -> str:
    expect(answered(202, answer)["status"], "erasing", "the status of the account")
    stored(world.configured(f"ACCT#{LEAVING}", "ERASED"), "the account's tombstone")
    expect(world.waiting_erasures(), 1, "messages in the queue of erasures")
    return "202, the account has its tombstone, and its erasure is queued"


# ---- webhooks


def webhooks_create(answer: dict[str, Any], world: World, _moment: Moment) -> str:
    webhook = answered(201, answer)
    stored(world.configured(f"ACCT#{ACCOUNT}", f"WEBHOOK#{webhook['id']}"), "the webhook")
    return "201, and the webhook is stored"


def webhooks_refused(answer: dict[str, Any], _world: World, _moment: Moment) -> str:
    errors = refused(422, answer)["errors"]
    expect([error["field"] for error in errors], ["url"], "the fields that are wrong")
    return "422 names the field url"


def webhooks_test(answer: dict[str, Any], world: World, _moment: Moment) -> str:
    trial = answered(200, answer)
    expect((trial["taken"], trial["status_code"]), (True, 200), "what came of the trial")
    expect(world.arrived(trial["id"]).headers.get("webhook-test"), "true", "the header webhook-test")
    return "200, and the receiver got the trial request"


def webhooks_subscribe(answer: dict[str, Any], world: World, _moment: Moment) -> str:
    subscription = answered(201, answer)
    stored(world.configured(f"ACCT#{ACCOUNT}", f"SUBSCRIPTION#{subscription['id']}"), "the subscription")
    return "201, and the subscription is stored"


# ---- ingest


def ingest_report(answer: dict[str, Any], world: World, _moment: Moment) -> str:
    report_id = answered(202, answer)["id"]
    world.arrived(report_id)
    return "202, and deliver brought the queued report to its receiver"


def ingest_refused(answer: dict[str, Any], world: World, _moment: Moment) -> str:
    refused(422, answer)
    expect(world.nothing_arrived(), True, "nothing at the receiver")
    return "422, and nothing is queued"


# ---- deliver


def deliver_reports(answer: dict[str, Any], world: World, moment: Moment) -> str:
    nothing_comes_back(answer)
    return _delivered(world, moment.move(NEW), attempt=1)


def deliver_retry(answer: dict[str, Any], world: World, moment: Moment) -> str:
    nothing_comes_back(answer)
    return _delivered(world, moment.move(RETRIED), attempt=2)


def deliver_unreadable(answer: dict[str, Any], world: World, moment: Moment) -> str:
    came_back = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
    expect(came_back, ["2e1424d4-f796-459a-8184-9c92662be6da"], "messages that come back")
    return f"{_delivered(world, moment.move(NEW), attempt=1)}; the unreadable message comes back"


def _delivered(world: World, report_id: str, attempt: int) -> str:
    request = world.arrived(report_id)
    expect(request.headers.get("content-type"), "application/json", "the content type at the receiver")
    entry = world.wait_for(f"the log entry of {report_id}", lambda: world.logged(report_id))
    expect((entry["status"], entry["attempts"][-1]["number"]), ("delivered", attempt), "status and attempt in the log")
    return f"the receiver got attempt {attempt}, and the log says delivered"


# ---- deliveries


def deliveries_report(answer: dict[str, Any], _world: World, moment: Moment) -> str:
    report = answered(200, answer)
    expect(report["id"], moment.move(DELIVERED), "the report")
    (delivery,) = report["deliveries"]
    expect((delivery["webhook_id"], delivery["status"]), (WEBHOOK, "delivered"), "its delivery")
    return "200 with the delivery of the report"


def deliveries_list(answer: dict[str, Any], _world: World, moment: Moment) -> str:
    found = [row["id"] for row in answered(200, answer)["data"]]
    if moment.move(DELIVERED) not in found:
        raise AssertionError(f"the report is not among {found}")
    return "200, and the search finds the report by its number"


def deliveries_unknown(answer: dict[str, Any], _world: World, _moment: Moment) -> str:
    refused(404, answer)
    return "404 with a problem"


def deliveries_resend(answer: dict[str, Any], world: World, moment: Moment) -> str:
    answered(202, answer)
    world.arrived(moment.move(DELIVERED))
    return "202, and the receiver got the report once more"


def deliveries_replay(answer: dict[str, Any], world: World, moment: Moment) -> str:
    replay = answered(202, answer)
    expect(replay["status"], "counting", "the status of the replay")
    world.arrived(moment.move(DELIVERED))
    world.wait_for("the end of the replay", lambda: _is_completed(world.replay(replay["id"])))
    return "202, and the replay sent the report once more"


def _is_completed(replay: Item | None) -> bool:
    return replay is not None and replay["status"] == "completed"


def deliveries_erase(answer: dict[str, Any], world: World, moment: Moment) -> str:
    answered_text(204, answer)
    report_id = moment.move(DELIVERED)
    expect(world.logged(report_id), None, "the log entry of the report")
    stored(world.tombstone(report_id), "the report's tombstone")
    return "204, the report is gone and has its tombstone"


# ---- replay, eraser, stats


def replay_job(answer: dict[str, Any], world: World, moment: Moment) -> str:
    # The message stays in its queue until the log shows that all was sent.
    came_back = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
    expect(came_back in ([], ["059f36b4-87a3-44ab-83d2-661975830a7d"]), True, f"messages that come back: {came_back}")
    world.arrived(moment.move(DELIVERED))
    job = stored(world.replay(moment.move(REPLAY)), "the replay")
    expect((job["status"] in ("sending", "completed"), job["total"]), (True, 1), f"the replay, {job['status']}")
    return "the receiver got the report once more, and the replay has counted it"


def eraser_report(answer: dict[str, Any], world: World, moment: Moment) -> str:
    nothing_comes_back(answer)
    report_id = moment.move(DELIVERED)
    expect(world.logged(report_id), None, "the log entry of the report")
    stored(world.tombstone(report_id), "the report's tombstone")
    return "the report is gone and has its tombstone"


def eraser_account(answer: dict[str, Any], world: World, _moment: Moment) -> str:
    nothing_comes_back(answer)
    expect(world.configured(f"ACCT#{CLOSING}", "ACCOUNT"), None, "the account")
    expect(world.configured("ACCOUNTS", CLOSING), None, "the account in the list")
    return "the account is gone"


def stats_changes(answer: dict[str, Any], world: World, moment: Moment) -> str:
    expect(answer, {"state": {}}, "the answer")
    # Two hours before all other deliveries, which the local cloud counts itself.
    hour = moment.move("2021-04-09T14:27:56")[:13]
    expect((world.figures(hour) or {}).get("delivered"), 1, f"deliveries in the figures of {hour}")
    return f"the figures of {hour} count the delivery"


EVENTS = (
    Event("authorizer-request.json", authorizer_request, World.forget_key_use),
    Event("authorizer-refused.json", authorizer_refused),
    Event("console-page.json", console_page),
    Event("console-health.json", console_health),
    Event("console-unknown.json", console_unknown),
    Event("accounts-create.json", accounts_create),
    Event("accounts-refused.json", accounts_refused),
    Event("accounts-key.json", accounts_key),
    Event("accounts-erase.json", accounts_erase),
    Event("webhooks-create.json", webhooks_create),
    Event("webhooks-refused.json", webhooks_refused),
    Event("webhooks-test.json", webhooks_test),
    Event("webhooks-subscribe.json", webhooks_subscribe),
    Event("ingest-report.json", ingest_report),
    Event("ingest-refused.json", ingest_refused),
    Event("deliver-reports.json", deliver_reports),
    Event("deliver-retry.json", deliver_retry),
    Event("deliver-unreadable.json", deliver_unreadable),
    Event("deliveries-report.json", deliveries_report),
    Event("deliveries-list.json", deliveries_list),
    Event("deliveries-unknown.json", deliveries_unknown),
    Event("deliveries-resend.json", deliveries_resend),
    Event("deliveries-replay.json", deliveries_replay),
    Event("deliveries-erase.json", deliveries_erase),
    Event("replay-job.json", replay_job, World.make_replay),
    Event("eraser-report.json", eraser_report),
    Event("eraser-account.json", eraser_account),
    Event("stats-changes.json", stats_changes),
)
