use callhook::domain::delivery::Trigger;
use callhook::domain::message::Message;
use callhook::domain::webhook::DisabledReason;
use callhook::testing::log;

use super::*;

#[tokio::test]
async fn a_resend_queues_one_delivery_message() {
    let world = World::start().await;
    let webhook = world.webhook().await;
    let states = [failed(), DeliveryState::Delivered, skipped()];
    for (n, state) in (1..).zip(states) {
        let key = world.delivery(webhook, n, state).await;
        let reply = world.api.post(&format!("/v1/deliveries/{key}/resend"), json!({})).await;
        assert_eq!(reply.status, StatusCode::ACCEPTED, "{reply:?}");
        assert_eq!(reply.json()["delivery_id"], key.to_string());

        let sent = world.retries.0.lock().unwrap().pop().unwrap();
        assert_eq!((sent.account_id.as_str(), sent.delay.as_secs()), ("acme", 0));
        let Message::Delivery(message) = Message::parse(&sent.body).unwrap() else { panic!() };
        let Trigger::Resend { id } = message.trigger else { panic!("{message:?}") };
        assert_eq!(reply.json()["id"], id.to_string());
        assert_eq!((message.webhook_id, message.report_id), (key.webhook_id, key.report_id));
        assert_eq!((message.report.clone(), message.received_at), (log::report(), log::at()));
        assert_eq!((message.attempt, message.is_expired(message.due_at)), (1, false));
    }
}

#[tokio::test]
async fn each_resend_has_its_own_id() {
    let world = World::start().await;
    let webhook = world.webhook().await;
    let key = world.delivery(webhook, 1, failed()).await;
    let path = format!("/v1/deliveries/{key}/resend");
    let (one, two) =
        (world.api.post(&path, json!({})).await, world.api.post(&path, json!({})).await);
    assert_ne!(one.json()["id"], two.json()["id"]);
    assert_eq!(world.retries.0.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_delivery_that_would_be_skipped_is_a_conflict() {
    let world = World::start().await;
    let mut webhooks = vec![(WebhookId::generate(), "was deleted")];
    for status in [
        WebhookStatus::Inactive,
        WebhookStatus::Disabled { disabled_reason: DisabledReason::Gone, disabled_at: log::at() },
    ] {
        webhooks.push((world.webhook_that_is(status).await, "PATCH /v1/webhooks/{id}"));
    }
    for (webhook, way_out) in webhooks {
        let key = world.delivery(webhook, 1, failed()).await;
        let reply = world.api.post(&format!("/v1/deliveries/{key}/resend"), json!({})).await;
        assert_eq!(reply.status, StatusCode::CONFLICT, "{reply:?}");
        assert!(reply.body.contains(way_out), "{reply:?}");
    }
    assert!(world.retries.0.lock().unwrap().is_empty());
}

/// A queue that accepts no message.
struct Broken;

impl MessageQueue for Broken {
    async fn send(&self, messages: Vec<Outgoing>) -> Vec<Result<(), QueueError>> {
        messages.iter().map(|_| Err(QueueError("no".to_owned()))).collect()
    }
}

#[tokio::test]
async fn a_queue_that_fails_is_503() {
    let world = World::start().await;
    let webhook = world.webhook().await;
    let key = world.delivery(webhook, 1, failed()).await;
    let (config, log) = (world.tables.config(), world.tables.deliveries());
    let [retries, replays, erasures] = [(); 3].map(|()| Arc::new(Broken));
    let queues = Queues { retries, replays, erasures };
    let api =
        Api::new(router(Arc::new(config), Arc::new(log), queues, QUIESCE_PERIOD), account("acme"));
    let range = json!({"from": "2021-04-09 00:00:00", "to": "2021-04-10 00:00:00"});
    let replays = format!("/v1/webhooks/{webhook}/replays");
    for (path, body) in [(format!("/v1/deliveries/{key}/resend"), json!({})), (replays, range)] {
        let reply = api.post(&path, body).await;
        assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE, "{reply:?}");
        assert_eq!(reply.header("retry-after"), "1");
    }
    let jobs = api.get(&format!("/v1/webhooks/{webhook}/replays")).await.json();
    assert_eq!(jobs["data"], json!([]), "no job without a message");
}

#[tokio::test]
async fn a_resend_has_no_settings() {
    let world = World::start().await;
    let delivery = world.delivery(world.webhook().await, 1, failed()).await;
    let path = format!("/v1/deliveries/{delivery}/resend");
    let refused = world.api.post(&path, json!({"webhook_id": "x", "delay": 5})).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
    assert!(refused.body.contains("`delay` is not a field of this resource"), "{refused:?}");
    assert!(world.retries.0.lock().unwrap().is_empty());
    for nothing in ["", "{}"] {
        let sent = world.api.send_text("POST", &path, nothing).await;
        assert_eq!(sent.status, StatusCode::ACCEPTED, "{nothing:?}: {sent:?}");
    }
}
