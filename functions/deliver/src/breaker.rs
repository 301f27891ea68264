//! The circuit breaker of a webhook: what may go, and what follows from what came of it.

mod outages;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use callhook::delivery::{Attempt, NoResponse, OutcomeExplanation, Trigger};
use callhook::health::{CircuitState, Health, LastFailure, OpenCircuit};
use callhook::ids::WebhookId;
use callhook::store::{ProbeClaim, StoreError, WebhookHealth};
use callhook::telemetry::ErrorChain;
use callhook::telemetry::metrics::{Counter, Metrics};
use callhook::webhook::DisabledReason;
use futures_util::future::join_all;
use jiff::Timestamp;
use tokio::time::Instant;

pub(crate) use self::outages::{Change, WhatChanged};
use crate::call_budget::{CallBudget, no_answer};
use crate::due::{Deferral, Job, SourceQueue, later};
use crate::slow_accounts::SlowAccounts;
use crate::target::Target;
use crate::window::Window;

/// Opens and closes circuits.
pub(crate) struct Breaker<H> {
    store: H,
    periods: Periods,
    budget: CallBudget,
    windows: Mutex<HashMap<WebhookId, Window>>,
    slow_accounts: SlowAccounts,
    metrics: Metrics,
}

/// What came of one attempt, as far as the webhook's health goes.
pub(crate) struct Signal {
    pub(crate) target: Arc<Target>,
    pub(crate) is_probe: bool,
    pub(crate) taken: bool,
    /// The client said that it will never take anything.
    pub(crate) is_gone: bool,
    pub(crate) latency: Duration,
    result: Result<u16, NoResponse>,
}

/// How long a webhook fails before something follows.
#[derive(Clone, Copy)]
pub(crate) struct Periods {
    /// A webhook whose circuit is open for this long is announced as failing.
    pub(crate) announce_after: Duration,
    /// A webhook that did nothing but fail for this long is deactivated.
    pub(crate) disable_after: Duration,
}

/// Time for a probe to tell what it met, beside its own timeout.
const PROBE_MARGIN: Duration = Duration::from_secs(15);
/// The wait before a client is asked again whose circuit cannot be read.
const UNKNOWN_WAIT: Duration = Duration::from_secs(15);

impl Signal {
    /// Whether an attempt says anything of its client. One that the rules for addresses forbade
    /// never got there, and costs little: each of a webhook ends at once, and with its reason. A
    /// probe has failed all the same, or others would wait for what it has to tell.
    pub(crate) fn counts_for_health(job: &Job, attempt: &Attempt) -> bool {
        job.is_probe() || !attempt.result.is_err_and(NoResponse::is_refusal)
    }

    pub(crate) fn of(job: &Job, attempt: &Attempt) -> Self {
        const GONE: u16 = 410;
        let codes = &job.target.webhook.settings.success_codes;
        Self {
            target: Arc::clone(&job.target),
            is_probe: job.is_probe(),
            taken: attempt.result.is_ok_and(|code| codes.contain(code)),
            is_gone: attempt.result == Ok(GONE),
            latency: attempt.latency,
            result: attempt.result,
        }
    }

    /// What the attempt's outcome means for the webhook's owner.
    fn meaning(&self) -> String {
        OutcomeExplanation::new(self.result, &self.target.webhook.settings.success_codes)
            .to_string()
    }
}

impl<H: WebhookHealth> Breaker<H> {
    pub(crate) fn new(store: H, periods: Periods, metrics: Metrics) -> Self {
        let (budget, windows, slow_accounts) =
            (CallBudget::new(), Mutex::default(), SlowAccounts::default());
        Self { store, periods, budget, windows, slow_accounts, metrics }
    }

    /// To be called when an invocation begins: nothing is noted after `end_by`.
    pub(crate) fn begin(&self, end_by: Instant) {
        self.budget.begin(end_by);
    }

    /// The result of a read of the table with the webhooks, unless it takes too long or the table was silent
    /// a moment ago.
    pub(crate) async fn in_time<T>(&self, read: impl Future<Output = T>) -> Option<T> {
        self.budget.ask(read).await
    }

    /// Those of `jobs` that may go now, and the others, put off.
    pub(crate) async fn admit(&self, jobs: Vec<Job>, now: Timestamp) -> (Vec<Job>, Vec<Deferral>) {
        let (mut go, mut deferred) = (Vec::with_capacity(jobs.len()), Vec::new());
        let mut troubled: HashMap<WebhookId, (Health, Vec<Job>)> = HashMap::new();
        for job in jobs {
            // Somebody asked for this one, and wants to see what comes of it.
            let is_asked_for = matches!(job.due.trigger, Trigger::Resend { .. });
            match job.target.health() {
                _ if is_asked_for => go.push(job),
                None if self.slow_accounts.holds_up(&job, None, now) => {
                    deferred.push(Deferral::to_back_lane(job.due, now));
                }
                None => go.push(job),
                Some(health) => {
                    let group = troubled.entry(job.target.webhook.id);
                    group.or_insert_with(|| (health, Vec::new())).1.push(job);
                }
            }
        }
        let groups =
            troubled.into_values().map(|(health, jobs)| self.admit_some(health, jobs, now));
        for (some, others) in join_all(groups).await {
            go.extend(some);
            deferred.extend(others);
        }
        (go, deferred)
    }

    /// Of the jobs of one webhook that has trouble.
    async fn admit_some(
        &self,
        health: Health,
        mut jobs: Vec<Job>,
        now: Timestamp,
    ) -> (Vec<Job>, Vec<Deferral>) {
        let mut health = health;
        if let CircuitState::HalfOpen(circuit) = health.circuit_state(now) {
            let Some(probe) = jobs.pop() else { return (jobs, Vec::new()) };
            let target = Arc::clone(&probe.target);
            let timeout = target.webhook.settings.timeout_seconds.duration();
            // Whatever the clocks of others say, no two claims are the same.
            let own = Duration::from_nanos(fastrand::u64(..1_000_000_000));
            let probe_until = later(now, timeout + PROBE_MARGIN + own);
            match self.store.claim_probe(&target.version(), &circuit, probe_until).await {
                Ok(ProbeClaim::Granted) => {
                    let circuit = OpenCircuit { probe_until: Some(probe_until), ..circuit };
                    let claimed = Health { circuit: Some(circuit), ..health };
                    let recheck_after = claimed.recheck_after(now);
                    target.set_health(Some(claimed));
                    let probe = Job { probe_until: Some(probe_until), ..probe };
                    return (vec![probe], put_off(jobs, probe_until, recheck_after, now));
                }
                Ok(ProbeClaim::Denied(known)) => {
                    jobs.push(probe);
                    target.set_health(known.clone());
                    match known {
                        Some(known) => health = known,
                        None => return (jobs, Vec::new()),
                    }
                }
                Err(error) => {
                    tracing::error!(webhook_id = %target.webhook.id, error = %ErrorChain(&error),
                        "a probe was not claimed");
                    jobs.push(probe);
                    let until = later(now, UNKNOWN_WAIT);
                    return (Vec::new(), put_off(jobs, until, UNKNOWN_WAIT, now));
                }
            }
        }
        match health.circuit_state(now) {
            CircuitState::Open(until) => {
                (Vec::new(), put_off(jobs, until, health.recheck_after(now), now))
            }
            CircuitState::HalfOpen(_) => (
                Vec::new(),
                put_off(jobs, later(now, UNKNOWN_WAIT), health.recheck_after(now), now),
            ),
            // Whoever waits for a slow client must not keep new reports waiting.
            CircuitState::Closed => {
                let is_slow = |job: &Job| {
                    let is_marked = health.is_slow(now) && job.due.source == SourceQueue::Reports;
                    is_marked || self.slow_accounts.holds_up(job, Some(&health), now)
                };
                let (slow, go): (Vec<_>, Vec<_>) = jobs.into_iter().partition(is_slow);
                let slow = slow.into_iter().map(|job| Deferral::to_back_lane(job.due, now));
                (go, slow.collect())
            }
        }
    }

    /// Records what came of attempts; gives the changes that others are told of.
    pub(crate) async fn note(&self, signals: Vec<Signal>, now: Timestamp) -> Vec<Change> {
        let mut groups: HashMap<WebhookId, Vec<Signal>> = HashMap::new();
        for signal in signals {
            groups.entry(signal.target.webhook.id).or_default().push(signal);
        }
        let noted = groups.into_values().map(|signals| async move {
            let noted = self.budget.ask(self.note_some(&signals, now)).await;
            noted.unwrap_or_else(|| Err(no_answer("the health of webhooks"))).unwrap_or_else(
                |error| {
                    tracing::warn!(error = %ErrorChain(&error), "the health of a webhook was not kept");
                    None
                },
            )
        });
        join_all(noted).await.into_iter().flatten().collect()
    }

    async fn note_some(
        &self,
        signals: &[Signal],
        now: Timestamp,
    ) -> Result<Option<Change>, StoreError> {
        let Some(target) = signals.first().map(|signal| &signal.target) else { return Ok(None) };
        let failed = signals.iter().filter(|signal| !signal.taken).count();
        let failed = u32::try_from(failed).unwrap_or(u32::MAX);
        let taken = u32::try_from(signals.len()).unwrap_or(u32::MAX) - failed;
        let window = self.window(target.webhook.id, taken, failed, now);

        if signals.iter().any(|signal| signal.latency >= Health::SLOW) {
            self.mark_slow(target, now).await?;
        }
        if signals.iter().any(|signal| signal.is_gone) {
            return self.disable(target, DisabledReason::Gone, now).await;
        }
        if taken > 0 {
            let probe_taken = signals.iter().any(|signal| signal.is_probe && signal.taken);
            let recovered = self.note_taken(target, probe_taken, now).await?;
            if failed > 0 && window.is_failing() {
                self.open(target, OpenCircuit::opening(now, None)).await?;
            }
            return Ok(recovered);
        }
        let probe = signals.iter().find(|signal| signal.is_probe);
        let Some(last) = signals.last() else { return Ok(None) };
        let last = LastFailure::new(now, last.result);
        self.note_failed(target, failed, last, probe, window).await
    }

    /// A success is written only when it puts something right. It ends the clock of failures; an
    /// open circuit is closed by a probe alone: others were sent before it opened, or asked for.
    async fn note_taken(
        &self,
        target: &Arc<Target>,
        probe_taken: bool,
        now: Timestamp,
    ) -> Result<Option<Change>, StoreError> {
        let Some(health) = target.health() else { return Ok(None) };
        let closing = health.circuit.filter(|_| probe_taken);
        let circuit = if closing.is_some() { None } else { health.circuit };
        // Also of a webhook that was changed meanwhile, or whose recovery an instance that crashed did not announce.
        let recovered = health.possibly_announced_outage().filter(|_| circuit.is_none());
        if closing.is_none() && health.failing_since.is_none() && recovered.is_none() {
            return Ok(None);
        }
        let (version, slow_until) = (target.webhook.version, health.slow_until);
        let mut well = Health { version, slow_until, circuit, ..Health::default() };
        if recovered.is_none() {
            (well.announced_outage, well.claimed_outage) =
                (health.announced_outage, health.claimed_outage);
        }
        target.set_health(Some(well));
        if let Some(closing) = closing {
            tracing::info!(webhook_id = %target.webhook.id, "a circuit was closed");
            if self.store.close_circuit(&target.version(), closing.level, now).await? {
                self.metrics.count(Counter::CircuitsClosed);
            }
        } else if health.failing_since.is_some() {
            self.store.clear_failures(&target.version(), now).await?;
        }
        let change =
            |since| Change { target: Arc::clone(target), what: WhatChanged::Recovered { since } };
        Ok(recovered.map(change))
    }

    async fn note_failed(
        &self,
        target: &Arc<Target>,
        failed: u32,
        last: LastFailure,
        probe: Option<&Signal>,
        window: Window,
    ) -> Result<Option<Change>, StoreError> {
        let (known, now) = (target.health(), last.at);
        let health = self.store.add_failures(&target.version(), failed, last).await?;
        target.set_health(Some(health.clone()));
        let Some(since) = health.failing_since else { return Ok(None) };
        // Of a webhook that hardly gets a report, two failures days apart say little.
        let for_long = now.duration_since(since).unsigned_abs() >= self.periods.disable_after;
        if now > since && for_long && health.failures >= Health::MAX_FAILURES {
            return self.disable(target, DisabledReason::Failing, now).await;
        }
        let before = known.and_then(|known| known.circuit).or(health.circuit);
        let in_a_row = health.failures >= Health::MAX_FAILURES && !window.has_taken_since(since);
        if let Some(probe) = probe {
            let circuit = OpenCircuit::opening(now, before);
            self.open(target, circuit).await?;
            let failures = health.failures;
            let open = Health { circuit: Some(circuit), ..health };
            let outage = open.outage_to_announce(now, self.periods.announce_after);
            return Ok(outage.map(|since| Change {
                target: Arc::clone(target),
                what: WhatChanged::Failing { since, failures, reason: probe.meaning() },
            }));
        }
        if health.circuit.is_none() && (in_a_row || window.is_failing()) {
            self.open(target, OpenCircuit::opening(now, None)).await?;
        }
        Ok(None)
    }

    async fn open(&self, target: &Target, circuit: OpenCircuit) -> Result<(), StoreError> {
        tracing::info!(webhook_id = %target.webhook.id, level = circuit.level, "a circuit was opened");
        let mut health = target.health().unwrap_or_default();
        health.version = target.webhook.version;
        health.circuit = Some(circuit);
        target.set_health(Some(health));
        let is_opened = self.store.open_circuit(&target.version(), circuit).await?;
        // Not again for each probe that fails.
        if is_opened && circuit.level == 1 {
            self.metrics.count(Counter::CircuitsOpened);
        }
        Ok(())
    }

    async fn disable(
        &self,
        target: &Arc<Target>,
        reason: DisabledReason,
        now: Timestamp,
    ) -> Result<Option<Change>, StoreError> {
        if !self.store.disable(&target.version(), reason, now).await? {
            return Ok(None);
        }
        tracing::warn!(webhook_id = %target.webhook.id, %reason, "a webhook was disabled");
        let what = WhatChanged::Disabled(reason);
        Ok(Some(Change { target: Arc::clone(target), what }))
    }

    /// Marks a webhook as slow, and its account, unless that is known for some time to come.
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
        let told = self.store.mark_account_slow(account, until).await;
        told.inspect_err(|_| self.slow_accounts.unmark(account))
    }

    /// Counts attempts of this instance.
    fn window(&self, webhook: WebhookId, taken: u32, failed: u32, now: Timestamp) -> Window {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        // Only those that failed lately need a window: no failure rate begins with a success.
        if failed == 0 && !windows.contains_key(&webhook) {
            return Window::default();
        }
        let window = windows.entry(webhook).or_default();
        window.add(taken, failed, now);
        *window
    }

    /// Forgets what this instance saw of webhooks a while ago.
    pub(crate) fn tidy(&self, now: Timestamp) {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        windows.retain(|_, window| !window.is_over(now));
        self.slow_accounts.tidy(now);
    }
}

/// Defers `jobs` until the circuit is half-open; each looks at it again within `recheck_after`.
fn put_off(
    jobs: Vec<Job>,
    half_open: Timestamp,
    recheck_after: Duration,
    now: Timestamp,
) -> Vec<Deferral> {
    let defer = |job: Job| {
        // Spread, so that they do not all look at the same moment.
        let look_at = later(now, recheck_after.mul_f64(1.0 - fastrand::f64() / 4.0));
        Deferral::until_circuit(job.due, half_open, look_at)
    };
    jobs.into_iter().map(defer).collect()
}
