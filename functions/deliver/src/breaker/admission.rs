//! Admission: which deliveries may go now. An open circuit defers deliveries, a half-open one admits one as
//! a probe, and those of slow webhooks move to the Retries queue.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use callhook::domain::health::{CircuitState, Health, OpenCircuit};
use callhook::domain::ids::WebhookId;
use callhook::ports::store::{ProbeClaim, WebhookHealth};
use callhook::runtime::telemetry::ErrorChain;
use futures_util::future::join_all;
use jiff::Timestamp;

use super::Breaker;
use crate::pending::{Deferral, Job, SourceMessage, later};

/// Time to write the outcome of a probe, beside the probe's own timeout.
const PROBE_MARGIN: Duration = Duration::from_secs(15);
/// Delay of deliveries whose circuit cannot be read.
const UNKNOWN_WAIT: Duration = Duration::from_secs(15);

impl<H: WebhookHealth> Breaker<H> {
    /// The jobs that may go now, and the deferred ones.
    pub(crate) async fn admit(&self, jobs: Vec<Job>, now: Timestamp) -> (Vec<Job>, Vec<Deferral>) {
        let (mut admitted, mut deferred) = (Vec::with_capacity(jobs.len()), Vec::new());
        let mut with_health: HashMap<WebhookId, (Health, Vec<Job>)> = HashMap::new();
        for job in jobs {
            match job.target.health() {
                _ if job.delivery.trigger.bypasses_breaker() => admitted.push(job),
                None if self.slow_accounts.delays(&job, None, now) => {
                    deferred.push(Deferral::to_retries_queue(job.delivery, now));
                }
                None => admitted.push(job),
                Some(health) => {
                    let group = with_health.entry(job.target.webhook.id);
                    group.or_insert_with(|| (health, Vec::new())).1.push(job);
                }
            }
        }
        let groups =
            with_health.into_values().map(|(health, jobs)| self.admit_some(health, jobs, now));
        for (some, others) in join_all(groups).await {
            admitted.extend(some);
            deferred.extend(others);
        }
        (admitted, deferred)
    }

    /// Admits jobs of one webhook, which has failed or was slow.
    async fn admit_some(
        &self,
        mut health: Health,
        mut jobs: Vec<Job>,
        now: Timestamp,
    ) -> (Vec<Job>, Vec<Deferral>) {
        if let CircuitState::HalfOpen(circuit) = health.circuit_state(now) {
            let Some(probe) = jobs.pop() else { return (jobs, Vec::new()) };
            let target = Arc::clone(&probe.target);
            let timeout = target.webhook.settings.timeout_seconds.duration();
            // Random, so that no two claims are the same, whatever the clocks of other instances.
            let unique = Duration::from_nanos(fastrand::u64(..1_000_000_000));
            let probe_until = later(now, timeout + PROBE_MARGIN + unique);
            match self.store.claim_probe(&target.version(), &circuit, probe_until).await {
                Ok(ProbeClaim::Granted) => {
                    let circuit = OpenCircuit { probe_until: Some(probe_until), ..circuit };
                    let claimed = Health { circuit: Some(circuit), ..health };
                    let recheck_after = claimed.recheck_after(now);
                    target.set_health(Some(claimed));
                    let probe = Job { probe_until: Some(probe_until), ..probe };
                    return (vec![probe], defer(jobs, probe_until, recheck_after, now));
                }
                Ok(ProbeClaim::Denied(current)) => {
                    jobs.push(probe);
                    target.set_health(current.clone());
                    match current {
                        Some(current) => health = current,
                        None => return (jobs, Vec::new()),
                    }
                }
                Err(error) => {
                    tracing::error!(webhook_id = %target.webhook.id, error = %ErrorChain(&error),
                        "failed to claim a probe");
                    jobs.push(probe);
                    let until = later(now, UNKNOWN_WAIT);
                    return (Vec::new(), defer(jobs, until, UNKNOWN_WAIT, now));
                }
            }
        }
        match health.circuit_state(now) {
            CircuitState::Open(until) => {
                (Vec::new(), defer(jobs, until, health.recheck_after(now), now))
            }
            CircuitState::HalfOpen(_) => {
                (Vec::new(), defer(jobs, later(now, UNKNOWN_WAIT), health.recheck_after(now), now))
            }
            // A batch ends with its last request, so slow receivers would delay new reports.
            CircuitState::Closed => {
                let is_slow = |job: &Job| {
                    let is_marked =
                        health.is_slow(now) && job.delivery.source == SourceMessage::Reports;
                    is_marked || self.slow_accounts.delays(job, Some(&health), now)
                };
                let (slow, admitted): (Vec<_>, Vec<_>) = jobs.into_iter().partition(is_slow);
                let slow =
                    slow.into_iter().map(|job| Deferral::to_retries_queue(job.delivery, now));
                (admitted, slow.collect())
            }
        }
    }
}

/// Defers `jobs` until the circuit is half-open; each looks at it again within `recheck_after`.
fn defer(
    jobs: Vec<Job>,
    half_open: Timestamp,
    recheck_after: Duration,
    now: Timestamp,
) -> Vec<Deferral> {
    let defer = |job: Job| {
        // Spread, so that they do not all read the circuit at the same time.
        let look_at = later(now, recheck_after.mul_f64(1.0 - fastrand::f64() / 4.0));
        Deferral::for_open_circuit(job.delivery, half_open, look_at)
    };
    jobs.into_iter().map(defer).collect()
}
