//! Asking a receiver whether it wants a webhook's reports, before the webhook is stored.

use callhook::account::AccountId;
use callhook::fields::{FieldErrors, Fields};
use callhook::http_api::{Problem, ProblemKind};
use callhook::outbound::Outbound;
use callhook::request::ReportView;
use callhook::webhook::{Challenge, VerificationToken, Webhook};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Map;

use crate::sample::{Sample, complete, not_rendered};
use crate::trial::{compiled, send_now};

/// Fails with 422 and the reason if the receiver of `webhook` does not answer as it should.
pub(crate) async fn verify<O: Outbound>(
    client: &O,
    account: &AccountId,
    webhook: &Webhook,
    token: &VerificationToken,
    now: Timestamp,
) -> Result<(), Problem> {
    let nothing_said = Map::new();
    let mut fields = Fields::new(&nothing_said);
    let sample = Sample::read(&mut fields, account, now);
    let sample = complete(sample, fields)?;
    let view = ReportView { id: sample.id, report: &sample.report, zone: &TimeZone::UTC };
    let challenge = Challenge::generate().map_err(|error| {
        Problem::new(ProblemKind::Unavailable, format!("The receiver was not asked: {error}."))
    })?;
    let request = challenge
        .request(token, webhook, &compiled(webhook)?, view, now)
        .map_err(|error| not_rendered(&error))?;
    let attempt = send_now(client, account, webhook, request).await?;
    challenge
        .check(&attempt)
        .map_err(|error| Problem::invalid_fields(FieldErrors::of("verification", error)))
}
