//! Webhooks, subscriptions, previews and trials.

use callhook::domain::delivery::OutcomeExplanation;
use callhook::domain::delivery::SuccessCodes;
use serde_json::{Value, json};

use super::{WEBHOOK, figures, with};

/// When the webhook was created.
const CREATED_AT: &str = "2023-06-30T03:34:18.518Z";
/// When the webhook was changed.
const CHANGED_AT: &str = "2023-06-30T04:10:55.2Z";
const SUBSCRIPTION: &str = "01890a5e-1c3f-7a52-9d1e-6f0b2c4d8e90";

/// The request that creates the webhook.
pub(crate) fn new() -> Value {
    json!({
        "name": "CRM", "url": "https://crm.example.com/calls?id={{id}}", "method": "POST",
        "headers": {"Authorization": "Bearer %token%"}, "secrets": {"token": "a-secret-of-mine"},
        "body": {"format": "json", "template": {"to": "{{to}}", "status": "{{status}}"}},
        "retry": {"schedule": [5, 300]}, "timeout_seconds": 15, "success_codes": [200, 202],
    })
}

/// The webhook in responses to changes.
pub(crate) fn webhook() -> Value {
    json!({
        "id": WEBHOOK, "name": "CRM", "method": "POST",
        "url": "https://crm.example.com/calls?id={{id}}",
        "headers": {"Authorization": "Bearer %token%"},
        "body": {"format": "json", "template": {"to": "{{to}}", "status": "{{status}}"}},
        "status": "active", "retry": {"schedule": [5, 300]}, "timeout_seconds": 15,
        "success_codes": [200, 202], "secrets": {"token": {"set_at": CREATED_AT}},
        "signing": {"set_at": CREATED_AT, "earlier": []},
        "version": 1, "created_at": CREATED_AT, "updated_at": CREATED_AT,
    })
}

/// The webhook in the response to `GET`.
pub(crate) fn read() -> Value {
    let failure = json!({
        "at": "2026-11-22T23:00:00Z", "status_code": 503, "meaning": meaning(503),
    });
    let health = json!({
        "circuit": "open", "open_since": "2026-11-22T23:00:00Z",
        "next_probe_at": "2026-11-22T23:04:00Z", "consecutive_failures": 12,
        "failing_since": "2026-11-22T22:58:31Z", "disable_at": "2026-11-27T22:58:31Z",
        "last_failure": failure, "last_success_at": "2026-11-20T08:15:02Z",
    });
    with(webhook(), "health", health)
}

/// The webhook in a list with summaries.
pub(crate) fn listed() -> Value {
    with(read(), "summary", figures::summary())
}

/// The response with the created webhook.
pub(crate) fn made() -> Value {
    let secret = json!("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    with(with_warning(webhook()), "secret", secret)
}

/// The webhook after its settings were replaced.
pub(crate) fn replaced() -> Value {
    let replaced = with(webhook(), "version", json!(2));
    let token = json!({"token": {"set_at": CHANGED_AT}});
    with_warning(with(with(replaced, "secrets", token), "updated_at", json!(CHANGED_AT)))
}

/// The webhook after its timeout was changed.
pub(crate) fn changed() -> Value {
    let changed = with(webhook(), "timeout_seconds", json!(10));
    with_warning(with(with(changed, "version", json!(2)), "updated_at", json!(CHANGED_AT)))
}

/// Adds the warning about variables in the URL.
fn with_warning(webhook: Value) -> Value {
    let message = "holds variables, which `webhook-signature` does not cover: have the receiver verify \
                   `webhook-url-signature` before it uses them";
    with(webhook, "warnings", json!([{"field": "url", "message": message}]))
}

/// The webhook after its secret was rotated.
pub(crate) fn rotated() -> Value {
    let signing = json!({
        "set_at": CHANGED_AT, "earlier": [{"until": "2023-06-30T05:10:55.2Z"}],
    });
    let rotated = with(with(webhook(), "signing", signing), "version", json!(2));
    let rotated = with(rotated, "updated_at", json!(CHANGED_AT));
    with(rotated, "secret", json!("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"))
}

/// The request for a preview.
pub(crate) fn new_preview() -> Value {
    json!({
        "webhook": {"url": "https://crm.example.com/calls?to={{to}}", "method": "GET"},
        "sample": "OBD",
    })
}

/// The preview of a request.
pub(crate) fn preview() -> Value {
    let message = "`GET` has no body, so `webhook-signature` covers none of the content: have the receiver verify \
                   `webhook-url-signature`";
    json!({
        "method": "GET", "url": "https://crm.example.com/calls?to=918867130000",
        "headers": {
            "webhook-id": "0178b776-1ef8-8b84-b3cc-9e478dccfe28",
            "webhook-timestamp": "1617985676", "webhook-signature": "v1,•••",
            "webhook-url-signature": "v1,•••",
        },
        "body": null,
        "warnings": [{"field": "method", "message": message}],
    })
}

/// The request for a trial.
pub(crate) fn new_trial() -> Value {
    json!({"sample": "C2C"})
}

/// The result of a trial.
pub(crate) fn trial() -> Value {
    json!({
        "id": "test_7f0c51d2-3b6a-4e8f-9c1d-2a5b7e9f0c13", "taken": true, "status_code": 200,
        "meaning": meaning(200), "latency_ms": 41, "sent_at": "2026-11-22T22:41:07.331Z",
        "ended_at": "2026-11-22T22:41:07.372Z",
        "request": {
            "method": "POST",
            "url": "https://crm.example.com/calls?id=test_7f0c51d2-3b6a-4e8f-9c1d-2a5b7e9f0c13",
        },
        "address": "203.0.113.7:443", "http_version": "1.1", "response_bytes": 2,
        "response_headers": {"content-length": "2", "server": "nginx"},
        "response": {"text": "ok"},
    })
}

/// The request that creates the subscription.
pub(crate) fn new_subscription() -> Value {
    json!({"identity": "source:OBD", "webhook_id": WEBHOOK})
}

/// The subscription.
pub(crate) fn subscription() -> Value {
    json!({
        "id": SUBSCRIPTION, "event": "voice:message:out", "identity": "source:OBD",
        "webhook_id": WEBHOOK, "created_at": "2023-06-30T03:34:47.071Z",
    })
}

/// The meaning of a receiver's status.
pub(super) fn meaning(status: u16) -> String {
    OutcomeExplanation::new(Ok(status), &SuccessCodes::default()).to_string()
}

#[cfg(test)]
mod tests {
    use callhook::domain::webhook::{Webhook, WebhookDraft};
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn the_example_responses_match_the_example_requests() {
        let at: Timestamp = CREATED_AT.parse().unwrap();
        let draft = WebhookDraft::create(new().as_object().unwrap(), at).unwrap();
        let warnings = json!(draft.warnings());
        let made = Webhook { id: WEBHOOK.parse().unwrap(), ..Webhook::new(draft, at) };
        assert_eq!(made.to_json(), webhook());
        assert_eq!(super::made()["warnings"], warnings);
        let preview = new_preview()["webhook"].clone();
        let preview = with(preview, "name", json!("preview"));
        let draft = WebhookDraft::create(preview.as_object().unwrap(), at).unwrap();
        assert_eq!(super::preview()["warnings"], json!(draft.warnings()));
    }
}
