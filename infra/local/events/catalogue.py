"""The sample events, each with a check of what its function does with it.

A check gets the function's answer, the world and the time shift of the event. It returns a summary in a few words, and
raises an AssertionError if something is wrong.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.events.time_shift import TimeShift
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
    """A file of infra/events/, whose name begins with that of its function."""

    file: str
    check: Callable[[dict[str, Any], World, TimeShift], str]
    prepare: Callable[[World, TimeShift], None] = lambda world, shift: None
    """Creates items for this event only."""

    @property
    def function(self) -> str:
        return self.file.partition("-")[0]


def expect(found: object, wanted: object, description: str) -> None:
    if found != wanted:
        raise AssertionError(f"{description}: {found!r} instead of {wanted!r}")


def body_of(answer: dict[str, Any]) -> str:
    body = answer.get("body") or ""
    return base64.b64decode(body).decode() if answer.get("isBase64Encoded") else body


def text_answer(status: int, answer: dict[str, Any]) -> str:
    """The body of an API's answer, which must have this status."""
    if answer.get("statusCode") != status:
        raise AssertionError(f"answered {answer.get('statusCode')} instead of {status}: {body_of(answer)}")
    return body_of(answer)


def json_answer(status: int, answer: dict[str, Any]) -> dict[str, Any]:
    """The JSON of an API's answer, which must have this status."""
    body = text_answer(status, answer)
    headers = {name.lower(): value for name, value in (answer.get("headers") or {}).items()}
    if "json" not in headers.get("content-type", ""):
        raise AssertionError(f"answered {headers.get('content-type')} instead of JSON: {body}")
    document: dict[str, Any] = json.loads(body)
    return document


def stored(item: Item | None, description: str) -> Item:
    """The item, which must exist."""
    if not item:
        raise AssertionError(f"{description} was not stored")
    return item


def problem_answer(status: int, answer: dict[str, Any]) -> dict[str, Any]:
    problem = json_answer(status, answer)
    expect(problem["status"], status, "the status of the problem")
    return problem


def all_deleted(answer: dict[str, Any]) -> None:
    """Checks that SQS deletes all messages of the batch."""
    expect(answer, {"batchItemFailures": []}, "returned messages")


# ---- authorizer


def authorizer_request(answer: dict[str, Any], world: World, _shift: TimeShift) -> str:
    expect(answer["isAuthorized"], True, "isAuthorized")
    expect(answer["context"]["account_id"], ACCOUNT, "the account of the key")
    listed = stored(world.config_item(f"ACCT#{ACCOUNT}", f"KEY#{answer['context']['key_id']}"), "the key")
    lookup = stored(world.config_item(f"KEY#{listed['hash']}", "KEY"), "the key for the authorizer")
    if "last_used_at" not in lookup:
        raise AssertionError("the use of the key was not stored")
    return "the key is accepted and its use stored"


def authorizer_refused(answer: dict[str, Any], _world: World, _shift: TimeShift) -> str:
    expect(answer, {"isAuthorized": False, "context": {}}, "the answer")
    return "the unknown key is refused"


# ---- console


def console_page(answer: dict[str, Any], _world: World, _shift: TimeShift) -> str:
    page = text_answer(200, answer)
    if "<!doctype html>" not in page[:100].lower():
        raise AssertionError(f"no page: {page[:100]}")
    return f"200 with a page of {len(page)} characters"


def console_health(answer: dict[str, Any], _world: World, _shift: TimeShift) -> str:
    expect(json_answer(200, answer), {"status": "ok"}, "the answer")
    return "200 with the status ok"


def console_unknown(answer: dict[str, Any], _world: World, _shift: TimeShift) -> str:
    problem_answer(404, answer)
    return "404 with a problem"


# ---- accounts


def accounts_create(answer: dict[str, Any], world: World, _shift: TimeShift) -> str:
    expect(json_answer(201, answer)["id"], CREATED, "the id of the account")
    stored(world.config_item(f"ACCT#{CREATED}", "ACCOUNT"), "the account")
    return "201, and the account is stored"


def accounts_refused(answer: dict[str, Any], world: World, _shift: TimeShift) -> str:
    problem_answer(403, answer)
    expect(world.config_item(f"ACCT#{CREATED}", "ACCOUNT"), None, "the account")
    return "403 without the scope platform, and nothing is stored"


def accounts_key(answer: dict[str, Any], world: World, _shift: TimeShift) -> str:
    made = json_answer(201, answer)
    listed = stored(world.config_item(f"ACCT#{ACCOUNT}", f"KEY#{made['id']}"), "the key")
    stored(world.config_item(f"KEY#{listed['hash']}", "KEY"), "the key for the authorizer")
    return "201, and the key is stored for lists and for the authorizer"


def accounts_erase(answer: dict[str, Any], world: World, _shift: TimeShift) -> str:
    expect(json_answer(202, answer)["status"], "erasing", "the status of the account")
    stored(world.config_item(f"ACCT#{LEAVING}", "ERASED"), "the account's tombstone")
    expect(world.queued_erasures(), 1, "messages in the queue of erasures")
    return "202, the account has its tombstone, and its erasure is queued"


# ---- webhooks


def webhooks_create(answer: dict[str, Any], world: World, _shift: TimeShift) -> str:
    webhook = json_answer(201, answer)
    stored(world.config_item(f"ACCT#{ACCOUNT}", f"WEBHOOK#{webhook['id']}"), "the webhook")
    return "201, and the webhook is stored"


def webhooks_refused(answer: dict[str, Any], _world: World, _shift: TimeShift) -> str:
    errors = problem_answer(422, answer)["errors"]
    expect([error["field"] for error in errors], ["url"], "the invalid fields")
    return "422 names the field url"


def webhooks_test(answer: dict[str, Any], world: World, _shift: TimeShift) -> str:
    trial = json_answer(200, answer)
    expect((trial["taken"], trial["status_code"]), (True, 200), "the result of the trial")
    expect(world.wait_for_request(trial["id"]).headers.get("webhook-test"), "true", "the header webhook-test")
    return "200, and the receiver got the trial request"


def webhooks_subscribe(answer: dict[str, Any], world: World, _shift: TimeShift) -> str:
    subscription = json_answer(201, answer)
    stored(world.config_item(f"ACCT#{ACCOUNT}", f"SUBSCRIPTION#{subscription['id']}"), "the subscription")
    return "201, and the subscription is stored"


# ---- ingest


def ingest_report(answer: dict[str, Any], world: World, _shift: TimeShift) -> str:
    report_id = json_answer(202, answer)["id"]
    world.wait_for_request(report_id)
    return "202, and deliver sent the queued report to its receiver"


def ingest_refused(answer: dict[str, Any], world: World, _shift: TimeShift) -> str:
    problem_answer(422, answer)
    expect(world.got_nothing(), True, "no request at the receiver")
    return "422, and nothing is queued"


# ---- deliver


def deliver_reports(answer: dict[str, Any], world: World, shift: TimeShift) -> str:
    all_deleted(answer)
    return _delivered(world, shift.move(NEW), attempt=1)


def deliver_retry(answer: dict[str, Any], world: World, shift: TimeShift) -> str:
    all_deleted(answer)
    return _delivered(world, shift.move(RETRIED), attempt=2)


def deliver_unreadable(answer: dict[str, Any], world: World, shift: TimeShift) -> str:
    returned = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
    expect(returned, ["2e1424d4-f796-459a-8184-9c92662be6da"], "returned messages")
    return f"{_delivered(world, shift.move(NEW), attempt=1)}; the unreadable message is returned to the queue"


def _delivered(world: World, report_id: str, attempt: int) -> str:
    request = world.wait_for_request(report_id)
    expect(request.headers.get("content-type"), "application/json", "the content type at the receiver")
    entry = world.wait_for(f"the log entry of {report_id}", lambda: world.delivery(report_id))
    expect((entry["status"], entry["attempts"][-1]["number"]), ("delivered", attempt), "status and attempt in the log")
    return f"the receiver got attempt {attempt}, and the log says delivered"


# ---- deliveries


def deliveries_report(answer: dict[str, Any], _world: World, shift: TimeShift) -> str:
    report = json_answer(200, answer)
    expect(report["id"], shift.move(DELIVERED), "the report")
    (delivery,) = report["deliveries"]
    expect((delivery["webhook_id"], delivery["status"]), (WEBHOOK, "delivered"), "its delivery")
    return "200 with the delivery of the report"


def deliveries_list(answer: dict[str, Any], _world: World, shift: TimeShift) -> str:
    found = [row["id"] for row in json_answer(200, answer)["data"]]
    if shift.move(DELIVERED) not in found:
        raise AssertionError(f"the report is not among {found}")
    return "200, and the search finds the report by its number"


def deliveries_unknown(answer: dict[str, Any], _world: World, _shift: TimeShift) -> str:
    problem_answer(404, answer)
    return "404 with a problem"


def deliveries_resend(answer: dict[str, Any], world: World, shift: TimeShift) -> str:
    json_answer(202, answer)
    world.wait_for_request(shift.move(DELIVERED))
    return "202, and the receiver got the report again"


def deliveries_replay(answer: dict[str, Any], world: World, shift: TimeShift) -> str:
    replay = json_answer(202, answer)
    expect(replay["status"], "counting", "the status of the replay")
    world.wait_for_request(shift.move(DELIVERED))
    world.wait_for("the end of the replay", lambda: _is_completed(world.replay(replay["id"])))
    return "202, and the replay sent the report again"


def _is_completed(replay: Item | None) -> bool:
    return replay is not None and replay["status"] == "completed"


def deliveries_erase(answer: dict[str, Any], world: World, shift: TimeShift) -> str:
    text_answer(204, answer)
    report_id = shift.move(DELIVERED)
    expect(world.delivery(report_id), None, "the log entry of the report")
    stored(world.tombstone(report_id), "the report's tombstone")
    return "204, the report is deleted and has its tombstone"


# ---- replay, eraser, stats


def replay_job(answer: dict[str, Any], world: World, shift: TimeShift) -> str:
    # The message stays in its queue until the log shows all deliveries of the replay.
    returned = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
    expect(returned in ([], ["059f36b4-87a3-44ab-83d2-661975830a7d"]), True, f"returned messages: {returned}")
    world.wait_for_request(shift.move(DELIVERED))
    job = stored(world.replay(shift.move(REPLAY)), "the replay")
    expect((job["status"] in ("sending", "completed"), job["total"]), (True, 1), f"the replay, {job['status']}")
    return "the receiver got the report again, and the replay has counted it"


def eraser_report(answer: dict[str, Any], world: World, shift: TimeShift) -> str:
    all_deleted(answer)
    report_id = shift.move(DELIVERED)
    expect(world.delivery(report_id), None, "the log entry of the report")
    stored(world.tombstone(report_id), "the report's tombstone")
    return "the report is deleted and has its tombstone"


def eraser_account(answer: dict[str, Any], world: World, _shift: TimeShift) -> str:
    all_deleted(answer)
    expect(world.config_item(f"ACCT#{CLOSING}", "ACCOUNT"), None, "the account")
    expect(world.config_item("ACCOUNTS", CLOSING), None, "the account in the list")
    return "the account is deleted"


def stats_changes(answer: dict[str, Any], world: World, shift: TimeShift) -> str:
    expect(answer, {"state": {}}, "the answer")
    # Two hours before all other deliveries, which the local cloud itself counts.
    hour = shift.move("2021-04-09T14:27:56")[:13]
    expect((world.figures(hour) or {}).get("delivered"), 1, f"deliveries in the figures of {hour}")
    return f"the figures of {hour} count the delivery"


EVENTS = (
    Event("authorizer-request.json", authorizer_request, World.clear_key_use),
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
    Event("replay-job.json", replay_job, World.create_replay),
    Event("eraser-report.json", eraser_report),
    Event("eraser-account.json", eraser_account),
    Event("stats-changes.json", stats_changes),
)
