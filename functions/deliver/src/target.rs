//! A webhook as deliver works with it, and the memory that an instance spends on webhooks.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;

use callhook::account::AccountId;
use callhook::compose::Composer;
use callhook::fields::FieldErrors;
use callhook::health::{Health, OpenCircuit};
use callhook::store::WebhookVersion;
use callhook::webhook::{Webhook, WebhookStatus};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The memory of an instance for what it remembers of webhooks: what has no place here is read, or
/// compiled, again when it is needed. A webhook may take a megabyte, and half a one more when it is
/// compiled; its owner may have a thousand.
#[derive(Clone)]
pub(crate) struct Room(Arc<Semaphore>);

/// A part of the room, given back when it is dropped.
type Place = OwnedSemaphorePermit;

impl Default for Room {
    fn default() -> Self {
        Self::of_kib(Self::KIB)
    }
}

impl Room {
    /// About 10,000 usual webhooks, and a quarter of the least memory that the template lets deliver have.
    const KIB: usize = 64 * 1024;

    pub(crate) fn of_kib(kib: usize) -> Self {
        Self(Arc::new(Semaphore::new(kib)))
    }

    fn take(&self, bytes: usize) -> Option<Place> {
        let kib = u32::try_from(bytes.div_ceil(1024)).ok()?;
        Arc::clone(&self.0).try_acquire_many_owned(kib).ok()
    }
}

/// A webhook with its templates, compiled once if there is room, and with what is known of its
/// client.
pub(crate) struct Target {
    pub(crate) account_id: AccountId,
    pub(crate) webhook: Webhook,
    compiled: OnceLock<(Composer, Place)>,
    health: Mutex<Option<Health>>,
    read_at: Instant,
    room: Room,
    place: OnceLock<Place>,
}

impl Target {
    pub(crate) fn new(
        account_id: AccountId,
        webhook: Webhook,
        health: Option<Health>,
        room: Room,
    ) -> Self {
        Self {
            account_id,
            webhook,
            compiled: OnceLock::new(),
            health: Mutex::new(health),
            read_at: Instant::now(),
            room,
            place: OnceLock::new(),
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

    /// Whether the cache may give it to an event. Not if it would end deliveries, which a webhook
    /// that was just activated must not lose; nor for long while its circuit is open, or those
    /// that look at the circuit again would see the same.
    pub(crate) fn may_be_cached(&self) -> bool {
        let circuit = self.health().and_then(|health| health.circuit);
        let is_news = |circuit: OpenCircuit| self.read_at.elapsed() < circuit.recheck_after() / 2;
        self.is_active() && circuit.is_none_or(is_news)
    }

    /// The version of the webhook that health is about.
    pub(crate) fn version(&self) -> WebhookVersion {
        WebhookVersion {
            account_id: self.account_id.clone(),
            webhook_id: self.webhook.id,
            version: self.webhook.version,
        }
    }

    /// What is known of its client; `None` if no attempt has failed.
    pub(crate) fn health(&self) -> Option<Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps in mind what is known now, until the table is read again.
    pub(crate) fn set_health(&self, health: Option<Health>) {
        *self.health.lock().unwrap_or_else(PoisonError::into_inner) = health;
    }

    /// Whether there is room to remember it: the place is its own from now on.
    pub(crate) fn takes_its_place(&self) -> bool {
        let place = || self.room.take(self.webhook.memory_bytes());
        self.place.get().is_some() || place().is_some_and(|place| self.place.set(place).is_ok())
    }

    /// Does `work` with the templates, compiled by the first delivery that needs them: in that
    /// delivery's task, where a panic harms nobody else. What is saved was compiled when it was saved,
    /// so an error means that this build takes less than the one that saved it.
    pub(crate) fn with_composer<R>(
        &self,
        work: impl FnOnce(&Composer) -> R,
    ) -> Result<R, FieldErrors> {
        if let Some((composer, _)) = self.compiled.get() {
            return Ok(work(composer));
        }
        let settings = &self.webhook.settings.request;
        let composer = Composer::compile(settings, &self.webhook.secrets.names())?;
        Ok(match self.room.take(settings.compiled_bytes()) {
            Some(place) => work(&self.compiled.get_or_init(|| (composer, place)).0),
            None => work(&composer),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use callhook::webhook::WebhookDraft;
    use jiff::Timestamp;
    use serde_json::json;
    use std::time::Duration;

    fn target(room: &Room) -> Target {
        let draft = json!({"name": "CRM", "url": "https://crm.example/{{from}}"});
        let draft = WebhookDraft::create(draft.as_object().unwrap(), Timestamp::UNIX_EPOCH);
        let webhook = Webhook::new(draft.unwrap(), Timestamp::UNIX_EPOCH);
        Target::new("acme".parse().unwrap(), webhook, None, room.clone())
    }

    #[test]
    fn a_place_is_given_back_with_the_target() {
        let room = Room::of_kib(target(&Room::default()).webhook.memory_bytes().div_ceil(1024));
        let first = target(&room);
        assert!(first.takes_its_place());
        assert!(first.takes_its_place(), "it has one");
        assert!(!target(&room).takes_its_place(), "there was room for one");
        drop(first);
        assert!(target(&room).takes_its_place());
    }

    #[test]
    fn a_copy_serves_an_event_unless_it_would_hold_up_or_end_deliveries() {
        let until = Timestamp::MAX;
        let open = |level| Some(OpenCircuit { until, level, probe_until: None, since: None });
        for (status, circuit, age, may_be_cached) in [
            (WebhookStatus::Active, None, 20, true),
            (WebhookStatus::Inactive, None, 0, false),
            (WebhookStatus::Active, open(1), 1, true),
            (WebhookStatus::Active, open(1), 3, false),
            (WebhookStatus::Active, open(6), 20, true),
        ] {
            let mut target = target(&Room::default());
            target.webhook.settings.status = status;
            target.set_health(Some(Health { circuit, ..Health::default() }));
            target.read_at = Instant::now().checked_sub(Duration::from_secs(age)).unwrap();
            assert_eq!(target.may_be_cached(), may_be_cached, "{status:?} {circuit:?} {age}");
        }
    }

    #[test]
    fn without_room_templates_are_compiled_each_time() {
        let (ample, none) = (Room::default(), Room::of_kib(0));
        for (room, is_kept) in [(ample, true), (none, false)] {
            let target = target(&room);
            for _ in 0..2 {
                assert!(target.with_composer(|_| ()).is_ok());
                assert_eq!(target.compiled.get().is_some(), is_kept);
            }
        }
    }
}
