//! A map whose entries are good for a while.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A map whose entries are good until a given time.
pub struct TtlCache<K, V> {
    capacity: usize,
    entries: Mutex<Entries<K, V>>,
}

type Entries<K, V> = HashMap<K, (V, Instant)>;

/// Room for 2,000 entries: it bounds the memory of an instance that sees very many accounts.
impl<K, V> Default for TtlCache<K, V> {
    fn default() -> Self {
        Self::with_capacity(2_000)
    }
}

impl<K, V> TtlCache<K, V> {
    /// A map that holds at most `capacity` entries.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { capacity, entries: Mutex::default() }
    }

    fn entries(&self) -> MutexGuard<'_, Entries<K, V>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash, V: Clone> TtlCache<K, V> {
    /// The entries of `keys` that are still good, and the other keys.
    pub fn split(&self, keys: HashSet<K>) -> (HashMap<K, V>, Vec<K>) {
        let now = Instant::now();
        let map = self.entries();
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
    pub fn get_stale(&self, key: &K) -> Option<V> {
        self.entries().get(key).map(|(value, _)| value.clone())
    }

    /// Takes an entry out.
    pub fn remove(&self, key: &K) {
        self.entries().remove(key);
    }

    /// Takes out what is not good any more.
    pub fn remove_expired(&self) {
        let now = Instant::now();
        self.entries().retain(|_, (_, good_until)| now < *good_until);
    }

    /// An entry that is good for `ttl`.
    pub fn insert(&self, key: K, value: V, ttl: Duration) {
        let now = Instant::now();
        let mut map = self.entries();
        if map.len() >= self.capacity {
            map.retain(|_, (_, good_until)| now < *good_until);
            if map.len() >= self.capacity {
                map.clear();
            }
        }
        map.insert(key, (value, now + ttl));
    }
}
