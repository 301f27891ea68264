//! Reports, deliveries and attempts in API responses.

use std::time::Duration;

use callhook::domain::delivery::{
    DeliveryKey, DeliveryState, DeliverySummary, LoggedAttempt, LoggedDelivery, LoggedReport,
    ResponseBody, SkipReason, Trigger,
};
use callhook::domain::ids::{ReplayId, ReportId, ResendId, WebhookId};
use callhook::domain::report::Report;
use callhook::http_api::{ErrorView, EvidenceView, ShownUrl};
use jiff::Timestamp;
use serde::Serialize;

/// A report and its deliveries.
#[derive(Serialize)]
pub(crate) struct ReportView<'a> {
    id: ReportId,
    status: &'static str,
    #[serde(flatten)]
    why: Option<Why>,
    received_at: Timestamp,
    report: &'a Report,
    deliveries: Vec<SummaryView<'a>>,
}

/// A delivery in a list.
#[derive(Serialize)]
pub(crate) struct SummaryView<'a> {
    #[serde(flatten)]
    head: Head,
    attempt_count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_attempt: Option<AttemptView<'a>>,
}

/// A delivery with its report and attempts.
#[derive(Serialize)]
pub(crate) struct DeliveryView<'a> {
    #[serde(flatten)]
    head: Head,
    #[serde(skip_serializing_if = "Option::is_none")]
    replay_id: Option<ReplayId>,
    report: &'a Report,
    attempts: Vec<AttemptView<'a>>,
}

/// The fields that all views of a delivery have.
#[derive(Serialize)]
struct Head {
    id: String,
    webhook_id: WebhookId,
    report_id: ReportId,
    status: &'static str,
    #[serde(flatten)]
    why: Option<Why>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_attempt_at: Option<Timestamp>,
    received_at: Timestamp,
    updated_at: Timestamp,
}

/// Why a report or a delivery ended without being delivered.
#[derive(Serialize)]
struct Why {
    /// For programs; only of a skipped one.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<SkipReason>,
    /// For people.
    detail: String,
}

#[derive(Serialize)]
struct AttemptView<'a> {
    at: Timestamp,
    number: u32,
    trigger: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    resend_id: Option<ResendId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replay_id: Option<ReplayId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorView>,
    latency_ms: u64,
    #[serde(flatten)]
    evidence: Option<EvidenceView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<&'a ResponseBody>,
}

impl<'a> ReportView<'a> {
    pub(crate) fn new(id: ReportId, logged: &'a LoggedReport) -> Self {
        Self {
            id,
            status: logged.status(),
            why: logged.deliveries.is_empty().then(|| Why::skipped(SkipReason::NoWebhook)),
            received_at: logged.received_at,
            report: &logged.report,
            deliveries: logged.deliveries.iter().map(SummaryView::new).collect(),
        }
    }
}

impl<'a> SummaryView<'a> {
    pub(crate) fn new(summary: &'a DeliverySummary) -> Self {
        let DeliverySummary { key, state, received_at, updated_at, .. } = summary;
        let last_attempt = summary.last_attempt.as_ref().map(AttemptView::brief);
        Self {
            head: Head::new(*key, state, *received_at, *updated_at),
            attempt_count: summary.attempts,
            last_attempt,
        }
    }
}

impl<'a> DeliveryView<'a> {
    pub(crate) fn new(logged: &'a LoggedDelivery, url: ShownUrl) -> Self {
        let LoggedDelivery { entry, report } = logged;
        Self {
            head: Head::new(entry.key, &entry.state, entry.received_at, entry.updated_at),
            replay_id: entry.replay,
            report,
            attempts: entry.attempts.iter().map(|made| AttemptView::new(made, url)).collect(),
        }
    }
}

impl Head {
    fn new(
        key: DeliveryKey,
        state: &DeliveryState,
        received_at: Timestamp,
        updated_at: Timestamp,
    ) -> Self {
        let (why, next_attempt_at) = match state {
            DeliveryState::Pending { next_attempt_at }
            | DeliveryState::Retrying { next_attempt_at } => (None, Some(*next_attempt_at)),
            DeliveryState::Delivered => (None, None),
            DeliveryState::Failed { reason } => {
                (Some(Why { reason: None, detail: reason.clone() }), None)
            }
            DeliveryState::Skipped { reason } => (Some(Why::skipped(*reason)), None),
        };
        Self {
            id: key.to_string(),
            webhook_id: key.webhook_id,
            report_id: key.report_id,
            status: state.name(),
            why,
            next_attempt_at,
            received_at,
            updated_at,
        }
    }
}

impl Why {
    fn skipped(reason: SkipReason) -> Self {
        Self { reason: Some(reason), detail: reason.to_string() }
    }
}

impl<'a> AttemptView<'a> {
    fn new(attempt: &'a LoggedAttempt, url: ShownUrl) -> Self {
        let (resend_id, replay_id) = match attempt.trigger {
            Trigger::Automatic => (None, None),
            Trigger::Resend { id } => (Some(id), None),
            Trigger::Replay { id, .. } => (None, Some(id)),
        };
        let latency = Duration::from_millis(attempt.latency_ms);
        let evidence =
            |known| EvidenceView::new(known, latency, attempt.status_code.is_some(), url);
        Self {
            at: attempt.at,
            number: attempt.number,
            trigger: attempt.trigger.name(),
            resend_id,
            replay_id,
            status_code: attempt.status_code,
            error: attempt.error.map(ErrorView::from),
            latency_ms: attempt.latency_ms,
            evidence: attempt.evidence.as_ref().map(evidence),
            response: attempt.response.as_ref(),
        }
    }

    /// An attempt in a list.
    fn brief(attempt: &'a LoggedAttempt) -> Self {
        let view = Self::new(attempt, ShownUrl::Origin);
        Self { evidence: view.evidence.map(EvidenceView::brief), response: None, ..view }
    }
}
