//! Keys that were found lately, for when the table does not answer.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use callhook::api_key::{KeyHash, StoredKey};
use jiff::{SignedDuration, Timestamp};

/// A key that was revoked just before the table went out of reach may get in for this long.
const MAX_AGE: SignedDuration = SignedDuration::from_mins(15);
/// Memory is bounded: an instance sees few keys, an attacker cannot make it remember any.
const MAX_KEYS: usize = 1_000;

#[derive(Default)]
pub(crate) struct Remembered(Mutex<HashMap<KeyHash, (StoredKey, Timestamp)>>);

impl Remembered {
    /// Remembers a key that was found at `now`. That is the time of the wall clock: the other
    /// stands still while Lambda has the instance frozen.
    pub(crate) fn keep(&self, hash: KeyHash, record: StoredKey, now: Timestamp) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= MAX_KEYS && !keys.contains_key(&hash) {
            keys.clear();
        }
        keys.insert(hash, (record, now));
    }

    /// Forgets a key that is no longer there.
    pub(crate) fn forget(&self, hash: &KeyHash) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(hash);
    }

    /// A key found within [`MAX_AGE`] before `now`.
    pub(crate) fn get(&self, hash: &KeyHash, now: Timestamp) -> Option<StoredKey> {
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (record, found_at) = keys.get(hash)?;
        // A clock that was set back must not make it last longer either.
        (now.duration_since(*found_at).abs() < MAX_AGE).then(|| record.clone())
    }
}
