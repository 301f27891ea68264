//! Requests to a receiver while the caller of the API waits: trials and verifications. An account may have
//! [`TRIAL_SLOTS`] of them in progress over all instances, and each is logged.

use std::str::FromStr;
use std::time::{Duration, Instant};

use callhook::domain::account::AccountId;
use callhook::domain::compose::Composer;
use callhook::domain::delivery::{Attempt, NoResponse};
use callhook::domain::ids::{TrialId, WebhookId};
use callhook::domain::request::WebhookRequest;
use callhook::domain::webhook::Webhook;
use callhook::http_api::{Caller, Problem, ProblemKind};
use callhook::outbound::Outbound;
use callhook::ports::store::{TRIAL_SLOTS, TrialSlot, TrialSlots};
use callhook::runtime::config::{ConfigError, parsed_or};
use callhook::runtime::telemetry::ErrorChain;
use jiff::Timestamp;

/// The part of a lease beyond the request's timeout: twice 1 s of waiting for a look-up, and 2 s for the
/// response body.
const LEASE_MARGIN: Duration = Duration::from_secs(4);

/// The longest timeout of a trial request, 1 to 25 s: API Gateway waits for 30 s, and the function needs
/// some of that itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TrialTimeout(Duration);

/// The text is not a number of seconds from 1 to 25.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be a whole number of seconds from 1 to {}", TrialTimeout::MAX_SECONDS)]
pub(crate) struct InvalidTrialTimeout;

impl TrialTimeout {
    /// The timeout if `TRIAL_TIMEOUT_SECONDS` is not set.
    pub(crate) const DEFAULT: Self = Self(Duration::from_secs(10));
    const MAX_SECONDS: u64 = 25;

    /// Reads `TRIAL_TIMEOUT_SECONDS`; the default if it is not set.
    pub(crate) fn from_env() -> Result<Self, ConfigError> {
        parsed_or("TRIAL_TIMEOUT_SECONDS", Self::DEFAULT)
    }

    /// The timeout as a duration.
    pub(crate) fn duration(self) -> Duration {
        self.0
    }
}

impl FromStr for TrialTimeout {
    type Err = InvalidTrialTimeout;

    fn from_str(text: &str) -> Result<Self, InvalidTrialTimeout> {
        match text.parse() {
            Ok(seconds @ 1..=Self::MAX_SECONDS) => Ok(Self(Duration::from_secs(seconds))),
            _ => Err(InvalidTrialTimeout),
        }
    }
}

/// The purpose of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// `POST /v1/webhooks/{id}/test`.
    Trial,
    /// `verification` of a new webhook.
    Verification,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Trial => "trial",
            Self::Verification => "verification",
        }
    }
}

/// A trial or verification request, with the fields of its log line.
pub(crate) struct OutgoingRequest<'a> {
    pub(crate) purpose: Purpose,
    pub(crate) id: TrialId,
    pub(crate) account: &'a AccountId,
    pub(crate) caller: &'a Caller,
    pub(crate) webhook: WebhookId,
    pub(crate) request: WebhookRequest,
    pub(crate) timeout: Duration,
}

impl OutgoingRequest<'_> {
    /// Sends the request in a slot of the account. Sends nothing if the account has no free slot (429), or if
    /// DynamoDB is unavailable or this instance lacks the capacity (503).
    pub(crate) async fn send<D: TrialSlots, O: Outbound>(
        self,
        store: &D,
        client: &O,
    ) -> Result<Attempt, Problem> {
        let (now, began) = (Timestamp::now(), Instant::now());
        let slot = store.take_trial_slot(self.account, self.timeout + LEASE_MARGIN, now).await?;
        let lease = match slot {
            TrialSlot::Leased(lease) => lease,
            TrialSlot::NoneUntil(free_at) => return Err(no_slot(free_at, now)),
        };
        let host = self.request.url.host_str().unwrap_or_default().to_owned();
        client.wake();
        // The lease began before the request.
        let timeout = self.timeout.saturating_sub(began.elapsed());
        let sent = client.send(self.account, self.request, timeout).await;
        // The slot is free when its lease ends, so the outcome still counts.
        if let Err(error) = store.release_trial_slot(self.account, lease).await {
            tracing::warn!(error = %ErrorChain(&error), "failed to release a trial slot");
        }
        let attempt = sent.map_err(|error| not_sent(&error))?;
        tracing::info!(key_id = self.caller.key_id(), account_id = %self.account, webhook_id = %self.webhook,
            host, trial_id = %self.id, purpose = self.purpose.name(), status_code = attempt.result.ok(),
            error = attempt.result.err().map(NoResponse::name), "test request sent");
        Ok(attempt)
    }
}

/// The compiled templates of a webhook.
pub(crate) fn compiled(webhook: &Webhook) -> Result<Composer, Problem> {
    Composer::compile(&webhook.settings.request, &webhook.secrets.names())
        .map_err(Problem::invalid_fields)
}

/// 503: the request could not be created or sent.
pub(crate) fn not_sent(error: &impl std::error::Error) -> Problem {
    Problem::new(ProblemKind::Unavailable, format!("Nothing was sent: {error}."))
}

fn no_slot(free_at: Timestamp, now: Timestamp) -> Problem {
    let detail = format!(
        "The account has {TRIAL_SLOTS} trial requests and verifications in progress, the most at a time. Nothing was sent; \
         try again when one of them has ended."
    );
    let wait = u64::try_from(free_at.duration_since(now).as_millis()).unwrap_or_default();
    Problem::rate_limited(detail, wait.div_ceil(1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_timeout_is_1_to_25_seconds() {
        for (text, seconds) in [("1", 1), ("10", 10), ("25", 25)] {
            assert_eq!(text.parse(), Ok(TrialTimeout(Duration::from_secs(seconds))));
        }
        for wrong in ["", "0", "26", "-1", "2.5", "ten"] {
            assert_eq!(wrong.parse::<TrialTimeout>(), Err(InvalidTrialTimeout), "{wrong}");
        }
    }
}
