//! Asks a receiver whether it wants a webhook's reports, before the webhook is stored.

use callhook::domain::request::ReportView;
use callhook::domain::verification::Challenge;
use callhook::domain::webhook::VerificationToken;
use callhook::domain::webhook::Webhook;
use callhook::http_api::{ActingAccount, Problem, WebhooksWrite};
use callhook::input::fields::{FieldErrors, Fields};
use callhook::outbound::Outbound;
use callhook::ports::store::TrialSlots;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Map;

use crate::outgoing::{OutgoingRequest, Purpose, compiled, not_sent};
use crate::sample::{self, complete, not_rendered};

/// Fails with 422 and the reason if the receiver of `webhook` does not answer the challenge.
pub(crate) async fn verify<D: TrialSlots, O: Outbound>(
    store: &D,
    client: &O,
    account: &ActingAccount<WebhooksWrite>,
    webhook: &Webhook,
    token: &VerificationToken,
    now: Timestamp,
) -> Result<(), Problem> {
    let empty = Map::new();
    let mut fields = Fields::new(&empty);
    let report = sample::read(&mut fields);
    let report = complete(report, fields)?;
    let challenge = Challenge::generate().map_err(|error| not_sent(&error))?;
    let id = challenge.id();
    let view = ReportView { id: id.into(), report: &report, zone: &TimeZone::UTC };
    let request = challenge
        .request(token, webhook, &compiled(webhook)?, view, now)
        .map_err(|error| not_rendered(&error))?;
    let outgoing = OutgoingRequest {
        purpose: Purpose::Verification,
        id,
        account: &account.id,
        caller: &account.caller,
        webhook: webhook.id,
        request,
        timeout: webhook.settings.timeout_seconds.duration().min(Challenge::TIMEOUT),
    };
    let attempt = outgoing.send(store, client).await?;
    challenge
        .check(&attempt)
        .map_err(|error| Problem::invalid_fields(FieldErrors::of("verification", error)))
}
