//! Reports, deliveries and replays.

use callhook::domain::delivery::NoResponse;
use callhook::http_api::{ErrorView, Problem};
use callhook::input::fields::FieldErrors;
use serde_json::{Value, json};

use super::webhooks::meaning;
use super::{REPORT, WEBHOOK, page, with};

const RECEIVED_AT: &str = "2021-04-09T16:27:56.012Z";
const RESEND: &str = "0178b77a-d5a0-7b6c-9d8e-7f6a5b4c3d2e";
const REPLAY: &str = "0193a7c1-5b2e-7c3d-8f4a-1e2d3c4b5a69";

/// A report.
pub(crate) fn report() -> Value {
    json!({
        "source": "OBD", "bridge": 918_068_280_000_u64, "from": 918_919_520_000_u64,
        "to": 918_867_130_000_u64, "start_at": "2021-04-09 16:27:39",
        "end_at": "2021-04-09 16:27:55", "duration": "23", "status": "ANSWER",
    })
}

/// The response to the report.
pub(crate) fn accepted() -> Value {
    json!({"id": REPORT})
}

/// The response to two reports, one of which is refused.
pub(crate) fn accepted_in_part() -> Value {
    let errors = FieldErrors::of("status", "must be a string, not a number");
    json!({
        "accepted": 1, "refused": 1,
        "reports": [
            {"index": 0, "id": REPORT},
            {"index": 1, "error": Problem::invalid_fields(errors).to_value()},
        ],
    })
}

/// The report and its delivery.
pub(crate) fn found() -> Value {
    json!({
        "id": REPORT, "status": "retrying", "received_at": RECEIVED_AT, "report": report(),
        "deliveries": [retrying()],
    })
}

/// A search that finds the report.
pub(crate) fn searched() -> Value {
    with(page([row()]), "searched_to", Value::Null)
}

fn row() -> Value {
    json!({
        "id": REPORT, "status": "failed", "received_at": RECEIVED_AT, "event": "voice:message:out",
        "start_at": "2021-04-09 16:27:39", "end_at": "2021-04-09 16:27:55",
        "from": "918919520000", "to": "918867130000", "bridge": "918068280000", "mid": null,
        "call_id": null, "flow_id": null, "source": "OBD", "call_status": "ANSWER",
        "deliveries": [
            {"webhook_id": WEBHOOK, "status": "failed", "updated_at": "2021-04-09T16:33:18.93Z"},
        ],
    })
}

/// The delivery in a list, while a retry is scheduled.
fn retrying() -> Value {
    let last = json!({
        "at": "2021-04-09T16:28:02.377Z", "number": 2, "trigger": "automatic", "status_code": 503,
        "latency_ms": 41, "sent_at": "2021-04-09T16:28:02.331Z",
        "ended_at": "2021-04-09T16:28:02.372Z", "address": "203.0.113.7:443",
        "http_version": "1.1", "response_bytes": 0,
    });
    json!({
        "id": id(), "webhook_id": WEBHOOK, "report_id": REPORT, "status": "retrying",
        "next_attempt_at": "2021-04-09T16:33:02.377Z", "received_at": RECEIVED_AT,
        "updated_at": "2021-04-09T16:28:02.377Z", "attempt_count": 2, "last_attempt": last,
    })
}

/// The delivery in a list, after it failed.
pub(crate) fn failed() -> Value {
    json!({
        "id": id(), "webhook_id": WEBHOOK, "report_id": REPORT, "status": "failed",
        "detail": meaning(500), "received_at": RECEIVED_AT,
        "updated_at": "2021-04-09T16:33:18.93Z", "attempt_count": 2,
        "last_attempt": timed_out(),
    })
}

/// The delivery with its attempts.
pub(crate) fn delivery() -> Value {
    let first = json!({
        "at": "2021-04-09T16:27:56.377Z", "number": 1, "trigger": "automatic", "status_code": 500,
        "latency_ms": 41, "sent_at": "2021-04-09T16:27:56.331Z",
        "ended_at": "2021-04-09T16:27:56.372Z", "request": request(), "address": "203.0.113.7:443",
        "http_version": "1.1", "response_bytes": 13,
        "response_headers": {"content-length": "13", "server": "nginx", "set-cookie": "•••"},
        "response": {"text": "<h1>Oops</h1>"},
    });
    json!({
        "id": id(), "webhook_id": WEBHOOK, "report_id": REPORT, "status": "failed",
        "detail": meaning(500), "received_at": RECEIVED_AT,
        "updated_at": "2021-04-09T16:33:18.93Z", "report": report(),
        "attempts": [first, with(timed_out(), "request", request())],
    })
}

/// An attempt of a resend, as lists show it.
fn timed_out() -> Value {
    json!({
        "at": "2021-04-09T16:33:18.93Z", "number": 1, "trigger": "manual", "resend_id": RESEND,
        "error": ErrorView::from(NoResponse::TimeoutResponse), "latency_ms": 15_002,
        "sent_at": "2021-04-09T16:33:03.926Z", "ended_at": "2021-04-09T16:33:18.928Z",
        "address": "203.0.113.7:443",
    })
}

fn request() -> Value {
    json!({"method": "POST", "url": format!("https://crm.example.com/calls?id={REPORT}")})
}

/// The response to a resend.
pub(crate) fn resend() -> Value {
    json!({"id": RESEND, "delivery_id": id()})
}

fn id() -> String {
    format!("{WEBHOOK}.{REPORT}")
}

/// The request that starts a replay.
pub(crate) fn new_replay() -> Value {
    json!({"from": "2026-11-22T08:00:00Z", "to": "2026-11-22T12:00:00Z"})
}

/// The replay after its start.
pub(crate) fn replay() -> Value {
    json!({
        "id": REPLAY, "webhook_id": WEBHOOK, "deliveries": "failed",
        "from": "2026-11-22T08:00:00Z", "to": "2026-11-22T12:00:00Z", "status": "counting",
        "total": null, "queued": 0, "done": 0, "missing": 0,
        "created_at": "2026-11-22T12:31:27.15Z", "updated_at": "2026-11-22T12:31:27.15Z",
    })
}

/// The replay with `status`, some seconds later.
pub(crate) fn replay_in_progress(status: &str) -> Value {
    let replay = with(replay(), "status", json!(status));
    let replay = with(with(replay, "total", json!(4)), "queued", json!(2));
    let replay = with(replay, "done", json!(2));
    with(replay, "updated_at", json!("2026-11-22T12:31:33.804Z"))
}
