//! Keys that were found lately, for when the table does not answer.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use callhook::api_key::{KeyHash, KeyRecord};

/// A revoked key may get in for this long if the table has been out of reach ever since.
const MAX_AGE: Duration = Duration::from_mins(15);
/// Memory is bounded: an instance sees few keys, an attacker cannot make it remember any.
const MAX_KEYS: usize = 1_000;

#[derive(Default)]
pub(crate) struct Remembered(Mutex<HashMap<KeyHash, (KeyRecord, Instant)>>);

impl Remembered {
    /// Remembers a key that was just found.
    pub(crate) fn keep(&self, hash: KeyHash, record: KeyRecord) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= MAX_KEYS && !keys.contains_key(&hash) {
            keys.clear();
        }
        keys.insert(hash, (record, Instant::now()));
    }

    /// Forgets a key that is no longer there.
    pub(crate) fn forget(&self, hash: &KeyHash) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(hash);
    }

    /// A key found within [`MAX_AGE`].
    pub(crate) fn get(&self, hash: &KeyHash) -> Option<KeyRecord> {
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (record, found_at) = keys.get(hash)?;
        (found_at.elapsed() < MAX_AGE).then(|| record.clone())
    }
}
