//! A map whose entries are good for a while.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A map whose entries are good until a given time.
pub struct Expiring<K, V>(Mutex<HashMap<K, (V, Instant)>>);

impl<K, V> Default for Expiring<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Expiring<K, V> {
    /// Bounds the memory of an instance that sees very many accounts and webhooks.
    const MAX_ENTRIES: usize = 2_000;

    /// The entries of `keys` that are still good, and the other keys.
    pub fn split(&self, keys: HashSet<K>) -> (HashMap<K, V>, Vec<K>) {
        let now = Instant::now();
        let map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut known = HashMap::with_capacity(keys.len());
        let mut unknown = Vec::new();
        for key in keys {
            match map.get(&key) {
                Some((value, good_until)) if now < *good_until => {
                    known.insert(key, value.clone());
                }
                _ => unknown.push(key),
            }
        }
        (known, unknown)
    }

    /// An entry that may have run out: when a read fails, what was so lately is better than
    /// nothing.
    pub fn even_if_old(&self, key: &K) -> Option<V> {
        let map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        map.get(key).map(|(value, _)| value.clone())
    }

    /// Takes an entry out.
    pub fn forget(&self, key: &K) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    /// An entry that is good for `ttl`.
    pub fn keep(&self, key: K, value: V, ttl: Duration) {
        let now = Instant::now();
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if map.len() >= Self::MAX_ENTRIES {
            map.retain(|_, (_, good_until)| now < *good_until);
            if map.len() >= Self::MAX_ENTRIES {
                map.clear();
            }
        }
        map.insert(key, (value, now + ttl));
    }
}
