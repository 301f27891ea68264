use callhook::aws::dynamodb::ConfigTable;
use callhook::domain::api_key::KeyLifetime;
use callhook::ports::store::{AccountErasureState, AccountPurge};
use callhook::testing::api::{Api, platform};
use callhook::testing::{RecordingQueue, TestTables};
use serde_json::json;

use super::*;
use crate::app::router;
use crate::app::tests::public_url;

struct World {
    table: ConfigTable,
    queue: Arc<RecordingQueue>,
    api: Api,
    _tables: TestTables,
}

impl World {
    /// An account `acme` with two keys.
    async fn start(queue: RecordingQueue) -> Self {
        let tables = TestTables::start().await.unwrap();
        let (table, queue) = (tables.config(), Arc::new(queue));
        let api = Api::new(
            router(
                Arc::new(table.clone()),
                Arc::clone(&queue),
                KeyLifetime::default(),
                public_url(),
            ),
            platform(),
        );
        api.post("/v1/accounts", json!({"name": "Acme", "id": "acme"})).await;
        for name in ["one", "two"] {
            api.post("/v1/accounts/acme/keys", json!({"name": name})).await;
        }
        Self { table, queue, api, _tables: tables }
    }

    async fn keys(&self) -> usize {
        let listed = self.api.get("/v1/accounts/acme/keys").await.json();
        listed["data"].as_array().unwrap().len()
    }

    async fn state(&self) -> AccountErasureState {
        self.table.erasure_state(&"acme".parse().unwrap()).await.unwrap()
    }
}

#[tokio::test]
async fn an_account_is_erased_if_the_request_confirms_its_id() {
    let world = World::start(RecordingQueue::default()).await;
    for query in ["", "?confirm=yes", "?confirm=acme2"] {
        let refused = world.api.delete(&format!("/v1/accounts/acme{query}")).await;
        assert_eq!(refused.status, http::StatusCode::BAD_REQUEST, "{refused:?}");
    }
    assert_eq!((world.keys().await, world.state().await), (2, AccountErasureState::NotBegun));
    assert!(world.queue.sent.lock().unwrap().is_empty());

    let reply = world.api.delete("/v1/accounts/acme?confirm=acme").await;
    assert_eq!(reply.status, http::StatusCode::ACCEPTED, "{reply:?}");
    assert_eq!(reply.header("location"), "/v1/accounts/acme");
    assert_eq!(reply.json()["status"], "erasing");
    assert_eq!(world.api.get("/v1/accounts/acme").await.json(), reply.json());
    assert_eq!(world.api.get("/v1/accounts").await.json()["data"], json!([reply.json()]));
    let keys = world.api.get("/v1/accounts/acme/keys").await.json();
    let says_so: Vec<_> =
        keys["data"].as_array().unwrap().iter().map(|key| &key["erasing"]).collect();
    assert_eq!(says_so, [true, true], "all that they can do is to say so");
    let AccountErasureState::InProgress(asked_at) = world.state().await else {
        panic!("not begun")
    };
    let sent = world.queue.sent.lock().unwrap().clone();
    let account_id: AccountId = "acme".parse().unwrap();
    let message =
        ErasureMessage::Account(AccountErasure { account_id: account_id.clone(), asked_at });
    let body = message.to_json().unwrap();
    assert_eq!(sent, [Outgoing { body, account_id, delay: MESSAGE_DELAY }]);
}

#[tokio::test]
async fn an_account_that_is_being_erased_is_not_changed() {
    let world = World::start(RecordingQueue::default()).await;
    let first = world.api.delete("/v1/accounts/acme?confirm=acme").await;
    let key = world.api.post("/v1/accounts/acme/keys", json!({"name": "k"})).await;
    assert_eq!(key.status, http::StatusCode::CONFLICT, "{key:?}");
    let patched = world.api.patch("/v1/accounts/acme", json!({"name": "New"})).await;
    assert_eq!(patched.status, http::StatusCode::NOT_FOUND, "{patched:?}");
    let made = world.api.post("/v1/accounts", json!({"name": "Acme", "id": "acme"})).await;
    assert_eq!(made.status, http::StatusCode::CONFLICT, "{made:?}");
    assert_eq!(world.api.get("/v1/accounts/acme").await.json(), first.json());

    let again = world.api.delete("/v1/accounts/acme?confirm=acme").await;
    assert_eq!(again.status, http::StatusCode::ACCEPTED, "another message continues it");
    assert_eq!(world.queue.sent.lock().unwrap().len(), 2);
    let unknown = world.api.delete("/v1/accounts/unknown?confirm=unknown").await;
    assert_eq!(unknown.status, http::StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nothing_is_erased_if_the_queue_fails() {
    let world = World::start(RecordingQueue::failing()).await;
    let reply = world.api.delete("/v1/accounts/acme?confirm=acme").await;
    assert_eq!(reply.status, http::StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!((world.keys().await, world.state().await), (2, AccountErasureState::NotBegun));
}
