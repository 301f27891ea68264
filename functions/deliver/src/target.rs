//! A webhook as deliver works with it, and the memory that an instance spends on webhooks.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use callhook::account::AccountId;
use callhook::compose::Composer;
use callhook::fields::FieldErrors;
use callhook::health::Health;
use callhook::store::WebhookVersion;
use callhook::webhook::Webhook;
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
    /// About 10,000 usual webhooks, and half of the least memory that the template lets deliver have.
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
            room,
            place: OnceLock::new(),
        }
    }

    /// The version of the webhook that health is about.
    pub(crate) fn version(&self) -> WebhookVersion {
        WebhookVersion {
            account_id: self.account_id.clone(),
            webhook_id: self.webhook.id,
            version: self.webhook.version,
        }
    }

    /// What is known of its client; nothing if all is well.
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

    fn target(room: &Room) -> Target {
        let draft = json!({"name": "CRM", "url": "https://crm.example/{{from}}"});
        let draft = WebhookDraft::of_new(draft.as_object().unwrap(), Timestamp::UNIX_EPOCH);
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
