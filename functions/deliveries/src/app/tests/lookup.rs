use callhook::domain::delivery::{DeliveryUpdate, NoResponse, ReplayScope, Trigger};
use callhook::testing::log::attempt;

use super::*;

/// Logs a delivery with two scheduled attempts, a resend and a replay.
async fn eventful(world: &World, webhook: WebhookId) -> DeliveryKey {
    let key = key(webhook, report_id(CALL_END, 1));
    let retrying = DeliveryState::Retrying { next_attempt_at: at() };
    let id = "01890a5d-ac96-774b-bcce-b302099a8001";
    let (resend, replay) = (id.parse().unwrap(), id.parse().unwrap());
    let replay = Trigger::Replay { id: replay, only: ReplayScope::Failed };
    for (trigger, number, result, body, state) in [
        (Trigger::Automatic, 1, Ok(500), &b"<h1>Oops</h1>"[..], retrying),
        (Trigger::Automatic, 2, Err(NoResponse::Timeout), b"", failed()),
        (Trigger::Resend { id: resend }, 1, Err(NoResponse::TlsWrongName), b"", failed()),
        (replay, 1, Ok(502), b"\xff\xfe", failed()),
    ] {
        let attempt = Some(attempt(result, body));
        let update = DeliveryUpdate { trigger, number, attempt, ..update("acme", key, state) };
        write(&world.tables.deliveries(), update).await;
    }
    key
}

/// The body with placeholders for the ids that differ in each run.
fn fixed(reply: &callhook::testing::api::Reply, webhooks: &[WebhookId]) -> String {
    let replace = |body: String, (n, id): (usize, &WebhookId)| {
        body.replace(&id.to_string(), &format!("<webhook {n}>"))
    };
    webhooks.iter().enumerate().fold(reply.body.clone(), replace)
}

#[tokio::test]
async fn a_delivery_shows_all_its_fields() {
    let world = World::start().await;
    let webhook = world.webhook().await;
    let key = eventful(&world, webhook).await;
    let reply = world.api.get(&format!("/v1/deliveries/{key}")).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.header("x-request-id"), "test-request");
    insta::assert_snapshot!(fixed(&reply, &[webhook]));
}

#[tokio::test]
async fn a_delivery_shows_its_next_attempt_or_why_it_ended() {
    let world = World::start().await;
    let webhook = WebhookId::generate();
    let next_attempt_at = at();
    let why_and_next = async |n, state| {
        let key = world.delivery(webhook, n, state).await;
        let shown = world.api.get(&format!("/v1/deliveries/{key}")).await.json();
        ["status", "reason", "detail", "next_attempt_at"].map(|name| shown[name].clone())
    };
    let next = json!("2021-04-09T16:27:56Z");
    for (n, state, expected) in [
        (1, DeliveryState::Pending { next_attempt_at }, json!(["pending", null, null, next])),
        (2, DeliveryState::Retrying { next_attempt_at }, json!(["retrying", null, null, next])),
        (3, DeliveryState::Delivered, json!(["delivered", null, null, null])),
        (4, failed(), json!(["failed", null, "no attempt is left", null])),
        (5, skipped(), json!(["skipped", "webhook_inactive", "the webhook is inactive", null])),
    ] {
        assert_eq!(json!(why_and_next(n, state).await), expected);
    }
}

#[tokio::test]
async fn a_report_shows_its_deliveries_and_their_worst_state() {
    let world = World::start().await;
    let (one, two) = (world.webhook().await, world.webhook().await);
    world.webhook().await;
    let key = eventful(&world, one).await;
    world.delivery(two, 1, DeliveryState::Delivered).await;
    let reply = world.api.get(&format!("/v1/reports/{}", key.report_id)).await;
    assert_eq!(reply.status, StatusCode::OK);
    insta::assert_snapshot!(fixed(&reply, &[one, two]));
}

#[tokio::test]
async fn a_report_that_no_webhook_wants_is_skipped() {
    let world = World::start().await;
    world.webhook().await;
    let id = report_id(CALL_END, 2);
    write_unwanted(&world.tables.deliveries(), "acme", id).await;
    let reply = world.api.get(&format!("/v1/reports/{id}")).await;
    assert_eq!(reply.status, StatusCode::OK);
    insta::assert_snapshot!(reply.body);
    let other = world.api.with_caller(account("other"));
    let foreign = other.get(&format!("/v1/reports/{id}")).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_delivery_to_a_deleted_webhook_is_found_by_its_id() {
    let world = World::start().await;
    let key = world.delivery(WebhookId::generate(), 3, DeliveryState::Delivered).await;
    let report = world.api.get(&format!("/v1/reports/{}", key.report_id)).await;
    assert_eq!(report.status, StatusCode::NOT_FOUND);
    let delivery = world.api.get(&format!("/v1/deliveries/{key}")).await;
    assert_eq!(delivery.status, StatusCode::OK);
}
