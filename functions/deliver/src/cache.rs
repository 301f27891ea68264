//! Configuration, kept in the instance for a while so that a busy webhook does not cost a read
//! per report.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use callhook::account::AccountId;
use callhook::ids::WebhookId;
use callhook::store::{AccountTerms, DeliveryConfig, StoreError, StoredWebhook};
use callhook::subscription::{Event, RuleRange, Subscriber};
use callhook::telemetry::ErrorChain;
use callhook::ttl_cache::TtlCache;
use futures_util::StreamExt as _;
use futures_util::stream;

use crate::target::{Room, Target};

/// Names the subscribers of an event in a range of identities of an account.
pub(crate) type RuleKey = (AccountId, Event, RuleRange);
/// Names a webhook of an account.
pub(crate) type WebhookKey = (AccountId, WebhookId);

/// TTL of an empty subscriber list, so that a first subscription takes effect soon.
const NOBODY_TTL: Duration = Duration::from_secs(5);
/// Webhooks that are remembered, if they are small: there is [`Room`] for so much memory.
const MAX_WEBHOOKS: usize = 20_000;
/// Reads under way at the same time.
const CONCURRENT_READS: usize = 16;

/// Reads configuration through a cache.
pub(crate) struct ConfigCache<C> {
    source: C,
    ttl: Duration,
    terms: TtlCache<AccountId, AccountTerms>,
    rules: TtlCache<RuleKey, Subscribers>,
    webhooks: TtlCache<WebhookKey, Arc<Target>>,
    room: Room,
}

/// Who subscribes to an event in a range of identities.
#[derive(Clone)]
pub(crate) struct Subscribers {
    pub(crate) list: Arc<[Subscriber]>,
    read_at: Instant,
}

/// What is known of a webhook that a report goes to.
#[derive(Clone)]
pub(crate) enum FoundWebhook {
    /// It exists.
    Target(Arc<Target>),
    /// There is no such webhook.
    Missing,
    /// Its item cannot be read, however often it is tried.
    Unreadable,
}

/// What was found; keys of which the table said nothing are missing.
pub(crate) type Found<K, V> = HashMap<K, V>;

impl<C: DeliveryConfig> ConfigCache<C> {
    pub(crate) fn new(source: C, ttl: Duration) -> Self {
        Self {
            source,
            ttl,
            terms: TtlCache::default(),
            rules: TtlCache::default(),
            webhooks: TtlCache::with_capacity(MAX_WEBHOOKS),
            room: Room::default(),
        }
    }

    /// What each account chose. An account without an entry could not be read, now or before.
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
                    // One that does not exist may be made the next moment.
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

    /// Reads a webhook again the next time it is needed.
    pub(crate) fn forget(&self, account: &AccountId, webhook: WebhookId) {
        self.webhooks.remove(&(account.clone(), webhook));
    }

    /// The subscribers of each of `keys`, read at `since` or later if that is given. A key without
    /// an entry could not be read, now or before.
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
                    let may_be_news = subscribers.is_empty() && key.2.accepts_new();
                    let ttl = if may_be_news { self.ttl.min(NOBODY_TTL) } else { self.ttl };
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

    /// Each of `keys`. A key without an entry could not be read. What ends a delivery is read
    /// anew: a webhook that does not exist may just have been made, one that is not active may just
    /// have been activated.
    pub(crate) async fn webhooks(
        &self,
        keys: HashSet<WebhookKey>,
    ) -> Found<WebhookKey, FoundWebhook> {
        let (mut known, mut unknown) = self.webhooks.split(keys);
        unknown.extend(known.extract_if(|_, target| !target.may_be_cached()).map(|(key, _)| key));
        let known = known.into_iter().map(|(key, target)| (key, FoundWebhook::Target(target)));
        self.read_webhooks(unknown, known.collect()).await
    }

    /// Reads webhooks past the cache, which then holds them.
    pub(crate) async fn fresh_webhooks(
        &self,
        keys: HashSet<WebhookKey>,
    ) -> Found<WebhookKey, FoundWebhook> {
        self.read_webhooks(keys.into_iter().collect(), HashMap::new()).await
    }

    /// Adds what is stored under `unknown` to `found`.
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
                    // What was so lately must not end a delivery.
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
                        let target = Target::new(account, *webhook, health, self.room.clone());
                        let target = Arc::new(target);
                        self.remember(&key, &target, &mut is_tidy);
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

    /// Keeps a webhook for a while, if there is room for it; what is old makes room, once for each time
    /// that webhooks are read.
    fn remember(&self, key: &WebhookKey, target: &Arc<Target>, is_tidy: &mut bool) {
        if !target.takes_its_place() {
            if std::mem::replace(is_tidy, true) {
                return;
            }
            self.webhooks.remove_expired();
            if !target.takes_its_place() {
                return;
            }
        }
        self.webhooks.insert(key.clone(), Arc::clone(target), self.ttl);
    }
}

fn or_log<T>(read: Result<T, StoreError>) -> Option<T> {
    read.inspect_err(
        |error| tracing::error!(error = %ErrorChain(error), "configuration was not read"),
    )
    .ok()
}

#[cfg(test)]
mod tests;
