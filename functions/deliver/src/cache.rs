//! Configuration, kept in the instance for a while so that a busy webhook does not cost a read
//! per report.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use callhook::account::AccountId;
use callhook::ids::WebhookId;
use callhook::store::{DeliveryConfig, StoreError};
use callhook::subscription::{Event, Identity};
use callhook::telemetry::Causes;
use callhook::webhook::Webhook;
use futures_util::StreamExt as _;
use futures_util::stream;

/// Names the subscribers of an event and identity of an account.
pub(crate) type RuleKey = (AccountId, Event, Identity);
/// Names a webhook of an account.
pub(crate) type WebhookKey = (AccountId, WebhookId);

/// "Nobody subscribes" is believed for this long only, so that a first subscription takes
/// effect soon.
const NOBODY_TTL: Duration = Duration::from_secs(5);
/// Reads under way at the same time.
const CONCURRENT_READS: usize = 16;

/// Reads configuration through a cache.
pub(crate) struct ConfigCache<C> {
    source: C,
    ttl: Duration,
    rules: Expiring<RuleKey, Arc<[WebhookId]>>,
    webhooks: Expiring<WebhookKey, Arc<Webhook>>,
}

/// What was found; what could not be read is missing.
pub(crate) type Found<K, V> = HashMap<K, V>;

impl<C: DeliveryConfig> ConfigCache<C> {
    pub(crate) fn new(source: C, ttl: Duration) -> Self {
        Self {
            source,
            ttl,
            rules: Expiring::default(),
            webhooks: Expiring::default(),
        }
    }

    /// The subscribers of each of `keys`. A key without an entry could not be read.
    pub(crate) async fn subscribers(
        &self,
        keys: HashSet<RuleKey>,
    ) -> Found<RuleKey, Arc<[WebhookId]>> {
        let (mut found, unknown) = self.rules.split(keys);
        let reads = unknown.into_iter().map(|key| async move {
            let (account, event, identity) = &key;
            let read = self.source.subscribers(account, event, identity).await;
            (key, read)
        });
        let mut reads = stream::iter(reads).buffer_unordered(CONCURRENT_READS);
        while let Some((key, read)) = reads.next().await {
            if let Some(ids) = or_log(read) {
                let ids: Arc<[WebhookId]> = ids.into();
                let ttl = if ids.is_empty() {
                    self.ttl.min(NOBODY_TTL)
                } else {
                    self.ttl
                };
                self.rules.keep(key.clone(), Arc::clone(&ids), ttl);
                found.insert(key, ids);
            }
        }
        found
    }

    /// Each of `keys`; `None` if there is no such webhook. A key without an entry could not be
    /// read. That a webhook does not exist is never remembered: it may just have been made.
    pub(crate) async fn webhooks(
        &self,
        keys: HashSet<WebhookKey>,
    ) -> Found<WebhookKey, Option<Arc<Webhook>>> {
        let (known, unknown) = self.webhooks.split(keys);
        let mut found: Found<_, _> = known
            .into_iter()
            .map(|(key, webhook)| (key, Some(webhook)))
            .collect();
        let mut by_account: HashMap<AccountId, Vec<WebhookId>> = HashMap::new();
        for (account, id) in unknown {
            by_account.entry(account).or_default().push(id);
        }
        let reads = by_account.into_iter().map(|(account, ids)| async move {
            let read = self.source.webhooks_by_id(&account, &ids).await;
            (account, ids, read)
        });
        let mut reads = stream::iter(reads).buffer_unordered(CONCURRENT_READS);
        while let Some((account, ids, read)) = reads.next().await {
            if let Some(webhooks) = or_log(read) {
                found.extend(ids.into_iter().map(|id| ((account.clone(), id), None)));
                for webhook in webhooks.into_iter().map(Arc::new) {
                    let key = (account.clone(), webhook.id);
                    self.webhooks
                        .keep(key.clone(), Arc::clone(&webhook), self.ttl);
                    found.insert(key, Some(webhook));
                }
            }
        }
        found
    }
}

fn or_log<T>(read: Result<T, StoreError>) -> Option<T> {
    read.inspect_err(|error| tracing::error!(error = %Causes(error), "configuration was not read"))
        .ok()
}

/// A map whose entries are good until a given time.
struct Expiring<K, V>(Mutex<HashMap<K, (V, Instant)>>);

impl<K, V> Default for Expiring<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Expiring<K, V> {
    /// Bounds the memory of an instance that sees very many accounts.
    const MAX_ENTRIES: usize = 10_000;

    /// The entries of `keys` that are still good, and the other keys.
    fn split(&self, keys: HashSet<K>) -> (HashMap<K, V>, Vec<K>) {
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

    fn keep(&self, key: K, value: V, ttl: Duration) {
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
