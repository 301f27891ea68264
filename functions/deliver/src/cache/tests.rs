use super::*;
use callhook::domain::health::{Health, OpenCircuit};
use callhook::domain::subscription::Identity;
use callhook::domain::webhook::Webhook;
use callhook::ports::store::StoredWebhooks;
use callhook::testing::NewWebhook;
use jiff::Timestamp;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// One webhook that subscribes to everything, and a table that can fail.
struct Source {
    webhook: Webhook,
    health: Option<Health>,
    reads: AtomicUsize,
    is_down: AtomicBool,
}

impl Source {
    fn new() -> Self {
        let webhook = NewWebhook::new("https://crm.example/").build(Timestamp::UNIX_EPOCH);
        let (reads, is_down) = (AtomicUsize::new(0), AtomicBool::new(false));
        Self { webhook, health: None, reads, is_down }
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
        let found = |id: &WebhookId| {
            if *id == self.webhook.id {
                let webhook = Box::new(self.webhook.clone());
                StoredWebhook::Readable(webhook, self.health.clone())
            } else {
                StoredWebhook::Missing
            }
        };
        self.read(ids.iter().map(|id| (*id, found(id))).collect())
    }
}

/// The webhook of `key`, if it exists and can be read.
async fn target(cache: &ConfigCache<Source>, key: &WebhookKey) -> Option<Arc<Target>> {
    match cache.webhooks([key.clone()].into()).await.remove(key) {
        Some(FoundWebhook::Target(target)) => Some(target),
        _ => None,
    }
}

fn rule() -> RuleKey {
    ("acme".parse().unwrap(), Event::default(), RuleRange::All)
}

#[tokio::test]
async fn configuration_is_read_once() {
    let cache = ConfigCache::new(Source::new(), Duration::from_mins(1));
    let key = (rule().0, cache.source.webhook.id);
    for _ in 0..3 {
        assert_eq!(cache.subscribers([rule()].into(), None).await[&rule()].list.len(), 1);
        assert!(target(&cache, &key).await.is_some());
        assert_eq!(cache.terms([key.0.clone()].into()).await.len(), 1);
    }
    assert_eq!(cache.source.reads.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn a_webhook_without_memory_is_read_again() {
    let mut cache = ConfigCache::new(Source::new(), Duration::from_mins(1));
    cache.memory = CacheMemory::of_kib(0);
    let key = (rule().0, cache.source.webhook.id);
    for reads in 1..3 {
        assert!(target(&cache, &key).await.is_some());
        assert_eq!(cache.source.reads.load(Ordering::Relaxed), reads);
    }
}

#[tokio::test]
async fn expired_webhooks_are_evicted_for_memory() {
    let mut cache = ConfigCache::new(Source::new(), Duration::ZERO);
    let key = (rule().0, cache.source.webhook.id);
    let kib = cache.source.webhook.memory_bytes().div_ceil(1024);
    cache.memory = CacheMemory::of_kib(kib);
    for _ in 0..2 {
        let read = target(&cache, &key).await.unwrap();
        let cached = cache.webhooks.get_stale(&key).unwrap();
        assert!(Arc::ptr_eq(&read, &cached), "the one that was read last");
    }
}

#[tokio::test]
async fn a_missing_webhook_is_not_cached() {
    let cache = ConfigCache::new(Source::new(), Duration::from_mins(1));
    let key = (rule().0, WebhookId::generate());
    for reads in 1..3 {
        let found = cache.webhooks([key.clone()].into()).await.remove(&key);
        assert!(matches!(found, Some(FoundWebhook::Missing)));
        assert_eq!(cache.source.reads.load(Ordering::Relaxed), reads);
    }
}

#[tokio::test]
async fn stale_configuration_serves_while_the_table_is_down() {
    let cache = ConfigCache::new(Source::new(), Duration::ZERO);
    let key = (rule().0, cache.source.webhook.id);
    cache.source.is_down.store(true, Ordering::Relaxed);
    assert!(cache.subscribers([rule()].into(), None).await.is_empty(), "never read");
    assert!(cache.webhooks([key.clone()].into()).await.is_empty(), "never read");
    cache.source.is_down.store(false, Ordering::Relaxed);
    cache.subscribers([rule()].into(), None).await;
    target(&cache, &key).await;
    cache.source.is_down.store(true, Ordering::Relaxed);
    assert_eq!(cache.subscribers([rule()].into(), None).await[&rule()].list.len(), 1);
    assert!(target(&cache, &key).await.is_some());
    let now = Some(Instant::now());
    assert!(cache.subscribers([rule()].into(), now).await.is_empty(), "not read since then");
}

#[tokio::test]
async fn a_webhook_that_would_end_a_delivery_is_read_again() {
    let inactive = |source: &mut Source| {
        source.webhook.settings.status = callhook::domain::webhook::WebhookStatus::Inactive;
    };
    let circuit = |level| {
        move |source: &mut Source| {
            let until = Timestamp::MAX;
            let circuit = Some(OpenCircuit { until, level, probe_until: None, since: None });
            source.health = Some(Health { version: 1, circuit, ..Health::default() });
        }
    };
    for (change, what, reads_of_two) in [
        (Box::new(|_: &mut Source| {}) as Box<dyn FnOnce(&mut Source)>, "active", 1),
        (Box::new(inactive), "inactive", 2),
        (Box::new(circuit(1)), "its circuit was opened", 1),
    ] {
        let mut source = Source::new();
        change(&mut source);
        let cache = ConfigCache::new(source, Duration::from_mins(1));
        let key = (rule().0, cache.source.webhook.id);
        for _ in 0..2 {
            assert!(target(&cache, &key).await.is_some(), "{what}");
        }
        assert_eq!(cache.source.reads.load(Ordering::Relaxed), reads_of_two, "{what}");
        cache.source.is_down.store(true, Ordering::Relaxed);
        let is_active = what != "inactive";
        assert_eq!(target(&cache, &key).await.is_some(), is_active, "{what}: the table is down");
    }
}
