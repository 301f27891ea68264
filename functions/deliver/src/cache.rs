//! The cache of configuration, which spares a busy webhook a read per report.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use callhook::domain::account::AccountId;
use callhook::domain::event::Event;
use callhook::domain::ids::WebhookId;
use callhook::domain::subscription::{RuleRange, Subscriber};
use callhook::ports::store::{AccountTerms, DeliveryConfig, StoreError, StoredWebhook};
use callhook::runtime::telemetry::ErrorChain;
use callhook::runtime::ttl_cache::TtlCache;
use futures_util::StreamExt as _;
use futures_util::stream;

use crate::target::{CacheMemory, Target};

/// The key of the subscribers of an event in a range of identities.
pub(crate) type RuleKey = (AccountId, Event, RuleRange);
/// The key of a webhook.
pub(crate) type WebhookKey = (AccountId, WebhookId);

/// TTL of an empty subscriber list, so that a first subscription takes effect soon.
const EMPTY_TTL: Duration = Duration::from_secs(5);
/// The most cached webhooks, if they are small: [`CacheMemory`] bounds their memory.
const MAX_WEBHOOKS: usize = 20_000;
/// Reads in flight.
const CONCURRENT_READS: usize = 16;

/// Reads configuration through a cache.
pub(crate) struct ConfigCache<C> {
    source: C,
    ttl: Duration,
    terms: TtlCache<AccountId, AccountTerms>,
    rules: TtlCache<RuleKey, Subscribers>,
    webhooks: TtlCache<WebhookKey, Arc<Target>>,
    memory: CacheMemory,
}

/// The subscribers of an event in a range of identities.
#[derive(Clone)]
pub(crate) struct Subscribers {
    pub(crate) list: Arc<[Subscriber]>,
    read_at: Instant,
}

/// The webhook of a report, as it is stored.
#[derive(Clone)]
pub(crate) enum FoundWebhook {
    /// It exists.
    Target(Arc<Target>),
    /// There is no such webhook.
    Missing,
    /// Its item cannot be read, however often that is tried.
    Unreadable,
}

/// The values that were found. A key without an entry could not be read.
pub(crate) type Found<K, V> = HashMap<K, V>;

impl<C: DeliveryConfig> ConfigCache<C> {
    pub(crate) fn new(source: C, ttl: Duration) -> Self {
        Self {
            source,
            ttl,
            terms: TtlCache::default(),
            rules: TtlCache::default(),
            webhooks: TtlCache::with_capacity(MAX_WEBHOOKS),
            memory: CacheMemory::default(),
        }
    }

    /// The terms of accounts. An account without an entry could not be read, now or before.
    pub(crate) async fn terms(&self, keys: HashSet<AccountId>) -> Found<AccountId, AccountTerms> {
        let (mut found, unknown) = self.terms.split(keys);
        let reads = unknown.into_iter().map(|account| async move {
            let read = self.source.account_terms(&account).await;
            (account, read)
        });
        let mut reads = stream::iter(reads).buffer_unordered(CONCURRENT_READS);
        while let Some((account, read)) = reads.next().await {
            let terms = match or_log(read) {
                Some(terms) => {
                    // An account that does not exist may be created the next moment.
                    if terms.exists || terms.is_erased {
                        self.terms.insert(account.clone(), terms.clone(), self.ttl);
                    }
                    Some(terms)
                }
                None => self.terms.get_stale(&account),
            };
            found.extend(terms.map(|terms| (account, terms)));
        }
        found
    }

    /// Removes a webhook, so that it is read again when it is needed.
    pub(crate) fn evict(&self, account: &AccountId, webhook: WebhookId) {
        self.webhooks.remove(&(account.clone(), webhook));
    }

    /// Subscribers, read at `since` or later if that is given. A key without an entry could not be
    /// read, now or before.
    pub(crate) async fn subscribers(
        &self,
        keys: HashSet<RuleKey>,
        since: Option<Instant>,
    ) -> Found<RuleKey, Subscribers> {
        let (mut found, mut unknown) = self.rules.split(keys);
        if let Some(since) = since {
            unknown.extend(found.extract_if(|_, rule| rule.read_at < since).map(|(key, _)| key));
        }
        let read_at = Instant::now();
        let reads = unknown.into_iter().map(|key| async move {
            let (account, event, range) = &key;
            let read = self.source.subscribers(account, event, range).await;
            (key, read)
        });
        let mut reads = stream::iter(reads).buffer_unordered(CONCURRENT_READS);
        while let Some((key, read)) = reads.next().await {
            let subscribers = match or_log(read) {
                Some(subscribers) => {
                    let may_grow = subscribers.is_empty() && key.2.accepts_new();
                    let ttl = if may_grow { self.ttl.min(EMPTY_TTL) } else { self.ttl };
                    let rule = Subscribers { list: subscribers.into(), read_at };
                    self.rules.insert(key.clone(), rule.clone(), ttl);
                    Some(rule)
                }
                None => self.rules.get_stale(&key).filter(|_| since.is_none()),
            };
            found.extend(subscribers.map(|subscribers| (key, subscribers)));
        }
        found
    }

    /// Webhooks. A key without an entry could not be read. Webhooks that would end a delivery are read
    /// again: a missing one may just have been created, an inactive one may just have been activated.
    pub(crate) async fn webhooks(
        &self,
        keys: HashSet<WebhookKey>,
    ) -> Found<WebhookKey, FoundWebhook> {
        let (mut known, mut unknown) = self.webhooks.split(keys);
        unknown.extend(known.extract_if(|_, target| !target.may_be_cached()).map(|(key, _)| key));
        let known = known.into_iter().map(|(key, target)| (key, FoundWebhook::Target(target)));
        self.read_webhooks(unknown, known.collect()).await
    }

    /// Webhooks, read from the table and then cached.
    pub(crate) async fn fresh_webhooks(
        &self,
        keys: HashSet<WebhookKey>,
    ) -> Found<WebhookKey, FoundWebhook> {
        self.read_webhooks(keys.into_iter().collect(), HashMap::new()).await
    }

    /// Reads the webhooks of `unknown` into `found`.
    async fn read_webhooks(
        &self,
        unknown: Vec<WebhookKey>,
        mut found: Found<WebhookKey, FoundWebhook>,
    ) -> Found<WebhookKey, FoundWebhook> {
        let mut is_tidy = false;
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
            let Some(read) = or_log(read) else {
                for key in ids.into_iter().map(|id| (account.clone(), id)) {
                    let old = self.webhooks.get_stale(&key);
                    // A stale webhook must not end a delivery.
                    let old = old.filter(|target| target.is_active());
                    found.extend(old.map(|target| (key, FoundWebhook::Target(target))));
                }
                continue;
            };
            for (id, stored) in read {
                let key = (account.clone(), id);
                let webhook = match stored {
                    StoredWebhook::Readable(webhook, health) => {
                        let account = account.clone();
                        let target = Target::new(account, *webhook, health, self.memory.clone());
                        let target = Arc::new(target);
                        self.insert(&key, &target, &mut is_tidy);
                        FoundWebhook::Target(target)
                    }
                    StoredWebhook::Missing => FoundWebhook::Missing,
                    StoredWebhook::Unreadable => FoundWebhook::Unreadable,
                };
                found.insert(key, webhook);
            }
        }
        found
    }

    /// Caches a webhook, if there is memory. Expired webhooks are evicted for it, once in each read
    /// (`is_tidy`).
    fn insert(&self, key: &WebhookKey, target: &Arc<Target>, is_tidy: &mut bool) {
        if !target.reserve_memory() {
            if std::mem::replace(is_tidy, true) {
                return;
            }
            self.webhooks.remove_expired();
            if !target.reserve_memory() {
                return;
            }
        }
        self.webhooks.insert(key.clone(), Arc::clone(target), self.ttl);
    }
}

fn or_log<T>(read: Result<T, StoreError>) -> Option<T> {
    read.inspect_err(
        |error| tracing::error!(error = %ErrorChain(error), "failed to read configuration"),
    )
    .ok()
}

#[cfg(test)]
mod tests;
