//! A cache of API keys for the time when DynamoDB is unavailable.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use callhook::domain::api_key::{KeyHash, StoredKey};
use jiff::{SignedDuration, Timestamp};

/// TTL of a cached key. A key that was revoked just before DynamoDB failed is accepted for this long.
const TTL: SignedDuration = SignedDuration::from_mins(15);
/// Bounds the memory. Only stored keys are cached, so an attacker cannot fill the cache.
const MAX_KEYS: usize = 1_000;

/// A cache of stored keys.
#[derive(Default)]
pub(crate) struct KeyCache(Mutex<HashMap<KeyHash, (StoredKey, Timestamp)>>);

impl KeyCache {
    /// Caches a key that was read at `now`, the wall-clock time: the monotonic clock stands still
    /// while Lambda has the instance frozen.
    pub(crate) fn insert(&self, hash: KeyHash, record: StoredKey, now: Timestamp) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= MAX_KEYS && !keys.contains_key(&hash) {
            keys.clear();
        }
        keys.insert(hash, (record, now));
    }

    /// Evicts a key that is no longer stored or has expired.
    pub(crate) fn remove(&self, hash: &KeyHash) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(hash);
    }

    /// A key that was read within [`TTL`] before `now`.
    pub(crate) fn get(&self, hash: &KeyHash, now: Timestamp) -> Option<StoredKey> {
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (record, read_at) = keys.get(hash)?;
        // `abs`: a clock that was set back must not extend the TTL.
        (now.duration_since(*read_at).abs() < TTL).then(|| record.clone())
    }
}
