//! The health of a webhook in API responses.

use callhook::domain::delivery::OutcomeExplanation;
use callhook::domain::delivery::SuccessCodes;
use callhook::domain::health::{DisableAfter, Health, LastFailure};
use callhook::domain::webhook::{Webhook, WebhookStatus};
use callhook::http_api::ErrorView;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

/// The webhook as JSON, with its health.
pub(crate) fn with_health(
    webhook: &Webhook,
    health: Option<&Health>,
    disable_after: DisableAfter,
    now: Timestamp,
) -> Value {
    let mut shown = webhook.to_json();
    if let Some(object) = shown.as_object_mut() {
        let health = HealthView::new(webhook, health, disable_after, now);
        object.insert("health".to_owned(), json!(health));
    }
    shown
}

#[derive(Debug, Serialize, PartialEq, Eq)]
struct HealthView {
    circuit: Circuit,
    #[serde(skip_serializing_if = "Option::is_none")]
    open_since: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_probe_at: Option<Timestamp>,
    consecutive_failures: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    failing_since: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disable_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_failure: Option<FailureView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_success_at: Option<Timestamp>,
}

#[derive(Debug, Serialize, PartialEq, Eq, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Circuit {
    Closed,
    Open,
    HalfOpen,
}

#[derive(Debug, Serialize, PartialEq, Eq)]
struct FailureView {
    at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorView>,
    meaning: String,
}

impl HealthView {
    /// Ignores the `health` of an earlier version: a change of the webhook resets its health. The
    /// version by which Callhook deactivates a webhook keeps the failures that led to it.
    fn new(
        webhook: &Webhook,
        health: Option<&Health>,
        disable_after: DisableAfter,
        now: Timestamp,
    ) -> Self {
        let is_disabled = matches!(webhook.settings.status, WebhookStatus::Disabled { .. });
        let is_current = |health: &&Health| {
            health.version == webhook.version
                || (is_disabled && health.version.checked_add(1) == Some(webhook.version))
        };
        let Some(health) = health.filter(is_current) else { return Self::healthy() };
        let circuit = health.circuit.filter(|_| !is_disabled);
        let next_probe_at = circuit.map(|circuit| circuit.until).filter(|until| now < *until);
        let is_active = webhook.settings.status == WebhookStatus::Active;
        let failing_since = health.failing_since;
        let disable_at = failing_since.filter(|_| is_active);
        let codes = &webhook.settings.success_codes;
        Self {
            circuit: match (circuit, next_probe_at) {
                (None, _) => Circuit::Closed,
                (Some(_), Some(_)) => Circuit::Open,
                (Some(_), None) => Circuit::HalfOpen,
            },
            open_since: circuit.and_then(|circuit| circuit.since),
            next_probe_at,
            consecutive_failures: health.failures,
            failing_since,
            disable_at: disable_at
                .and_then(|since| since.checked_add(disable_after.duration()).ok()),
            last_failure: health.last_failure.map(|last| FailureView::new(&last, codes)),
            last_success_at: health.last_success_at,
        }
    }

    /// The health of a webhook without attempts.
    fn healthy() -> Self {
        Self {
            circuit: Circuit::Closed,
            open_since: None,
            next_probe_at: None,
            consecutive_failures: 0,
            failing_since: None,
            disable_at: None,
            last_failure: None,
            last_success_at: None,
        }
    }
}

impl FailureView {
    fn new(last: &LastFailure, success_codes: &SuccessCodes) -> Self {
        let result = last.result();
        Self {
            at: last.at,
            status_code: result.ok(),
            error: result.err().map(ErrorView::from),
            meaning: OutcomeExplanation::new(result, success_codes).to_string(),
        }
    }
}

#[cfg(test)]
mod tests;
