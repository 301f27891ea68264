//! Test harness: the eraser's worker with embedded tables.

use std::time::{Duration, SystemTime};

use callhook::aws::dynamodb::{ConfigTable, DeliveriesTable};
use callhook::domain::account::{Account, AccountId, AccountStatus};
use callhook::domain::api_key::{ApiKey, Grant, KeyHash, KeyOwner, KeyRequest};
use callhook::domain::delivery::{DeliveryKey, DeliveryState};
use callhook::domain::erasure::QuiescePeriod;
use callhook::domain::ids::WebhookId;
use callhook::domain::message::{AccountErasure, ErasureMessage};
use callhook::domain::scope::Scopes;
use callhook::ports::store::{AccountAdmin, AccountEraser, KeyAdmin, WebhookAdmin};
use callhook::runtime::resumable_work::{InvocationDeadline, Resume};
use callhook::runtime::telemetry::metrics::Metrics;
use callhook::testing::log::{CALL_END, key, report_id, update, write};
use callhook::testing::{NewWebhook, TestTables};
use jiff::Timestamp;
use serde_json::json;

use crate::worker::Worker;

pub(crate) const STATS_DELAY: Duration = Duration::from_mins(1);

/// A worker and its tables.
pub(crate) struct Harness {
    pub(crate) worker: Worker<ConfigTable, DeliveriesTable>,
    /// Keeps the tables alive.
    _tables: TestTables,
}

impl Harness {
    pub(crate) async fn new() -> Self {
        let tables = TestTables::start().await.unwrap();
        let quiesce_period = QuiescePeriod {
            deliver_timeout: Duration::from_secs(20),
            config_cache: Duration::ZERO,
        };
        let (config, log) = (tables.config(), tables.deliveries());
        let metrics = Metrics::of("Callhook/callhook", "eraser", "callhook-eraser");
        let worker = Worker { config, log, quiesce_period, stats_delay: STATS_DELAY, metrics };
        Self { worker, _tables: tables }
    }

    pub(crate) async fn work(&self, message: &ErasureMessage) -> Resume {
        let lambda_ends_at = SystemTime::now() + Duration::from_mins(1);
        self.worker.work(message, InvocationDeadline::new(lambda_ends_at)).await
    }

    /// The account `acme`.
    pub(crate) async fn account(&self) -> Account {
        let request = json!({"id": "acme", "name": "Acme"});
        let account = Account::from_request(request.as_object().unwrap(), Timestamp::now());
        let account = account.unwrap();
        self.worker.config.create_account(&account).await.unwrap();
        account
    }

    /// Begins the erasure of `account` as if it was asked for `ago`, and returns its message.
    pub(crate) async fn begin(&self, account: Account, ago: Duration) -> ErasureMessage {
        let asked_at = Timestamp::now() - jiff::SignedDuration::try_from(ago).unwrap();
        let account = Account { status: AccountStatus::Erasing, ..account };
        self.worker.config.begin_erasure(&account, asked_at).await.unwrap();
        ErasureMessage::Account(AccountErasure { account_id: account.id, asked_at })
    }

    pub(crate) async fn key(&self) -> KeyHash {
        let owner = KeyOwner::Account(acme());
        let (request, now) = (json!({"name": "k"}), Timestamp::now());
        let request = KeyRequest::parse(
            request.as_object().unwrap(),
            &owner,
            &Grant::of_operator(Scopes::all()),
            now,
        )
        .unwrap();
        let key = ApiKey::generate().unwrap();
        let record = request.into_stored_key(&key, &owner, now);
        self.worker.config.create_key(&key.hash(), &record).await.unwrap();
        key.hash()
    }

    pub(crate) async fn webhook(&self) -> WebhookId {
        let webhook = NewWebhook::new("https://a.example/").build(Timestamp::now());
        self.worker.config.create_webhook(&acme(), &webhook).await.unwrap();
        webhook.id
    }

    pub(crate) async fn delivery(&self, webhook: WebhookId, n: u16) -> DeliveryKey {
        let key = key(webhook, report_id(CALL_END, n));
        write(&self.worker.log, update("acme", key, DeliveryState::Delivered)).await;
        key
    }
}

pub(crate) fn acme() -> AccountId {
    "acme".parse().unwrap()
}
