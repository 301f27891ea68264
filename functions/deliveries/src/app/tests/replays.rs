use callhook::domain::message::ReplayMessage;
use callhook::domain::replay::{LogPosition, ReplayStage, Wave};
use callhook::ports::store::{ReplayAdmin, ReplayJobs};
use futures_util::future::join_all;
use serde_json::Value;

use super::*;

fn day(day: u8) -> Value {
    json!({"from": format!("2021-04-{day:02} 00:00:00"),
           "to": format!("2021-04-{:02}T00:00:00Z", day + 1)})
}

fn jobs_of(webhook: WebhookId) -> String {
    format!("/v1/webhooks/{webhook}/replays")
}

/// A webhook and the path of one job of it.
async fn with_job(world: &World) -> (WebhookId, String) {
    let webhook = world.webhook().await;
    let made = world.api.post(&jobs_of(webhook), day(9)).await;
    assert_eq!(made.status, StatusCode::ACCEPTED, "{made:?}");
    (webhook, made.header("location").to_owned())
}

#[tokio::test]
async fn a_job_is_queued_and_stored() {
    let world = World::start().await;
    let webhook = world.webhook().await;
    let made = world.api.post(&jobs_of(webhook), day(9)).await;
    assert_eq!(made.status, StatusCode::ACCEPTED, "{made:?}");
    let path = made.header("location");
    assert_eq!(world.api.get(path).await.json(), made.json());
    let list = world.api.get(&jobs_of(webhook)).await.json();
    assert_eq!(list, json!({"data": [made.json()], "next_cursor": null}));

    let sent = world.replays.0.lock().unwrap().pop().unwrap();
    let message = ReplayMessage::parse(&sent.body).unwrap();
    assert!(path.ends_with(&message.replay_id.to_string()), "{path}");
    assert_eq!((message.webhook_id, message.account_id.as_str()), (webhook, "acme"));
    assert!(world.retries.0.lock().unwrap().is_empty());

    let mut shown = made.json();
    for generated in ["id", "webhook_id", "created_at", "updated_at"] {
        assert!(shown[generated].take().is_string(), "{generated}");
    }
    insta::assert_snapshot!(shown);
}

#[tokio::test]
async fn jobs_of_a_webhook_are_listed_newest_first_in_pages() {
    let world = World::start().await;
    let webhook = world.webhook().await;
    let mut ids = Vec::new();
    for n in 1..=3 {
        let made = world.api.post(&jobs_of(webhook), day(n)).await.json();
        ids.insert(0, made["id"].as_str().unwrap().to_owned());
    }
    let first = world.api.get(&format!("{}?limit=2", jobs_of(webhook))).await.json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let path = format!("{}?limit=2&cursor={cursor}", jobs_of(webhook));
    let second = world.api.get(&path).await.json();
    let pages = [&first, &second].map(|page| page["data"].as_array().unwrap().clone()).concat();
    assert_eq!(pages.iter().map(|job| job["id"].as_str().unwrap()).collect::<Vec<_>>(), ids);
    assert_eq!(second["next_cursor"], Value::Null);
}

#[tokio::test]
async fn of_simultaneous_requests_for_one_range_one_is_accepted() {
    let world = World::start().await;
    let webhook = world.webhook().await;
    let path = jobs_of(webhook);
    let replies = join_all((0..8).map(|_| world.api.post(&path, day(9)))).await;
    let accepted = replies.iter().filter(|reply| reply.status == StatusCode::ACCEPTED).count();
    let refused = replies.iter().filter(|reply| reply.status == StatusCode::CONFLICT).count();
    assert_eq!((accepted, refused), (1, 7), "{replies:?}");
    let jobs = world.api.get(&path).await.json();
    let live = jobs["data"].as_array().unwrap().iter().filter(|job| job["status"] != "cancelled");
    assert_eq!(live.count(), 1, "{jobs}");
}

#[tokio::test]
async fn replays_of_another_account_are_not_found() {
    let world = World::start().await;
    let (webhook, path) = with_job(&world).await;
    let other = world.api.with_caller(account("other"));
    for reply in [
        other.get(&path).await,
        other.delete(&path).await,
        other.get(&jobs_of(webhook)).await,
        other.post(&jobs_of(webhook), day(20)).await,
        world.api.get(&path.replace(&webhook.to_string(), "x")).await,
        world.api.get(&format!("{}/{webhook}", jobs_of(webhook))).await,
    ] {
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{reply:?}");
    }
    assert_eq!(world.replays.0.lock().unwrap().len(), 1);
    assert_eq!(world.api.get(&path).await.json()["status"], "counting");
    let acting = world.api.with_caller(platform()).with_header("x-account-id", "acme");
    assert_eq!(acting.get(&path).await.status, StatusCode::NOT_FOUND, "acme has no account item");
}

#[tokio::test]
async fn reading_and_replaying_need_different_scopes() {
    let world = World::start().await;
    let (webhook, path) = with_job(&world).await;
    let reader = world.api.with_caller(scoped("acme", "deliveries:read"));
    assert_eq!(reader.get(&path).await.status, StatusCode::OK);
    assert_eq!(reader.get(&jobs_of(webhook)).await.status, StatusCode::OK);
    assert_eq!(reader.delete(&path).await.status, StatusCode::FORBIDDEN);
    assert_eq!(reader.post(&jobs_of(webhook), day(20)).await.status, StatusCode::FORBIDDEN);
    let writer = world.api.with_caller(scoped("acme", "deliveries:write"));
    assert_eq!(writer.get(&path).await.status, StatusCode::FORBIDDEN);
    assert_eq!(writer.delete(&path).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_replay_that_is_refused_says_why() {
    let world = World::start().await;
    let paused = world.webhook_that_is(WebhookStatus::Inactive).await;
    let reply = world.api.post(&jobs_of(paused), day(9)).await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert!(reply.json()["detail"].as_str().unwrap().contains("PATCH /v1/webhooks/{id}"));
    let unknown = jobs_of(WebhookId::generate());
    assert_eq!(world.api.post(&unknown, day(9)).await.status, StatusCode::NOT_FOUND);
    let webhook = world.webhook().await;
    let reply = world.api.post(&jobs_of(webhook), json!({"from": "x"})).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(world.replays.0.lock().unwrap().is_empty());
}

#[tokio::test]
async fn replays_in_progress_are_limited_and_do_not_overlap() {
    let world = World::start().await;
    let (webhook, first) = with_job(&world).await;
    let again = world.api.post(&jobs_of(webhook), day(9)).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.json()["detail"].as_str().unwrap().contains(&first), "{again:?}");
    for n in 1..=2 {
        let made = world.api.post(&jobs_of(webhook), day(n)).await;
        assert_eq!(made.status, StatusCode::ACCEPTED);
    }
    let fourth = world.api.post(&jobs_of(webhook), day(20)).await;
    assert_eq!(fourth.status, StatusCode::CONFLICT, "{fourth:?}");
    world.api.delete(&first).await;
    let fourth = world.api.post(&jobs_of(webhook), day(20)).await;
    assert_eq!(fourth.status, StatusCode::ACCEPTED, "{fourth:?}");
}

#[tokio::test]
async fn a_job_is_cancelled_once_and_not_after_its_end() {
    let world = World::start().await;
    let (webhook, path) = with_job(&world).await;
    let table = world.tables.deliveries();
    let mut job = table.live_replays(webhook).await.unwrap().remove(0).changed(at());
    let wave = Wave::new(vec![report_id(CALL_END, 1)], at());
    job.stage = ReplayStage::Sending { position: Some(LogPosition::default()), wave };
    table.replace_replay(&job).await.unwrap();

    let cancelled = world.api.delete(&path).await;
    assert_eq!(cancelled.status, StatusCode::OK);
    assert_eq!(cancelled.json()["status"], "cancelled");
    assert_eq!(world.api.delete(&path).await.json(), cancelled.json(), "once more");

    let made = world.api.post(&jobs_of(webhook), day(9)).await;
    let path = made.header("location");
    let mut job = table.live_replays(webhook).await.unwrap().remove(0).changed(at());
    job.stage = ReplayStage::Completed;
    table.replace_replay(&job).await.unwrap();
    assert_eq!(world.api.delete(path).await.status, StatusCode::CONFLICT);
    assert_eq!(world.api.get(path).await.json()["status"], "completed");
}
