//! An in-memory cache with a TTL per entry.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A map whose entries expire.
pub struct TtlCache<K, V> {
    capacity: usize,
    entries: Mutex<Entries<K, V>>,
}

type Entries<K, V> = HashMap<K, (V, Instant)>;

/// A capacity of 2,000 entries bounds the memory of an instance that sees very many accounts.
impl<K, V> Default for TtlCache<K, V> {
    fn default() -> Self {
        Self::with_capacity(2_000)
    }
}

impl<K, V> TtlCache<K, V> {
    /// A cache of at most `capacity` entries.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { capacity, entries: Mutex::default() }
    }

    fn entries(&self) -> MutexGuard<'_, Entries<K, V>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash, V: Clone> TtlCache<K, V> {
    /// The fresh entries of `keys`, and the keys without one.
    pub fn split(&self, keys: HashSet<K>) -> (HashMap<K, V>, Vec<K>) {
        let now = Instant::now();
        let map = self.entries();
        let mut fresh = HashMap::with_capacity(keys.len());
        let mut missing = Vec::new();
        for key in keys {
            match map.get(&key) {
                Some((value, expires_at)) if now < *expires_at => {
                    fresh.insert(key, value.clone());
                }
                _ => missing.push(key),
            }
        }
        (fresh, missing)
    }

    /// An entry that may have expired, for use when a read fails.
    pub fn get_stale(&self, key: &K) -> Option<V> {
        self.entries().get(key).map(|(value, _)| value.clone())
    }

    /// Removes an entry.
    pub fn remove(&self, key: &K) {
        self.entries().remove(key);
    }

    /// Removes expired entries.
    pub fn remove_expired(&self) {
        let now = Instant::now();
        self.entries().retain(|_, (_, expires_at)| now < *expires_at);
    }

    /// Inserts an entry that expires after `ttl`. A full cache drops its expired entries, or all if none
    /// has expired.
    pub fn insert(&self, key: K, value: V, ttl: Duration) {
        let now = Instant::now();
        let mut map = self.entries();
        if map.len() >= self.capacity {
            map.retain(|_, (_, expires_at)| now < *expires_at);
            if map.len() >= self.capacity {
                map.clear();
            }
        }
        map.insert(key, (value, now + ttl));
    }
}
