//! The breaker opens after ten consecutive failures of all instances together, after half of at least 20
//! attempts of an instance in its window, and again after a failed probe.

use std::sync::Arc;

use callhook::domain::delivery::OutcomeExplanation;
use callhook::domain::health::{Health, LastFailure, OpenCircuit};
use callhook::domain::webhook::DisabledReason;
use callhook::ports::store::{StoreError, WebhookHealth};
use callhook::runtime::telemetry::metrics::Counter;

use super::window::Window;
use super::{Breaker, Change, ChangeKind, Signal};
use crate::target::Target;

impl<H: WebhookHealth> Breaker<H> {
    /// Counts failures of a webhook, and opens its circuit or disables it if they suffice.
    pub(super) async fn note_failures(
        &self,
        target: &Arc<Target>,
        failures: u32,
        last: LastFailure,
        probe: Option<&Signal>,
        window: Window,
    ) -> Result<Option<Change>, StoreError> {
        let (known, now) = (target.health(), last.at);
        let health = self.store.add_failures(&target.version(), failures, last).await?;
        target.set_health(Some(health.clone()));
        let Some(since) = health.failing_since else { return Ok(None) };
        if self.has_failed_for_long(&health, since, now) {
            return self.disable(target, DisabledReason::Failing, now).await;
        }
        if let Some(probe) = probe {
            let before = known.and_then(|known| known.circuit).or(health.circuit);
            let circuit = OpenCircuit::opening(now, before);
            self.open(target, circuit).await?;
            let failures = health.failures;
            let open = Health { circuit: Some(circuit), ..health };
            let outage = open.outage_to_announce(now, self.periods.announce_after);
            let codes = &target.webhook.settings.success_codes;
            let reason = || OutcomeExplanation::new(probe.result, codes).to_string();
            let kind = |since| ChangeKind::Failing { since, failures, reason: reason() };
            return Ok(outage.map(|since| Change { target: Arc::clone(target), kind: kind(since) }));
        }
        let consecutive =
            health.failures >= Health::MAX_FAILURES && !window.has_success_since(since);
        if health.circuit.is_none() && (consecutive || window.is_failing()) {
            self.open(target, OpenCircuit::opening(now, None)).await?;
        }
        Ok(None)
    }

    pub(super) async fn open(
        &self,
        target: &Target,
        circuit: OpenCircuit,
    ) -> Result<(), StoreError> {
        tracing::info!(webhook_id = %target.webhook.id, level = circuit.level, "circuit opened");
        let mut health = target.health().unwrap_or_default();
        health.version = target.webhook.version;
        health.circuit = Some(circuit);
        target.set_health(Some(health));
        let is_opened = self.store.open_circuit(&target.version(), circuit).await?;
        // Counted once, not for each failed probe.
        if is_opened && circuit.level == 1 {
            self.metrics.count(Counter::CircuitsOpened);
        }
        Ok(())
    }
}
