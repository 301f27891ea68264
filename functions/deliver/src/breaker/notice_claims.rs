//! Claims of outage notices. A notice is claimed before it is sent and recorded afterwards, so that one
//! instance sends it, and another one if that crashes.

use callhook::domain::health::OutageNotice;
use callhook::ports::store::WebhookHealth;
use callhook::runtime::telemetry::ErrorChain;
use jiff::Timestamp;

use super::Breaker;
use crate::call_budget::no_answer;
use crate::target::Target;

impl<H: WebhookHealth> Breaker<H> {
    /// Claims a notice about the outage that began at `outage`; `false` if the table does not answer.
    pub(crate) async fn claim_notice(
        &self,
        target: &Target,
        notice: OutageNotice,
        outage: Timestamp,
        now: Timestamp,
    ) -> bool {
        let webhook = target.version();
        let claim = self.budget.run(self.store.claim_notice(&webhook, notice, outage, now)).await;
        let claim = claim.unwrap_or_else(|| Err(no_answer("outage notices")));
        claim.unwrap_or_else(|error| {
            tracing::warn!(webhook_id = %target.webhook.id, error = %ErrorChain(&error),
                "failed to claim an outage notice");
            false
        })
    }

    /// Records that the notice was sent. If that fails, it is sent once more.
    pub(crate) async fn mark_notice_sent(
        &self,
        target: &Target,
        notice: OutageNotice,
        outage: Timestamp,
    ) {
        let webhook = target.version();
        let recorded = self.budget.run(self.store.mark_notice_sent(&webhook, notice, outage)).await;
        if let Err(error) = recorded.unwrap_or_else(|| Err(no_answer("outage notices"))) {
            tracing::warn!(webhook_id = %target.webhook.id, error = %ErrorChain(&error),
                "failed to record an outage notice");
        }
    }
}
