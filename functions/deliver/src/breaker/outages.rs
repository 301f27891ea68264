//! Changes of a webhook's health that its account and the operator are told of. A message about an outage is claimed
//! before it is sent and noted afterwards, so that one instance sends it, and another one if that crashes.

use std::sync::Arc;

use callhook::health::OutageNotice;
use callhook::store::WebhookHealth;
use callhook::telemetry::ErrorChain;
use callhook::webhook::DisabledReason;
use jiff::Timestamp;

use super::Breaker;
use crate::call_budget::no_answer;
use crate::target::Target;

/// A change of a webhook's health that others are told of.
pub(crate) struct Change {
    pub(crate) target: Arc<Target>,
    pub(crate) what: WhatChanged,
}

/// What changed.
pub(crate) enum WhatChanged {
    /// It was deactivated.
    Disabled(DisabledReason),
    /// Its circuit has been open for a while.
    Failing {
        /// When it opened.
        since: Timestamp,
        /// Failures in a row, as far as they were counted.
        failures: u32,
        /// What the receiver answered to the probe.
        reason: String,
    },
    /// After an announced outage it accepted something, and its circuit is closed.
    Recovered {
        /// When the outage began.
        since: Timestamp,
    },
}

impl<H: WebhookHealth> Breaker<H> {
    /// Claims a message about the outage that began at `outage`. Without an answer of the table it is not claimed.
    pub(crate) async fn claim_notice(
        &self,
        target: &Target,
        notice: OutageNotice,
        outage: Timestamp,
        now: Timestamp,
    ) -> bool {
        let webhook = target.version();
        let claim = self.budget.ask(self.store.claim_notice(&webhook, notice, outage, now)).await;
        let claim = claim.unwrap_or_else(|| Err(no_answer("messages about outages")));
        claim.unwrap_or_else(|error| {
            tracing::warn!(webhook_id = %target.webhook.id, error = %ErrorChain(&error),
                "failed to claim a message about an outage");
            false
        })
    }

    /// Notes that the message was sent. If that fails it is sent once more.
    pub(crate) async fn mark_notice_sent(
        &self,
        target: &Target,
        notice: OutageNotice,
        outage: Timestamp,
    ) {
        let webhook = target.version();
        let noted = self.budget.ask(self.store.mark_notice_sent(&webhook, notice, outage)).await;
        if let Err(error) = noted.unwrap_or_else(|| Err(no_answer("messages about outages"))) {
            tracing::warn!(webhook_id = %target.webhook.id, error = %ErrorChain(&error),
                "failed to note a message about an outage");
        }
    }
}
