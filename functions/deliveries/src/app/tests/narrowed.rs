//! Keys that are limited to one webhook.

use callhook::testing::api::narrowed;
use callhook::testing::log::update_of;

use super::*;

const SCOPES: &str = "deliveries:read deliveries:write reports:erase";

/// The function as called with a key that is limited to `webhook`.
fn limited_to(world: &World, webhook: WebhookId) -> Api {
    world.api.with_caller(narrowed("acme", &webhook.to_string(), SCOPES))
}

#[tokio::test]
async fn a_narrowed_key_sees_the_deliveries_of_its_webhook_only() {
    let world = World::start().await;
    let (own, other) = (world.webhook().await, world.webhook().await);
    let api = limited_to(&world, own);
    let (mine, theirs) =
        (world.delivery(own, 1, failed()).await, world.delivery(other, 2, failed()).await);
    for of in [mine, theirs] {
        let (webhook, status) = (of.webhook_id, if of == mine { 200 } else { 404 });
        for path in [
            format!("/v1/deliveries/{of}"),
            format!("/v1/reports/{}", of.report_id),
            format!("/v1/webhooks/{webhook}/deliveries"),
            format!("/v1/webhooks/{webhook}/stats"),
            format!("/v1/webhooks/{webhook}/replays"),
        ] {
            assert_eq!(world.api.get(&path).await.status, StatusCode::OK, "{path}");
            let reply = api.get(&path).await;
            assert_eq!(reply.status, status, "{path}: {reply:?}");
            assert!(!reply.body.contains(&other.to_string()), "{path}: {reply:?}");
        }
    }
}

#[tokio::test]
async fn another_webhook_is_404_for_a_narrowed_key() {
    let world = World::start().await;
    let (own, other) = (world.webhook().await, world.webhook().await);
    let api = limited_to(&world, own);
    let theirs = world.delivery(other, 1, failed()).await;
    let unknown = key(WebhookId::generate(), report_id(CALL_END, 3));
    let replay = "01890a5d-ac96-774b-bcce-b302099a8001";
    let paths = |of: DeliveryKey| {
        [
            format!("/v1/deliveries/{of}"),
            format!("/v1/reports/{}", of.report_id),
            format!("/v1/webhooks/{}/deliveries", of.webhook_id),
            format!("/v1/webhooks/{}/replays/{replay}", of.webhook_id),
        ]
    };
    for (theirs, unknown) in paths(theirs).iter().zip(paths(unknown)) {
        let (reply, expected) = (api.get(theirs).await, api.get(&unknown).await);
        assert_eq!((reply.status, reply.body), (expected.status, expected.body), "{theirs}");
    }
}

#[tokio::test]
async fn a_report_shows_a_narrowed_key_only_the_delivery_to_its_webhook() {
    let world = World::start().await;
    let (own, other) = (world.webhook().await, world.webhook().await);
    let api = limited_to(&world, own);
    let named = format!(r#"{{"to":91,"webhook_ids":["{own}","{other}"],"webhook_id":"{other}"}}"#);
    let log = world.tables.deliveries();
    let mine = update_of("acme", own, &named, at(), DeliveryState::Delivered);
    let (of_report, of_delivery) =
        (format!("/v1/reports/{}", mine.key.report_id), format!("/v1/deliveries/{}", mine.key));
    write(&log, update_of("acme", other, &named, at(), failed())).await;
    assert_eq!(api.get(&of_report).await.status, StatusCode::NOT_FOUND, "it is another's so far");
    write(&log, mine).await;
    let whole = world.api.get(&of_report).await.json();
    assert_eq!(whole["deliveries"].as_array().unwrap().len(), 2);
    let shown = api.get(&of_report).await;
    assert_eq!(shown.json()["deliveries"].as_array().unwrap().len(), 1, "{shown:?}");
    assert_eq!(shown.json()["status"], "delivered", "the worst of the shown deliveries");
    for reply in [shown, api.get(&of_delivery).await] {
        assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
        assert_eq!(reply.json()["report"], json!({"to": 91, "webhook_ids": [own]}));
        assert!(!reply.body.contains(&other.to_string()), "{reply:?}");
    }
}

#[tokio::test]
async fn reports_to_other_webhooks_are_unknown_to_a_narrowed_key() {
    let world = World::start().await;
    let api = limited_to(&world, world.webhook().await);
    let (unwanted, erased, none) =
        (report_id(CALL_END, 1), report_id(CALL_END, 2), report_id(CALL_END, 3));
    write_unwanted(&world.tables.deliveries(), "acme", unwanted).await;
    write_unwanted(&world.tables.deliveries(), "acme", erased).await;
    let path = |id| format!("/v1/reports/{id}");
    assert_eq!(world.api.delete(&path(erased)).await.status, StatusCode::NO_CONTENT);
    let shown = world.api.get(&path(erased)).await;
    assert!(shown.body.contains("The report was erased"), "{shown:?}");
    let expected = api.get(&path(none)).await;
    assert_eq!(expected.status, StatusCode::NOT_FOUND);
    for id in [unwanted, erased] {
        assert_eq!(api.get(&path(id)).await.body, expected.body);
    }
}

#[tokio::test]
async fn a_narrowed_key_resends_and_replays_and_erases_nothing() {
    let world = World::start().await;
    let (own, other) = (world.webhook().await, world.webhook().await);
    let api = limited_to(&world, own);
    let (mine, theirs) =
        (world.delivery(own, 1, failed()).await, world.delivery(other, 2, failed()).await);
    let range = json!({"from": "2021-04-09 00:00:00", "to": "2021-04-10 00:00:00"});
    for (of, status) in [(theirs, 404), (mine, 202)] {
        let resent = api.post(&format!("/v1/deliveries/{of}/resend"), json!({})).await;
        assert_eq!(resent.status, status, "{resent:?}");
        let path = format!("/v1/webhooks/{}/replays", of.webhook_id);
        let replayed = api.post(&path, range.clone()).await;
        assert_eq!(replayed.status, status, "{replayed:?}");
        assert_eq!(world.retries.0.lock().unwrap().len(), usize::from(status == 202));
        assert_eq!(world.replays.0.lock().unwrap().len(), usize::from(status == 202));
    }
    let made = world.api.post(&format!("/v1/webhooks/{other}/replays"), range).await;
    let job = made.header("location");
    for reply in [api.get(job).await, api.delete(job).await] {
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{reply:?}");
    }
    assert_ne!(world.api.get(job).await.json()["status"], "cancelled");
    let erased = api.delete(&format!("/v1/reports/{}", mine.report_id)).await;
    assert_eq!(erased.status, StatusCode::FORBIDDEN, "{erased:?}");
    assert!(erased.body.contains("limited to one webhook"), "{erased:?}");
}
