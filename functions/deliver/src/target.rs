//! A cached webhook with its compiled templates and health, and the memory that these may take.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;

use callhook::domain::account::AccountId;
use callhook::domain::compose::Composer;
use callhook::domain::health::{Health, OpenCircuit};
use callhook::domain::webhook::{Webhook, WebhookStatus};
use callhook::input::fields::FieldErrors;
use callhook::ports::store::WebhookVersion;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The memory budget of an instance for cached webhooks. A webhook without memory is read, or compiled,
/// for each batch. One may take a megabyte, and half a megabyte more when it is compiled; an account may
/// have a thousand.
#[derive(Clone)]
pub(crate) struct CacheMemory(Arc<Semaphore>);

/// A part of the budget, freed when it is dropped.
type Reservation = OwnedSemaphorePermit;

impl Default for CacheMemory {
    fn default() -> Self {
        Self::of_kib(Self::KIB)
    }
}

impl CacheMemory {
    /// About 10,000 usual webhooks, and a quarter of the least memory that the template lets deliver have.
    const KIB: usize = 64 * 1024;

    pub(crate) fn of_kib(kib: usize) -> Self {
        Self(Arc::new(Semaphore::new(kib)))
    }

    fn reserve(&self, bytes: usize) -> Option<Reservation> {
        let kib = u32::try_from(bytes.div_ceil(1024)).ok()?;
        Arc::clone(&self.0).try_acquire_many_owned(kib).ok()
    }
}

/// A webhook with its templates, compiled once if there is memory, and the health of its receiver.
pub(crate) struct Target {
    pub(crate) account_id: AccountId,
    pub(crate) webhook: Webhook,
    compiled: OnceLock<(Composer, Reservation)>,
    health: Mutex<Option<Health>>,
    read_at: Instant,
    memory: CacheMemory,
    reservation: OnceLock<Reservation>,
}

impl Target {
    pub(crate) fn new(
        account_id: AccountId,
        webhook: Webhook,
        health: Option<Health>,
        memory: CacheMemory,
    ) -> Self {
        Self {
            account_id,
            webhook,
            compiled: OnceLock::new(),
            health: Mutex::new(health),
            read_at: Instant::now(),
            memory,
            reservation: OnceLock::new(),
        }
    }

    /// Whether its item was read at `time` or later.
    pub(crate) fn is_read_since(&self, time: Instant) -> bool {
        self.read_at >= time
    }

    /// Whether it receives reports.
    pub(crate) fn is_active(&self) -> bool {
        self.webhook.settings.status == WebhookStatus::Active
    }

    /// Whether a batch may use it from the cache. A webhook that is not active is read again, because it
    /// would end deliveries and may just have been activated; so is one with an open circuit after half
    /// the time between two looks, or deliveries that look at the circuit again would see no change.
    pub(crate) fn may_be_cached(&self) -> bool {
        let circuit = self.health().and_then(|health| health.circuit);
        let is_fresh = |circuit: OpenCircuit| self.read_at.elapsed() < circuit.recheck_after() / 2;
        self.is_active() && circuit.is_none_or(is_fresh)
    }

    /// The version of the webhook, to which its health belongs.
    pub(crate) fn version(&self) -> WebhookVersion {
        WebhookVersion {
            account_id: self.account_id.clone(),
            webhook_id: self.webhook.id,
            version: self.webhook.version,
        }
    }

    /// The receiver's health; `None` if no attempt has failed.
    pub(crate) fn health(&self) -> Option<Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the health until the webhook is read again.
    pub(crate) fn set_health(&self, health: Option<Health>) {
        *self.health.lock().unwrap_or_else(PoisonError::into_inner) = health;
    }

    /// Reserves the memory to cache it; `false` if there is not enough.
    pub(crate) fn reserve_memory(&self) -> bool {
        let reserve = || self.memory.reserve(self.webhook.memory_bytes());
        self.reservation.get().is_some()
            || reserve().is_some_and(|reserved| self.reservation.set(reserved).is_ok())
    }

    /// Calls `work` with the templates. The first delivery that needs them compiles them, in its own task,
    /// so that a panic fails no other delivery. Templates are compiled before they are saved, so an error
    /// means that this build refuses what the one that saved them accepted.
    pub(crate) fn with_composer<R>(
        &self,
        work: impl FnOnce(&Composer) -> R,
    ) -> Result<R, FieldErrors> {
        if let Some((composer, _)) = self.compiled.get() {
            return Ok(work(composer));
        }
        let settings = &self.webhook.settings.request;
        let composer = Composer::compile(settings, &self.webhook.secrets.names())?;
        Ok(match self.memory.reserve(settings.compiled_bytes()) {
            Some(reserved) => work(&self.compiled.get_or_init(|| (composer, reserved)).0),
            None => work(&composer),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use callhook::testing::NewWebhook;
    use jiff::Timestamp;
    use std::time::Duration;

    fn target(memory: &CacheMemory) -> Target {
        let webhook = NewWebhook::new("https://crm.example/{{from}}").build(Timestamp::UNIX_EPOCH);
        Target::new("acme".parse().unwrap(), webhook, None, memory.clone())
    }

    #[test]
    fn a_dropped_target_frees_its_memory() {
        let bytes = target(&CacheMemory::default()).webhook.memory_bytes();
        let memory = CacheMemory::of_kib(bytes.div_ceil(1024));
        let first = target(&memory);
        assert!(first.reserve_memory());
        assert!(first.reserve_memory(), "it is reserved already");
        assert!(!target(&memory).reserve_memory(), "there is memory for one");
        drop(first);
        assert!(target(&memory).reserve_memory());
    }

    #[test]
    fn a_cached_webhook_is_used_unless_it_would_defer_or_end_deliveries() {
        let until = Timestamp::MAX;
        let open = |level| Some(OpenCircuit { until, level, probe_until: None, since: None });
        for (status, circuit, age, may_be_cached) in [
            (WebhookStatus::Active, None, 20, true),
            (WebhookStatus::Inactive, None, 0, false),
            (WebhookStatus::Active, open(1), 1, true),
            (WebhookStatus::Active, open(1), 3, false),
            (WebhookStatus::Active, open(6), 20, true),
        ] {
            let mut target = target(&CacheMemory::default());
            target.webhook.settings.status = status;
            target.set_health(Some(Health { circuit, ..Health::default() }));
            target.read_at = Instant::now().checked_sub(Duration::from_secs(age)).unwrap();
            assert_eq!(target.may_be_cached(), may_be_cached, "{status:?} {circuit:?} {age}");
        }
    }

    #[test]
    fn without_memory_templates_are_compiled_each_time() {
        let (ample, none) = (CacheMemory::default(), CacheMemory::of_kib(0));
        for (memory, is_cached) in [(ample, true), (none, false)] {
            let target = target(&memory);
            for _ in 0..2 {
                assert!(target.with_composer(|_| ()).is_ok());
                assert_eq!(target.compiled.get().is_some(), is_cached);
            }
        }
    }
}
