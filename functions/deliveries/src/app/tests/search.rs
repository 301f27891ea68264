//! `GET /v1/reports`.

use callhook::domain::account::Retention;
use callhook::domain::ids::ReportId;
use callhook::domain::journal::{JournalRow, pack};
use callhook::domain::report::Report;
use callhook::ports::store::{JournalWriter, NewPage};
use callhook::testing::log::update_of;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::*;

/// The state of a delivery.
#[derive(Clone)]
enum Known {
    Logged(DeliveryState),
    UnderWay,
}

impl World {
    /// Writes a report, received some seconds ago, to the journal and its deliveries to the log.
    async fn report(&self, ago: i64, report: Value, deliveries: &[(WebhookId, Known)]) -> ReportId {
        let received_at = Timestamp::now() - SignedDuration::from_secs(ago);
        let received_at = Timestamp::from_millisecond(received_at.as_millisecond()).unwrap();
        for (webhook, known) in deliveries {
            let Known::Logged(state) = known.clone() else { continue };
            let update = update_of("acme", *webhook, &report.to_string(), received_at, state);
            write(&self.tables.deliveries(), update).await;
        }
        let webhooks = deliveries.iter().map(|(webhook, _)| *webhook).collect();
        self.journal(received_at, &report, webhooks, received_at).await
    }

    async fn journal(
        &self,
        received_at: Timestamp,
        report: &Value,
        webhooks: Vec<WebhookId>,
        written_at: Timestamp,
    ) -> ReportId {
        let account = "acme".parse().unwrap();
        let report = Report::parse(&report.to_string()).unwrap();
        let id = ReportId::derive(&account, &report, None, received_at);
        let row = JournalRow::new(id, received_at, &report, webhooks);
        let page = pack(vec![row]).remove(0);
        let page =
            NewPage { account_id: account, page, written_at, retention: Retention::default() };
        for written in self.tables.deliveries().write_pages(&[page]).await {
            written.unwrap();
        }
        id
    }

    async fn found(&self, query: &str) -> Vec<Value> {
        let reply = self.api.get(&format!("/v1/reports?{query}")).await;
        assert_eq!(reply.status, StatusCode::OK, "{query}: {reply:?}");
        reply.json()["data"].as_array().unwrap().clone()
    }
}

fn ids(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_row_shows_the_call_and_the_state_of_each_delivery() {
    let world = World::start().await;
    let (one, two) = (world.webhook().await, WebhookId::generate());
    let report = json!({
        "id": "call-1", "from": 918_068_280_000_u64, "to": 918_867_130_000_u64, "source": "OBD", "status": "BUSY",
        "start_at": "2021-04-09 16:27:39", "end_at": "2021-04-09 16:27:55", "flow_id": 12, "mid": "m-1",
    });
    let deliveries = [(one, Known::Logged(failed())), (two, Known::UnderWay)];
    let id = world.report(60, report, &deliveries).await;
    let [row] = &*world.found("number=918867130000").await else { panic!("one row") };
    assert_eq!(row["id"], id.to_string());
    for (name, value) in [
        ("status", json!("failed")),
        ("from", json!("918068280000")),
        ("to", json!("918867130000")),
        ("bridge", json!(null)),
        ("call_id", json!("call-1")),
        ("call_status", json!("BUSY")),
        ("flow_id", json!("12")),
        ("mid", json!("m-1")),
        ("source", json!("OBD")),
        ("event", json!("voice:message:out")),
        ("start_at", json!("2021-04-09 16:27:39")),
        ("end_at", json!("2021-04-09 16:27:55")),
    ] {
        assert_eq!(row[name], value, "{name}");
    }
    assert_eq!(row["deliveries"][0]["status"], "failed");
    assert_eq!(row["deliveries"][1], json!({"webhook_id": two, "status": "pending"}));
    assert_eq!(row.get("reason"), None);
}

#[tokio::test]
async fn filters_and_pages_find_the_newest_first() {
    let world = World::start().await;
    let webhook = world.webhook().await;
    let mut all = Vec::new();
    for i in 0..25_i64 {
        let report = json!({"id": i, "to": 918_867_130_000_i64 + i % 5, "source": "C2C"});
        let state = if i % 2 == 0 { DeliveryState::Delivered } else { failed() };
        let deliveries: &[_] = if i % 10 == 9 { &[] } else { &[(webhook, Known::Logged(state))] };
        let id = world.report(i * 3_000, report, deliveries).await;
        if i % 10 == 9 {
            let unwanted = DeliveryState::Skipped { reason: SkipReason::NoWebhook };
            assert_eq!(unwanted.name(), "skipped");
        }
        all.push((i, id.to_string()));
    }
    let expected = |wanted: &dyn Fn(i64) -> bool| {
        let wanted = all.iter().filter(|(i, _)| wanted(*i));
        wanted.map(|(_, id)| id.clone()).collect::<Vec<_>>()
    };
    for (query, wanted) in [
        ("number=0003", &(|i: i64| i % 5 == 3) as &dyn Fn(i64) -> bool),
        ("status=failed", &|i| i % 2 == 1 && i % 10 != 9),
        ("status=delivered&number=918867130002", &|i| i % 2 == 0 && i % 5 == 2),
        ("status=no_webhook", &|i| i % 10 == 9),
        ("status=skipped", &|i| i % 10 == 9),
        ("call_id=7", &|i| i == 7),
        ("source=obd", &|_| false),
    ] {
        assert_eq!(
            ids(&world.found(&format!("{query}&limit=100")).await),
            expected(wanted),
            "{query}"
        );
    }
    let from = Timestamp::now() - SignedDuration::from_secs(10 * 3_000 + 500);
    assert_eq!(ids(&world.found(&format!("from={from}")).await), expected(&|i| i <= 10));
    let (mut cursor, mut found) = (String::new(), Vec::new());
    loop {
        let path = format!("/v1/reports?limit=4{cursor}");
        let page = world.api.get(&path).await.json();
        found.extend(ids(page["data"].as_array().unwrap()));
        let Some(next) = page["next_cursor"].as_str() else {
            assert_eq!(page["searched_to"], Value::Null);
            break;
        };
        assert!(page["searched_to"].is_string(), "{page}");
        cursor = format!("&cursor={next}");
    }
    assert_eq!(found, expected(&|_| true));
}

#[tokio::test]
async fn a_feed_continues_at_its_cursor() {
    let world = World::start().await;
    let webhook = world.webhook().await;
    let delivered = [(webhook, Known::Logged(DeliveryState::Delivered))];
    let mut expected = Vec::new();
    for i in 0..7_i64 {
        expected.push(world.report(600 - i, json!({"id": i}), &delivered).await.to_string());
    }
    let (mut found, mut after) = (Vec::new(), String::new());
    for _ in 0..5 {
        let page = world.api.get(&format!("/v1/reports?order=arrival&limit=2{after}")).await.json();
        found.extend(ids(page["data"].as_array().unwrap()));
        after = format!("&after={}", page["next_cursor"].as_str().unwrap());
        assert_eq!(
            page["is_up_to_date"],
            found.len() == 7 && page["data"].as_array().unwrap().len() < 2
        );
    }
    assert_eq!(found, expected);
    // A journal page that is written late sorts before the cursor.
    let now = Timestamp::now();
    let received_at = now - SignedDuration::from_secs(900);
    let written_at = now - SignedDuration::from_secs(20);
    let late = world.journal(received_at, &json!({"id": "late"}), vec![], written_at).await;
    let page = world.api.get(&format!("/v1/reports?order=arrival{after}")).await.json();
    assert_eq!(ids(page["data"].as_array().unwrap()), [late.to_string()]);
}

#[tokio::test]
async fn a_repeated_report_is_shown_once_and_an_erased_one_never() {
    let world = World::start().await;
    let webhook = world.webhook().await;
    let report = json!({"id": "twice"});
    let delivered = [(webhook, Known::Logged(DeliveryState::Delivered))];
    let id = world.report(500, report.clone(), &delivered).await;
    let now = Timestamp::now();
    world.journal(now - SignedDuration::from_secs(100), &report, vec![webhook], now).await;
    assert_eq!(ids(&world.found("").await), [id.to_string()]);
    let erased = world.api.delete(&format!("/v1/reports/{id}")).await;
    assert_eq!(erased.status, StatusCode::NO_CONTENT);
    assert!(world.found("").await.is_empty());
    let left = world.tables.client.scan().table_name("Deliveries").send().await.unwrap();
    let pks = left.items().iter().map(|item| item["pk"].as_s().unwrap().clone());
    let left: Vec<_> = pks.filter(|pk| pk.starts_with("JOURNAL#")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn invalid_parameters_of_a_search_are_named() {
    let world = World::start().await;
    for (query, says) in [
        ("number=12", "`number` must be a phone number or its last digits"),
        ("status=lost", "`status` must be one of"),
        ("order=oldest", "`order` must be `newest`"),
        ("after=x", "`after` needs `order=arrival`"),
        ("order=arrival&cursor=x", "`cursor` must be sent as `after` with `order=arrival`"),
        ("order=arrival&status=failed", "cannot be combined with `order=arrival`"),
        ("order=arrival&after=x.12345678", "`after` must be the `next_cursor` of the page before"),
        ("order=arrival&after=e30.12345678", "`after` "),
        ("mid=&source=obd", "`mid` is empty"),
        ("cursor=1_x.12345678", "must be the `next_cursor` of the page before"),
        ("webhook_id=x", "must be a UUID"),
        ("phone=91", "`phone` is not a parameter"),
    ] {
        let reply = world.api.get(&format!("/v1/reports?{query}")).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(reply.body.contains(says), "{query}: {reply:?}");
    }
    let other = world.api.with_caller(account("other")).get("/v1/reports").await;
    assert_eq!(other.json()["data"], json!([]));
}
