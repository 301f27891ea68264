use std::sync::Mutex;
use std::time::Duration;

use callhook::api_key::{Grant, KeyOwner, KeyRequest};
use callhook::scope::Scopes;
use callhook::store::{AccountAdmin, KeyAdmin};
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
    let account = callhook::account::Account::from_request(acme.as_object().unwrap(), NOW);
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
async fn a_key_of_one_webhook_is_passed_on_as_such_also_while_the_table_is_down() {
    let owner = KeyOwner::Account("acme".parse().unwrap());
    let (key, mut record) = key_for(&owner, &json!({"name": "test"}));
    let webhook = "01890a5d-ac96-774b-bcce-b302099a8057";
    record.webhook_id = Some(webhook.parse().unwrap());
    let authorizer = flaky(Ok(Some(record)), false);
    let header = format!("Bearer {}", key.reveal());
    for answers in [true, false] {
        if !answers {
            authorizer.now_answers(Err(Fault::Down));
        }
        let answer = context_of(&authorizer.authorize(request(&header), NOW).await.unwrap());
        assert_eq!(answer["isAuthorized"], true);
        assert_eq!(answer["context"]["webhook_id"], webhook, "answers: {answers}");
    }
}

#[tokio::test]
async fn a_key_of_an_account_that_is_being_erased_gets_in_to_be_told_so() {
    let table = TestTables::start().await.unwrap().config();
    let acme = json!({"id": "acme", "name": "Acme"});
    let account = callhook::account::Account::from_request(acme.as_object().unwrap(), NOW);
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
async fn the_sample_event_is_understood() {
    let event = include_str!("../../../../infra/events/authorizer-request.json");
    let authorizer =
        Authorizer::new(TestTables::start().await.unwrap().config(), Metrics::default());
    let answer = authorizer.authorize(serde_json::from_str(event).unwrap(), NOW).await;
    assert!(!answer.unwrap().is_authorized, "its key is none");
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

/// A table of one key that answers what it is told to, and keeps what it was told of uses.
struct Flaky {
    record: Mutex<Result<Option<StoredKey>, Fault>>,
    uses: Mutex<Vec<Timestamp>>,
    /// Whether noting a use never ends.
    hangs: bool,
}

#[derive(Clone, Copy)]
enum Fault {
    Down,
    Corrupt,
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        let (action, source) = ("test", "told to".into());
        match fault {
            Fault::Down => Self::Unavailable { action, source },
            Fault::Corrupt => Self::Corrupt { action, source },
        }
    }
}

impl KeyLookup for Flaky {
    async fn key(&self, _: &KeyHash) -> Result<Option<StoredKey>, StoreError> {
        Ok(self.record.lock().unwrap().clone()?)
    }
}

impl KeyUseMarker for Flaky {
    async fn mark_used(&self, _: &KeyHash, at: Timestamp) -> Result<(), StoreError> {
        self.uses.lock().unwrap().push(at);
        if self.hangs {
            std::future::pending::<()>().await;
        }
        Err(Fault::Down.into())
    }
}

fn flaky(record: Result<Option<StoredKey>, Fault>, hangs: bool) -> Authorizer<Flaky> {
    Authorizer::new(
        Flaky { record: Mutex::new(record), uses: Mutex::default(), hangs },
        Metrics::default(),
    )
}

impl Authorizer<Flaky> {
    fn now_answers(&self, answer: Result<Option<StoredKey>, Fault>) {
        *self.keys.record.lock().unwrap() = answer;
    }

    async fn lets_in(&self, key: &ApiKey, now: Timestamp) -> Result<bool, StoreError> {
        let answer = self.authorize(request(&format!("Bearer {}", key.reveal())), now).await?;
        Ok(answer.is_authorized)
    }
}

#[tokio::test]
async fn a_known_key_gets_in_while_the_table_is_down_unless_it_was_revoked() {
    let (key, record) = key_for(&KeyOwner::Platform, &json!({"name": "test"}));
    let authorizer = flaky(Err(Fault::Down), false);
    assert!(authorizer.lets_in(&key, NOW).await.is_err(), "nothing is known of the key yet");
    authorizer.now_answers(Ok(Some(record)));
    assert!(authorizer.lets_in(&key, NOW).await.unwrap());
    authorizer.now_answers(Err(Fault::Down));
    assert!(authorizer.lets_in(&key, NOW).await.unwrap(), "remembered");
    authorizer.now_answers(Ok(None));
    assert!(!authorizer.lets_in(&key, NOW).await.unwrap(), "revoked");
    authorizer.now_answers(Err(Fault::Down));
    assert!(authorizer.lets_in(&key, NOW).await.is_err(), "forgotten");
}

#[tokio::test]
async fn a_key_is_remembered_for_a_quarter_of_an_hour_of_the_wall_clock() {
    let (key, record) = key_for(&KeyOwner::Platform, &json!({"name": "test"}));
    let authorizer = flaky(Ok(Some(record)), false);
    assert!(authorizer.lets_in(&key, NOW).await.unwrap());
    authorizer.now_answers(Err(Fault::Down));
    let quarter = SignedDuration::from_mins(15);
    assert!(authorizer.lets_in(&key, NOW + quarter - SignedDuration::from_secs(1)).await.unwrap());
    assert!(authorizer.lets_in(&key, NOW + quarter).await.is_err());
    assert!(authorizer.lets_in(&key, NOW - quarter).await.is_err(), "a clock that was set back");
}

#[tokio::test]
async fn memory_does_not_stand_in_for_an_item_that_cannot_be_read() {
    let (key, record) = key_for(&KeyOwner::Platform, &json!({"name": "test"}));
    let authorizer = flaky(Ok(Some(record)), false);
    assert!(authorizer.lets_in(&key, NOW).await.unwrap());
    authorizer.now_answers(Err(Fault::Corrupt));
    assert!(authorizer.lets_in(&key, NOW).await.is_err());
}

#[tokio::test]
async fn an_expired_key_is_refused_from_the_table_and_from_memory() {
    let (key, record) = key_for(
        &KeyOwner::Platform,
        &json!({"name": "test", "expires_at": "2025-11-27T01:05:00Z"}),
    );
    let end = record.expires_at.unwrap();
    let before = end - SignedDuration::from_secs(1);
    let authorizer = flaky(Ok(Some(record.clone())), false);
    assert!(authorizer.lets_in(&key, before).await.unwrap());
    authorizer.now_answers(Err(Fault::Down));
    assert!(authorizer.lets_in(&key, before).await.unwrap(), "remembered");
    assert!(!authorizer.lets_in(&key, end).await.unwrap(), "remembered, and expired");
    authorizer.now_answers(Ok(Some(record)));
    assert!(!authorizer.lets_in(&key, end).await.unwrap());
}

#[tokio::test]
async fn a_use_is_noted_once_an_hour() {
    let (key, record) = key_for(&KeyOwner::Platform, &json!({"name": "test"}));
    let authorizer = flaky(Ok(Some(record.clone())), false);
    let uses = async |at: Timestamp| {
        assert!(authorizer.lets_in(&key, at).await.unwrap());
        // What was spawned runs when this task waits.
        tokio::time::sleep(Duration::from_millis(1)).await;
        authorizer.keys.uses.lock().unwrap().clone()
    };
    assert_eq!(uses(NOW).await, [NOW]);
    let used = StoredKey { last_used_at: Some(NOW), ..record };
    authorizer.now_answers(Ok(Some(used)));
    assert_eq!(uses(NOW + SignedDuration::from_mins(59)).await, [NOW]);
    let later = NOW + SignedDuration::from_hours(1);
    assert_eq!(uses(later).await, [NOW, later]);
}

#[tokio::test]
async fn an_answer_does_not_wait_for_the_note_of_a_use() {
    let (key, record) = key_for(&KeyOwner::Platform, &json!({"name": "test"}));
    let authorizer = flaky(Ok(Some(record)), true);
    for _ in 0..MAX_NOTES * 2 {
        let answer = tokio::time::timeout(Duration::from_secs(5), authorizer.lets_in(&key, NOW));
        assert!(answer.await.expect("an answer at once").unwrap());
    }
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(authorizer.keys.uses.lock().unwrap().len(), MAX_NOTES, "they do not pile up");
}

#[tokio::test]
async fn a_note_reaches_the_table() {
    let table = TestTables::start().await.unwrap().config();
    let (key, record) = key_for(&KeyOwner::Platform, &json!({"name": "test"}));
    table.create_key(&key.hash(), &record).await.unwrap();
    let authorizer = Authorizer::new(table.clone(), Metrics::default());
    let header = request(&format!("Bearer {}", key.reveal()));
    assert!(authorizer.authorize(header, NOW).await.unwrap().is_authorized);
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    while table.key(&key.hash()).await.unwrap().unwrap().last_used_at != Some(NOW) {
        assert!(tokio::time::Instant::now() < deadline, "the use was not noted");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn accepted_and_refused_keys_are_counted_and_a_silent_table_is_not() {
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
        let mut authorizer = flaky(record, false);
        authorizer.metrics = Metrics::of("Callhook/callhook", "authorizer", "callhook-authorizer");
        emitted(&authorizer.metrics);
        let _ = authorizer.authorize(request(header), NOW).await;
        assert_eq!(emitted(&authorizer.metrics), *expected, "{header}");
    }
}
