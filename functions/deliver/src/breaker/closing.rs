//! The breaker closes with a probe that the receiver accepted.

use std::sync::Arc;

use callhook::domain::health::Health;
use callhook::ports::store::{StoreError, WebhookHealth};
use callhook::runtime::telemetry::metrics::Counter;
use jiff::Timestamp;

use super::{Breaker, Change, ChangeKind};
use crate::target::Target;

impl<H: WebhookHealth> Breaker<H> {
    /// Notes a success. It is written only if the webhook was failing, and then ends the clock of failures. A
    /// probe alone closes an open circuit: other requests were sent before it opened, or are resends.
    pub(super) async fn note_success(
        &self,
        target: &Arc<Target>,
        is_probed: bool,
        now: Timestamp,
    ) -> Result<Option<Change>, StoreError> {
        let Some(health) = target.health() else { return Ok(None) };
        let closing = health.circuit.filter(|_| is_probed);
        let circuit = if closing.is_some() { None } else { health.circuit };
        // Also of a webhook that was changed meanwhile, or whose recovery an instance that crashed did not announce.
        let recovered = health.possibly_announced_outage().filter(|_| circuit.is_none());
        if closing.is_none() && health.failing_since.is_none() && recovered.is_none() {
            return Ok(None);
        }
        let (version, slow_until) = (target.webhook.version, health.slow_until);
        let mut healthy = Health { version, slow_until, circuit, ..Health::default() };
        if recovered.is_none() {
            (healthy.announced_outage, healthy.claimed_outage) =
                (health.announced_outage, health.claimed_outage);
        }
        target.set_health(Some(healthy));
        if let Some(closing) = closing {
            tracing::info!(webhook_id = %target.webhook.id, "circuit closed");
            if self.store.close_circuit(&target.version(), closing.level, now).await? {
                self.metrics.count(Counter::CircuitsClosed);
            }
        } else if health.failing_since.is_some() {
            self.store.clear_failures(&target.version(), now).await?;
        }
        let kind = |since| ChangeKind::Recovered { since };
        Ok(recovered.map(|since| Change { target: Arc::clone(target), kind: kind(since) }))
    }
}
