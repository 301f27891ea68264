use std::sync::{Arc, Mutex};
use std::time::Duration;

use callhook::aws::dynamodb::DeliveriesTable;
use callhook::domain::delivery::{DeliveryKey, DeliveryState, SkipReason};
use callhook::domain::erasure::QuiescePeriod;
use callhook::domain::ids::WebhookId;
use callhook::domain::webhook::WebhookStatus;
use callhook::ports::queue::{MessageQueue, Outgoing, QueueError};
use callhook::ports::store::WebhookAdmin;
use callhook::testing::api::{Api, account, platform, scoped};
use callhook::testing::log::{CALL_END, at, key, report_id, update, write, write_unwanted};
use callhook::testing::routes::routes_of;
use callhook::testing::{NewWebhook, TestTables};
use http::StatusCode;
use serde_json::json;

use super::{Queues, router};

mod erasure;
mod evidence;
mod listing;
mod lookup;
mod narrowed;
mod replays;
mod resend;
mod search;
mod stats;
mod zones;

/// A queue that keeps the messages.
#[derive(Default)]
struct Kept(Mutex<Vec<Outgoing>>);

impl MessageQueue for Kept {
    async fn send(&self, messages: Vec<Outgoing>) -> Vec<Result<(), QueueError>> {
        let sent = messages.iter().map(|_| Ok(())).collect();
        self.0.lock().unwrap().extend(messages);
        sent
    }
}

const QUIESCE_PERIOD: QuiescePeriod =
    QuiescePeriod { deliver_timeout: Duration::from_mins(2), config_cache: Duration::ZERO };

/// The tables, and the function as called by `acme`.
struct World {
    tables: TestTables,
    retries: Arc<Kept>,
    replays: Arc<Kept>,
    erasures: Arc<Kept>,
    api: Api,
}

impl World {
    async fn start() -> Self {
        let tables = TestTables::start().await.unwrap();
        let [retries, replays, erasures] = [(); 3].map(|()| Arc::<Kept>::default());
        let (config, log) = (Arc::new(tables.config()), Arc::new(tables.deliveries()));
        let queues = Queues {
            retries: Arc::clone(&retries),
            replays: Arc::clone(&replays),
            erasures: Arc::clone(&erasures),
        };
        let api = Api::new(router(config, log, queues, QUIESCE_PERIOD), account("acme"));
        Self { tables, retries, replays, erasures, api }
    }

    /// A webhook of `acme`.
    async fn webhook(&self) -> WebhookId {
        self.webhook_that_is(WebhookStatus::Active).await
    }

    async fn webhook_that_is(&self, status: WebhookStatus) -> WebhookId {
        let mut webhook = NewWebhook::new("https://crm.example/").build(at());
        webhook.settings.status = status;
        let acme = "acme".parse().unwrap();
        self.tables.config().create_webhook(&acme, &webhook).await.unwrap();
        webhook.id
    }

    /// Logs a delivery of `acme` without attempts and returns its key.
    async fn delivery(&self, webhook: WebhookId, n: u16, state: DeliveryState) -> DeliveryKey {
        let key = key(webhook, report_id(CALL_END, n));
        write(&self.tables.deliveries(), update("acme", key, state)).await;
        key
    }
}

fn kept() -> Queues<Kept> {
    Queues { retries: Arc::default(), replays: Arc::default(), erasures: Arc::default() }
}

fn failed() -> DeliveryState {
    DeliveryState::Failed { reason: "no attempt is left".to_owned() }
}

fn skipped() -> DeliveryState {
    DeliveryState::Skipped { reason: SkipReason::WebhookInactive }
}

#[tokio::test]
async fn every_route_of_the_template_is_served() {
    World::start().await.api.serves(&routes_of("deliveries")).await;
}

#[tokio::test]
async fn a_parameter_that_a_route_does_not_have_is_refused() {
    let world = World::start().await;
    world.api.refuses_unknown_parameters(&routes_of("deliveries")).await;
    let webhook = world.webhook().await;
    for (query, says) in [
        ("number=91", "which accepts `status`, `from`, `to`, `limit`, `cursor`"),
        ("status=failed&status=skipped", "`status` is repeated"),
        ("States=failed", "`States` is not a parameter"),
    ] {
        let reply = world.api.get(&format!("/v1/webhooks/{webhook}/deliveries?{query}")).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{query}: {reply:?}");
        assert!(reply.body.contains(says), "{query}: {reply:?}");
    }
}

#[tokio::test]
async fn an_account_finds_only_its_own_reports_and_deliveries() {
    let world = World::start().await;
    let webhook = world.webhook().await;
    let delivery = world.delivery(webhook, 1, failed()).await;
    let paths = [
        format!("/v1/reports/{}", delivery.report_id),
        format!("/v1/deliveries/{delivery}"),
        format!("/v1/webhooks/{webhook}/deliveries"),
        format!("/v1/webhooks/{webhook}/stats"),
    ];
    let other = world.api.with_caller(account("other"));
    for path in paths {
        assert_eq!(world.api.get(&path).await.status, StatusCode::OK, "{path}");
        assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let resend = format!("/v1/deliveries/{delivery}/resend");
    assert_eq!(other.post(&resend, json!({})).await.status, StatusCode::NOT_FOUND);
    assert!(world.retries.0.lock().unwrap().is_empty());
}

#[tokio::test]
async fn scopes_are_required() {
    let world = World::start().await;
    let webhook = world.webhook().await;
    let delivery = world.delivery(webhook, 1, failed()).await;
    let paths = [
        format!("/v1/reports/{}", delivery.report_id),
        format!("/v1/deliveries/{delivery}"),
        format!("/v1/webhooks/{webhook}/deliveries"),
        format!("/v1/webhooks/{webhook}/stats"),
    ];
    let paths = [paths.as_slice(), &["/v1/stats".to_owned()]].concat();
    let resend = format!("/v1/deliveries/{delivery}/resend");
    let reader = world.api.with_caller(scoped("acme", "deliveries:read"));
    let writer = world.api.with_caller(scoped("acme", "deliveries:write"));
    let others = "webhooks:read webhooks:write reports:write";
    let without = world.api.with_caller(scoped("acme", others));
    for path in &paths {
        assert_eq!(reader.get(path).await.status, StatusCode::OK, "{path}");
        assert_eq!(writer.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(without.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    for (api, status) in [
        (&reader, StatusCode::FORBIDDEN),
        (&without, StatusCode::FORBIDDEN),
        (&writer, StatusCode::ACCEPTED),
    ] {
        assert_eq!(api.post(&resend, json!({})).await.status, status);
    }
}

#[tokio::test]
async fn the_platform_acts_for_an_account_that_exists() {
    let world = World::start().await;
    let api = world.api.with_caller(platform());
    let path = format!("/v1/reports/{}", report_id(CALL_END, 1));
    assert_eq!(api.get(&path).await.status, StatusCode::BAD_REQUEST);
    let unknown = api.with_header("X-Account-Id", "unknown").get(&path).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(unknown.body.contains("no account `unknown`"), "{unknown:?}");
}

#[tokio::test]
async fn invalid_requests_name_their_errors() {
    let world = World::start().await;
    let webhook = world.webhook().await;
    let nowhere = "01890a5d-ac96-774b-bcce-b302099a8057";
    let of_webhook = |id: &str, rest: &str| format!("/v1/webhooks/{id}/{rest}");
    let of = |rest| of_webhook(&webhook.to_string(), rest);
    let api = &world.api;
    let problems = [
        api.get("/v1/reports/nonsense").await,
        api.get(&format!("/v1/reports/{nowhere}")).await,
        api.get("/v1/deliveries/nonsense").await,
        api.get(&format!("/v1/deliveries/{nowhere}")).await,
        api.get(&format!("/v1/deliveries/{nowhere}.{nowhere}")).await,
        api.post(&format!("/v1/deliveries/{nowhere}.{nowhere}/resend"), json!({})).await,
        api.get(&of_webhook(nowhere, "deliveries")).await,
        api.get(&of_webhook("nonsense", "deliveries")).await,
        api.get(&of("deliveries?status=lost&from=x&to=y&limit=0&cursor=z")).await,
        api.get(&of("deliveries?from=2026-11-22&to=2026-11-21")).await,
        api.get(&of_webhook(nowhere, "stats")).await,
        api.get(&of("stats?from=2026-01-01&to=2026-02-02")).await,
        api.get(&of("stats?to=never")).await,
        api.get(&format!("/v1/deliveries?webhook_id={nowhere}")).await,
        api.get("/v1/deliveries?status=delivered&from=x&to=y&limit=0&cursor=z").await,
        api.delete(&format!("/v1/deliveries/{nowhere}.{nowhere}")).await,
    ];
    let problems: Vec<_> = problems.iter().map(|reply| reply.body.as_str()).collect();
    insta::assert_snapshot!(problems.join("\n"));
}

#[tokio::test]
async fn the_sample_event_is_accepted() {
    let world = World::start().await;
    let id = "0178b776-1ef8-8b84-b3cc-9e478dccfe28".parse().unwrap();
    write_unwanted(&world.tables.deliveries(), "demo", id).await;
    let event = include_str!("../../../../infra/events/deliveries-report.json");
    assert_eq!(world.api.send_event(event).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_unavailable_store_is_503() {
    let world = World::start().await;
    let webhook = world.webhook().await;
    let unreachable = Arc::new(callhook::testing::unreachable_config_table());
    let log = Arc::new(world.tables.deliveries());
    let no_config = Api::new(router(unreachable, log, kept(), QUIESCE_PERIOD), account("acme"));
    let config = Arc::new(world.tables.config());
    let no_table = DeliveriesTable::new(world.tables.client.clone(), "Nowhere".to_owned());
    let no_log = router(config, Arc::new(no_table), kept(), QUIESCE_PERIOD);
    let no_log = Api::new(no_log, account("acme"));
    let report = report_id(CALL_END, 1);
    for (api, path) in [
        (&no_config, format!("/v1/reports/{report}")),
        (&no_config, format!("/v1/webhooks/{webhook}/deliveries")),
        (&no_config, format!("/v1/deliveries?webhook_id={webhook}")),
        (&no_config, format!("/v1/webhooks/{webhook}/stats")),
        (&no_config, format!("/v1/webhooks/{webhook}/replays")),
        (&no_log, format!("/v1/reports/{report}")),
        (&no_log, format!("/v1/deliveries/{webhook}.{report}")),
        (&no_log, "/v1/deliveries".to_owned()),
        (&no_log, format!("/v1/deliveries?webhook_id={webhook}")),
        (&no_log, format!("/v1/webhooks/{webhook}/deliveries")),
        (&no_log, format!("/v1/webhooks/{webhook}/stats")),
        (&no_log, "/v1/stats".to_owned()),
        (&no_log, format!("/v1/webhooks/{webhook}/replays")),
        (&no_log, format!("/v1/webhooks/{webhook}/replays/{webhook}")),
    ] {
        let reply = api.get(&path).await;
        assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE, "{reply:?}");
        assert_eq!(reply.header("retry-after"), "1");
    }
}
