//! Configuration, kept in the instance for a while so that a busy webhook does not cost a read
//! per report.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use callhook::account::AccountId;
use callhook::expiring::Expiring;
use callhook::ids::WebhookId;
use callhook::store::{AccountTerms, DeliveryConfig, StoreError};
use callhook::subscription::{Event, RuleRange, Subscriber};
use callhook::telemetry::Causes;
use futures_util::StreamExt as _;
use futures_util::stream;

use crate::target::{Room, Target};

/// Names the subscribers of an event in a range of identities of an account.
pub(crate) type RuleKey = (AccountId, Event, RuleRange);
/// Names a webhook of an account.
pub(crate) type WebhookKey = (AccountId, WebhookId);

/// "Nobody subscribes" is believed for this long only, so that a first subscription takes
/// effect soon.
const NOBODY_TTL: Duration = Duration::from_secs(5);
/// Webhooks that are remembered, if they are small: there is [`Room`] for so much memory.
const MAX_WEBHOOKS: usize = 20_000;
/// Reads under way at the same time.
const CONCURRENT_READS: usize = 16;

/// Reads configuration through a cache.
pub(crate) struct ConfigCache<C> {
    source: C,
    ttl: Duration,
    terms: Expiring<AccountId, AccountTerms>,
    rules: Expiring<RuleKey, Arc<[Subscriber]>>,
    webhooks: Expiring<WebhookKey, Arc<Target>>,
    room: Room,
}

/// What was found; what could not be read is missing.
pub(crate) type Found<K, V> = HashMap<K, V>;

impl<C: DeliveryConfig> ConfigCache<C> {
    pub(crate) fn new(source: C, ttl: Duration) -> Self {
        Self {
            source,
            ttl,
            terms: Expiring::default(),
            rules: Expiring::default(),
            webhooks: Expiring::with_room(MAX_WEBHOOKS),
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
                    self.terms.keep(account.clone(), terms.clone(), self.ttl);
                    Some(terms)
                }
                None => self.terms.even_if_old(&account),
            };
            found.extend(terms.map(|terms| (account, terms)));
        }
        found
    }

    /// Reads a webhook again the next time it is needed.
    pub(crate) fn forget(&self, account: &AccountId, webhook: WebhookId) {
        self.webhooks.forget(&(account.clone(), webhook));
    }

    /// The subscribers of each of `keys`. A key without an entry could not be read, now or before.
    pub(crate) async fn subscribers(
        &self,
        keys: HashSet<RuleKey>,
    ) -> Found<RuleKey, Arc<[Subscriber]>> {
        let (mut found, unknown) = self.rules.split(keys);
        let reads = unknown.into_iter().map(|key| async move {
            let (account, event, range) = &key;
            let read = self.source.subscribers(account, event, range).await;
            (key, read)
        });
        let mut reads = stream::iter(reads).buffer_unordered(CONCURRENT_READS);
        while let Some((key, read)) = reads.next().await {
            let subscribers = match or_log(read) {
                Some(subscribers) => {
                    let may_be_news = subscribers.is_empty() && key.2.may_grow();
                    let ttl = if may_be_news { self.ttl.min(NOBODY_TTL) } else { self.ttl };
                    let subscribers: Arc<[Subscriber]> = subscribers.into();
                    self.rules.keep(key.clone(), Arc::clone(&subscribers), ttl);
                    Some(subscribers)
                }
                None => self.rules.even_if_old(&key),
            };
            found.extend(subscribers.map(|subscribers| (key, subscribers)));
        }
        found
    }

    /// Each of `keys`; `None` if there is no such webhook. A key without an entry could not be
    /// read. That a webhook does not exist is never remembered: it may just have been made.
    pub(crate) async fn webhooks(
        &self,
        keys: HashSet<WebhookKey>,
    ) -> Found<WebhookKey, Option<Arc<Target>>> {
        let (known, unknown) = self.webhooks.split(keys);
        let mut is_tidy = false;
        let mut found: Found<_, _> =
            known.into_iter().map(|(key, webhook)| (key, Some(webhook))).collect();
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
                    let old = self.webhooks.even_if_old(&key);
                    found.extend(old.map(|target| (key, Some(target))));
                }
                continue;
            };
            for (id, stored) in read {
                let key = (account.clone(), id);
                let target = stored.map(|(webhook, health)| {
                    Arc::new(Target::new(account.clone(), webhook, health, self.room.clone()))
                });
                if let Some(target) = &target {
                    self.remember(&key, target, &mut is_tidy);
                }
                found.insert(key, target);
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
            self.webhooks.forget_old();
            if !target.takes_its_place() {
                return;
            }
        }
        self.webhooks.keep(key.clone(), Arc::clone(target), self.ttl);
    }
}

fn or_log<T>(read: Result<T, StoreError>) -> Option<T> {
    read.inspect_err(|error| tracing::error!(error = %Causes(error), "configuration was not read"))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use callhook::store::StoredWebhooks;
    use callhook::subscription::Identity;
    use callhook::webhook::{Webhook, WebhookDraft};
    use jiff::Timestamp;
    use serde_json::json;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    /// One webhook that subscribes to everything, and a table that can fail.
    struct Source {
        webhook: Webhook,
        reads: AtomicUsize,
        is_down: AtomicBool,
    }

    impl Source {
        fn new() -> Self {
            let draft = json!({"name": "CRM", "url": "https://crm.example/"});
            let draft = WebhookDraft::of_new(draft.as_object().unwrap(), Timestamp::UNIX_EPOCH);
            let webhook = Webhook::new(draft.unwrap(), Timestamp::UNIX_EPOCH);
            Self { webhook, reads: AtomicUsize::new(0), is_down: AtomicBool::new(false) }
        }

        fn read<T>(&self, value: T) -> Result<T, StoreError> {
            self.reads.fetch_add(1, Ordering::Relaxed);
            if self.is_down.load(Ordering::Relaxed) {
                return Err(StoreError::Unavailable { action: "test", source: "down".into() });
            }
            Ok(value)
        }
    }

    impl DeliveryConfig for Source {
        async fn subscribers(
            &self,
            _: &AccountId,
            _: &Event,
            range: &RuleRange,
        ) -> Result<Vec<Subscriber>, StoreError> {
            let is_all = *range == RuleRange::All;
            let own = Subscriber { identity: Identity::All, webhook_id: self.webhook.id };
            self.read(is_all.then_some(own).into_iter().collect())
        }

        async fn account_terms(&self, _: &AccountId) -> Result<AccountTerms, StoreError> {
            self.read(AccountTerms::default())
        }

        async fn webhooks_by_id(
            &self,
            _: &AccountId,
            ids: &[WebhookId],
        ) -> Result<StoredWebhooks, StoreError> {
            let found =
                |id: &WebhookId| (*id == self.webhook.id).then(|| (self.webhook.clone(), None));
            self.read(ids.iter().map(|id| (*id, found(id))).collect())
        }
    }

    fn rule() -> RuleKey {
        ("acme".parse().unwrap(), Event::default(), RuleRange::All)
    }

    #[tokio::test]
    async fn what_was_read_is_not_read_again() {
        let cache = ConfigCache::new(Source::new(), Duration::from_mins(1));
        let key = (rule().0, cache.source.webhook.id);
        for _ in 0..3 {
            assert_eq!(cache.subscribers([rule()].into()).await[&rule()].len(), 1);
            assert!(cache.webhooks([key.clone()].into()).await[&key].is_some());
            assert_eq!(cache.terms([key.0.clone()].into()).await.len(), 1);
        }
        assert_eq!(cache.source.reads.load(Ordering::Relaxed), 3);
    }

    #[tokio::test]
    async fn what_there_is_no_room_for_is_read_again() {
        let mut cache = ConfigCache::new(Source::new(), Duration::from_mins(1));
        cache.room = Room::of_kib(0);
        let key = (rule().0, cache.source.webhook.id);
        for reads in 1..3 {
            assert!(cache.webhooks([key.clone()].into()).await[&key].is_some());
            assert_eq!(cache.source.reads.load(Ordering::Relaxed), reads);
        }
    }

    #[tokio::test]
    async fn what_is_old_makes_room() {
        let mut cache = ConfigCache::new(Source::new(), Duration::ZERO);
        let key = (rule().0, cache.source.webhook.id);
        let kib = cache.source.webhook.memory_bytes().div_ceil(1024);
        cache.room = Room::of_kib(kib);
        for _ in 0..2 {
            let read = cache.webhooks([key.clone()].into()).await[&key].clone().unwrap();
            let remembered = cache.webhooks.even_if_old(&key).unwrap();
            assert!(Arc::ptr_eq(&read, &remembered), "there is still what is old");
        }
    }

    #[tokio::test]
    async fn that_a_webhook_does_not_exist_is_not_remembered() {
        let cache = ConfigCache::new(Source::new(), Duration::from_mins(1));
        let key = (rule().0, WebhookId::generate());
        for reads in 1..3 {
            assert!(cache.webhooks([key.clone()].into()).await[&key].is_none());
            assert_eq!(cache.source.reads.load(Ordering::Relaxed), reads);
        }
    }

    #[tokio::test]
    async fn what_was_read_lately_serves_while_the_table_is_down() {
        let cache = ConfigCache::new(Source::new(), Duration::ZERO);
        let key = (rule().0, cache.source.webhook.id);
        cache.source.is_down.store(true, Ordering::Relaxed);
        assert!(cache.subscribers([rule()].into()).await.is_empty(), "never read");
        assert!(cache.webhooks([key.clone()].into()).await.is_empty(), "never read");
        cache.source.is_down.store(false, Ordering::Relaxed);
        cache.subscribers([rule()].into()).await;
        cache.webhooks([key.clone()].into()).await;
        cache.source.is_down.store(true, Ordering::Relaxed);
        assert_eq!(cache.subscribers([rule()].into()).await[&rule()].len(), 1);
        assert!(cache.webhooks([key.clone()].into()).await[&key].is_some());
    }
}
