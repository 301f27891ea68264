use std::sync::Mutex;
use std::time::Duration;

use callhook::domain::api_key::{Grant, KeyOwner, KeyRequest};
use callhook::domain::scope::Scopes;
use callhook::ports::store::{AccountAdmin, KeyAdmin};
use callhook::testing::{TestTables, emitted};
use jiff::SignedDuration;
use serde_json::json;

use super::*;

const NOW: Timestamp = Timestamp::constant(1_764_205_483, 0);

fn request(header: &str) -> AuthorizerRequest {
    serde_json::from_value(json!({
        "version": "2.0", "type": "REQUEST", "identitySource": [header],
        "headers": {"authorization": header}, "requestContext": {"http": {"method": "GET"}},
    }))
    .unwrap()
}

fn key_for(owner: &KeyOwner, request: &serde_json::Value) -> (ApiKey, StoredKey) {
    let key = ApiKey::generate().unwrap();
    let request = KeyRequest::parse(
        request.as_object().unwrap(),
        owner,
        &Grant::of_operator(Scopes::all()),
        NOW,
    )
    .unwrap();
    let record = request.into_stored_key(&key, owner, NOW);
    (key, record)
}

fn context_of(answer: &SimpleResponse<CallerContext>) -> serde_json::Value {
    serde_json::to_value(answer).unwrap()
}

#[tokio::test]
async fn a_stored_key_gets_its_owner_and_scopes() {
    let table = TestTables::start().await.unwrap().config();
    let acme = json!({"id": "acme", "name": "Acme"});
    let account = callhook::domain::account::Account::from_request(acme.as_object().unwrap(), NOW);
    table.create_account(&account.unwrap()).await.unwrap();
    let owner = KeyOwner::Account("acme".parse().unwrap());
    let (key, record) = key_for(&owner, &json!({"name": "test"}));
    table.create_key(&key.hash(), &record).await.unwrap();
    let authorizer = Authorizer::new(table, Metrics::default());

    let answer = authorizer.authorize(request(&format!("Bearer {}", key.reveal())), NOW).await;
    assert_eq!(
        context_of(&answer.unwrap()),
        json!({"isAuthorized": true, "context": {
            "key_id": key.id().to_string(), "account_id": "acme",
            "scopes": "webhooks:read webhooks:write reports:write deliveries:read deliveries:write \
                reports:erase",
        }})
    );
    let lower = authorizer.authorize(request(&format!("bearer {}", key.reveal())), NOW).await;
    assert!(lower.unwrap().is_authorized);
}

#[tokio::test]
async fn the_webhook_of_a_narrowed_key_is_passed_on_even_while_the_table_is_down() {
    let owner = KeyOwner::Account("acme".parse().unwrap());
    let (key, mut record) = key_for(&owner, &json!({"name": "test"}));
    let webhook = "01890a5d-ac96-774b-bcce-b302099a8057";
    record.webhook_id = Some(webhook.parse().unwrap());
    let authorizer = authorizer_with(Ok(Some(record)), false);
    let header = format!("Bearer {}", key.reveal());
    for answers in [true, false] {
        if !answers {
            authorizer.set_answer(Err(Fault::Down));
        }
        let answer = context_of(&authorizer.authorize(request(&header), NOW).await.unwrap());
        assert_eq!(answer["isAuthorized"], true);
        assert_eq!(answer["context"]["webhook_id"], webhook, "answers: {answers}");
    }
}

#[tokio::test]
async fn a_key_of_an_account_that_is_being_erased_is_accepted_with_that_status() {
    let table = TestTables::start().await.unwrap().config();
    let acme = json!({"id": "acme", "name": "Acme"});
    let account = callhook::domain::account::Account::from_request(acme.as_object().unwrap(), NOW);
    table.create_account(&account.unwrap()).await.unwrap();
    let owner = KeyOwner::Account("acme".parse().unwrap());
    let (key, record) = key_for(&owner, &json!({"name": "test"}));
    table.create_key(&key.hash(), &record).await.unwrap();
    table.mark_erasing(&"acme".parse().unwrap(), &key.id()).await.unwrap();
    let authorizer = Authorizer::new(table, Metrics::default());
    let answer = authorizer.authorize(request(&format!("Bearer {}", key.reveal())), NOW).await;
    let answer = context_of(&answer.unwrap());
    assert_eq!(answer["isAuthorized"], true);
    assert_eq!(answer["context"]["account_status"], "erasing");
}

#[tokio::test]
async fn the_sample_event_is_accepted() {
    let event = include_str!("../../../../infra/events/authorizer-request.json");
    let authorizer =
        Authorizer::new(TestTables::start().await.unwrap().config(), Metrics::default());
    let answer = authorizer.authorize(serde_json::from_str(event).unwrap(), NOW).await;
    assert!(!answer.unwrap().is_authorized, "the sample has no valid key");
}

#[tokio::test]
async fn other_keys_are_refused() {
    let authorizer =
        Authorizer::new(TestTables::start().await.unwrap().config(), Metrics::default());
    let unknown = ApiKey::generate().unwrap();
    for header in [
        format!("Bearer {}", unknown.reveal()),
        unknown.reveal().to_owned(),
        format!("Basic {}", unknown.reveal()),
        format!("Bearer {}", "x".repeat(10_000)),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        String::new(),
    ] {
        let answer = authorizer.authorize(request(&header), NOW).await.unwrap();
        assert_eq!(context_of(&answer), json!({"isAuthorized": false, "context": {}}));
    }
}

/// A table of one key with a chosen response, which collects the uses that it is sent.
struct FakeTable {
    record: Mutex<Result<Option<StoredKey>, Fault>>,
    uses: Mutex<Vec<Timestamp>>,
    /// Whether writing a use never ends.
    hangs: bool,
}

#[derive(Clone, Copy)]
enum Fault {
    Down,
    Corrupt,
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        let (action, source) = ("test", "chosen by the test".into());
        match fault {
            Fault::Down => Self::Unavailable { action, source },
            Fault::Corrupt => Self::Corrupt { action, source },
        }
    }
}

impl KeyLookup for FakeTable {
    async fn key(&self, _: &KeyHash) -> Result<Option<StoredKey>, StoreError> {
        Ok(self.record.lock().unwrap().clone()?)
    }
}

impl KeyUseMarker for FakeTable {
    async fn mark_used(&self, _: &KeyHash, at: Timestamp) -> Result<(), StoreError> {
        self.uses.lock().unwrap().push(at);
        if self.hangs {
            std::future::pending::<()>().await;
        }
        Err(Fault::Down.into())
    }
}

fn authorizer_with(record: Result<Option<StoredKey>, Fault>, hangs: bool) -> Authorizer<FakeTable> {
    Authorizer::new(
        FakeTable { record: Mutex::new(record), uses: Mutex::default(), hangs },
        Metrics::default(),
    )
}

impl<S> Authorizer<S> {
    /// Waits until no write of a use is in flight.
    async fn uses_are_written(&self) {
        let permits = self.use_writes.acquire_many(MAX_USE_WRITES.try_into().unwrap());
        let written = tokio::time::timeout(Duration::from_secs(30), permits).await;
        drop(written.expect("the writes end within 30 s").unwrap());
    }
}

impl Authorizer<FakeTable> {
    fn set_answer(&self, answer: Result<Option<StoredKey>, Fault>) {
        *self.keys.record.lock().unwrap() = answer;
    }

    async fn accepts(&self, key: &ApiKey, now: Timestamp) -> Result<bool, StoreError> {
        let answer = self.authorize(request(&format!("Bearer {}", key.reveal())), now).await?;
        Ok(answer.is_authorized)
    }
}

#[tokio::test]
async fn a_cached_key_is_accepted_while_the_table_is_down_unless_it_was_revoked() {
    let (key, record) = key_for(&KeyOwner::Platform, &json!({"name": "test"}));
    let authorizer = authorizer_with(Err(Fault::Down), false);
    assert!(authorizer.accepts(&key, NOW).await.is_err(), "not cached yet");
    authorizer.set_answer(Ok(Some(record)));
    assert!(authorizer.accepts(&key, NOW).await.unwrap());
    authorizer.set_answer(Err(Fault::Down));
    assert!(authorizer.accepts(&key, NOW).await.unwrap(), "cached");
    authorizer.set_answer(Ok(None));
    assert!(!authorizer.accepts(&key, NOW).await.unwrap(), "revoked");
    authorizer.set_answer(Err(Fault::Down));
    assert!(authorizer.accepts(&key, NOW).await.is_err(), "evicted");
}

#[tokio::test]
async fn a_key_is_cached_for_15_minutes_of_wall_clock_time() {
    let (key, record) = key_for(&KeyOwner::Platform, &json!({"name": "test"}));
    let authorizer = authorizer_with(Ok(Some(record)), false);
    assert!(authorizer.accepts(&key, NOW).await.unwrap());
    authorizer.set_answer(Err(Fault::Down));
    let quarter = SignedDuration::from_mins(15);
    assert!(authorizer.accepts(&key, NOW + quarter - SignedDuration::from_secs(1)).await.unwrap());
    assert!(authorizer.accepts(&key, NOW + quarter).await.is_err());
    assert!(authorizer.accepts(&key, NOW - quarter).await.is_err(), "a clock that was set back");
}

#[tokio::test]
async fn the_cache_is_not_used_for_a_corrupt_item() {
    let (key, record) = key_for(&KeyOwner::Platform, &json!({"name": "test"}));
    let authorizer = authorizer_with(Ok(Some(record)), false);
    assert!(authorizer.accepts(&key, NOW).await.unwrap());
    authorizer.set_answer(Err(Fault::Corrupt));
    assert!(authorizer.accepts(&key, NOW).await.is_err());
}

#[tokio::test]
async fn an_expired_key_is_refused_from_the_table_and_from_the_cache() {
    let (key, record) = key_for(
        &KeyOwner::Platform,
        &json!({"name": "test", "expires_at": "2025-11-27T01:05:00Z"}),
    );
    let end = record.expires_at.unwrap();
    let before = end - SignedDuration::from_secs(1);
    let authorizer = authorizer_with(Ok(Some(record.clone())), false);
    assert!(authorizer.accepts(&key, before).await.unwrap());
    authorizer.set_answer(Err(Fault::Down));
    assert!(authorizer.accepts(&key, before).await.unwrap(), "cached");
    assert!(!authorizer.accepts(&key, end).await.unwrap(), "cached, and expired");
    authorizer.set_answer(Ok(Some(record)));
    assert!(!authorizer.accepts(&key, end).await.unwrap());
}

#[tokio::test]
async fn a_use_is_recorded_once_an_hour() {
    let (key, record) = key_for(&KeyOwner::Platform, &json!({"name": "test"}));
    let authorizer = authorizer_with(Ok(Some(record.clone())), false);
    let uses = async |at: Timestamp| {
        assert!(authorizer.accepts(&key, at).await.unwrap());
        authorizer.uses_are_written().await;
        authorizer.keys.uses.lock().unwrap().clone()
    };
    assert_eq!(uses(NOW).await, [NOW]);
    let used = StoredKey { last_used_at: Some(NOW), ..record };
    authorizer.set_answer(Ok(Some(used)));
    assert_eq!(uses(NOW + SignedDuration::from_mins(59)).await, [NOW]);
    let later = NOW + SignedDuration::from_hours(1);
    assert_eq!(uses(later).await, [NOW, later]);
}

#[tokio::test]
async fn an_answer_does_not_wait_for_the_write_of_a_use() {
    let (key, record) = key_for(&KeyOwner::Platform, &json!({"name": "test"}));
    let authorizer = authorizer_with(Ok(Some(record)), true);
    for _ in 0..MAX_USE_WRITES * 2 {
        let answer = tokio::time::timeout(Duration::from_secs(5), authorizer.accepts(&key, NOW));
        assert!(answer.await.expect("an answer although the write hangs").unwrap());
    }
    assert_eq!(authorizer.use_writes.available_permits(), 0);
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    while authorizer.keys.uses.lock().unwrap().len() < MAX_USE_WRITES {
        assert!(tokio::time::Instant::now() < deadline, "the writes have not begun");
        tokio::task::yield_now().await;
    }
    assert_eq!(authorizer.keys.uses.lock().unwrap().len(), MAX_USE_WRITES, "writes are bounded");
}

#[tokio::test]
async fn a_use_reaches_the_table() {
    let table = TestTables::start().await.unwrap().config();
    let (key, record) = key_for(&KeyOwner::Platform, &json!({"name": "test"}));
    table.create_key(&key.hash(), &record).await.unwrap();
    let authorizer = Authorizer::new(table.clone(), Metrics::default());
    let header = request(&format!("Bearer {}", key.reveal()));
    assert!(authorizer.authorize(header, NOW).await.unwrap().is_authorized);
    authorizer.uses_are_written().await;
    assert_eq!(table.key(&key.hash()).await.unwrap().unwrap().last_used_at, Some(NOW));
}

#[tokio::test]
async fn accepted_and_refused_keys_are_counted_and_table_failures_are_not() {
    let owner = KeyOwner::Account("acme".parse().unwrap());
    let (key, record) = key_for(&owner, &json!({"name": "test"}));
    let header = format!("Bearer {}", key.reveal());
    let accepted = json!({"KeysAccepted": 1});
    let refused = json!({"KeysRefused": 1});
    for (record, header, expected) in [
        (Ok(Some(record.clone())), &*header, &accepted),
        (Ok(None), &*header, &refused),
        (Ok(Some(record)), "Basic x", &refused),
        (Err(Fault::Down), &*header, &serde_json::Value::Null),
    ] {
        let mut authorizer = authorizer_with(record, false);
        authorizer.metrics = Metrics::of("Callhook/callhook", "authorizer", "callhook-authorizer");
        emitted(&authorizer.metrics);
        let _ = authorizer.authorize(request(header), NOW).await;
        assert_eq!(emitted(&authorizer.metrics), *expected, "{header}");
    }
}
