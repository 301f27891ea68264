//! Updates the health of webhooks by the signals of attempts.

use std::collections::HashMap;
use std::sync::PoisonError;

use callhook::domain::health::{Health, LastFailure, OpenCircuit};
use callhook::domain::ids::WebhookId;
use callhook::domain::webhook::DisabledReason;
use callhook::ports::store::{StoreError, WebhookHealth};
use callhook::runtime::telemetry::ErrorChain;
use futures_util::future::join_all;
use jiff::Timestamp;

use super::window::Window;
use super::{Breaker, Change, Signal};
use crate::call_budget::no_answer;
use crate::pending::later;
use crate::target::Target;
use crate::verdict::Verdict;

impl<H: WebhookHealth> Breaker<H> {
    /// Updates the health of each webhook; gives the changes to announce.
    pub(crate) async fn update_health(&self, signals: Vec<Signal>, now: Timestamp) -> Vec<Change> {
        let mut groups: HashMap<WebhookId, Vec<Signal>> = HashMap::new();
        for signal in signals {
            groups.entry(signal.target.webhook.id).or_default().push(signal);
        }
        let updated = groups.into_values().map(|signals| async move {
            let updated = self.budget.run(self.update_one(&signals, now)).await;
            updated.unwrap_or_else(|| Err(no_answer("the health of webhooks"))).unwrap_or_else(
                |error| {
                    tracing::warn!(error = %ErrorChain(&error), "failed to update webhook health");
                    None
                },
            )
        });
        join_all(updated).await.into_iter().flatten().collect()
    }

    /// Updates the health of one webhook.
    async fn update_one(
        &self,
        signals: &[Signal],
        now: Timestamp,
    ) -> Result<Option<Change>, StoreError> {
        let Some(target) = signals.first().map(|signal| &signal.target) else { return Ok(None) };
        let failures = signals.iter().filter(|signal| !signal.is_success()).count();
        let failures = u32::try_from(failures).unwrap_or(u32::MAX);
        let successes = u32::try_from(signals.len()).unwrap_or(u32::MAX) - failures;
        let window = self.window(target.webhook.id, successes, failures, now);

        if signals.iter().any(|signal| signal.latency >= Health::SLOW) {
            self.mark_slow(target, now).await?;
        }
        if signals.iter().any(|signal| signal.verdict == Verdict::Gone) {
            return self.disable(target, DisabledReason::Gone, now).await;
        }
        if successes > 0 {
            let is_probed = signals.iter().any(|signal| signal.is_probe && signal.is_success());
            let recovered = self.note_success(target, is_probed, now).await?;
            if failures > 0 && window.is_failing() {
                self.open(target, OpenCircuit::opening(now, None)).await?;
            }
            return Ok(recovered);
        }
        let probe = signals.iter().find(|signal| signal.is_probe);
        let Some(last) = signals.last() else { return Ok(None) };
        let last = LastFailure::new(now, last.result);
        self.note_failures(target, failures, last, probe, window).await
    }

    /// Marks a webhook and its account as slow, unless their marks last for some time to come.
    pub(crate) async fn mark_slow(
        &self,
        target: &Target,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut health = target.health().unwrap_or_default();
        if health.is_slow(later(now, Health::SLOW_FOR / 2)) {
            return Ok(());
        }
        let until = later(now, Health::SLOW_FOR);
        (health.version, health.slow_until) = (target.webhook.version, Some(until));
        target.set_health(Some(health));
        self.store.mark_slow(&target.version(), until).await?;
        let account = &target.account_id;
        let Some(until) = self.slow_accounts.mark(account, now) else { return Ok(()) };
        let marked = self.store.mark_account_slow(account, until).await;
        marked.inspect_err(|_| self.slow_accounts.unmark(account))
    }

    /// Counts attempts of this instance.
    fn window(&self, webhook: WebhookId, successes: u32, failures: u32, now: Timestamp) -> Window {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        // A failure rate does not begin with a success, so webhooks that do not fail need no window.
        if failures == 0 && !windows.contains_key(&webhook) {
            return Window::default();
        }
        let window = windows.entry(webhook).or_default();
        window.add(successes, failures, now);
        *window
    }
}
