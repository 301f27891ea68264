use callhook::domain::erasure::{Tombstone, UNKNOWN_PER_HOUR};
use callhook::domain::message::ErasureMessage;
use callhook::domain::report::ReportKey;
use callhook::ports::store::{ReportEraser, WebhookAdmin};
use jiff::{SignedDuration, Timestamp};

use super::*;

#[tokio::test]
async fn an_erased_report_is_not_found_and_not_resent() {
    let world = World::start().await;
    let (webhook, deleted) = (world.webhook().await, world.webhook().await);
    let key = world.delivery(webhook, 1, failed()).await;
    let of_deleted = world.delivery(deleted, 1, failed()).await;
    let other = world.delivery(webhook, 9, failed()).await;
    let acme = "acme".parse().unwrap();
    world.tables.config().delete_webhook(&acme, deleted, 1).await.unwrap();

    let path = format!("/v1/reports/{}", key.report_id);
    assert_eq!(world.api.get(&path).await.status, StatusCode::OK);
    let reply = world.api.delete(&path).await;
    assert_eq!((reply.status, reply.body.as_str()), (StatusCode::NO_CONTENT, ""));
    assert_eq!(world.api.delete(&path).await.status, StatusCode::NOT_FOUND, "nothing is left");
    let gone = world.api.get(&path).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert!(gone.body.contains("was erased"), "{gone:?}");
    for key in [key, of_deleted] {
        let path = format!("/v1/deliveries/{key}");
        assert_eq!(world.api.get(&path).await.status, StatusCode::NOT_FOUND);
        let resent = world.api.post(&format!("{path}/resend"), json!({})).await;
        assert_eq!(resent.status, StatusCode::NOT_FOUND);
    }
    assert!(world.retries.0.lock().unwrap().is_empty());
    let others = world.api.get(&format!("/v1/reports/{}", other.report_id)).await;
    assert_eq!(others.status, StatusCode::OK);
}

#[tokio::test]
async fn a_second_erasure_is_queued_for_after_the_quiesce_period() {
    let world = World::start().await;
    let id = report_id(CALL_END, 1);
    world.api.delete(&format!("/v1/reports/{id}")).await;
    let sent = world.erasures.0.lock().unwrap().clone();
    assert!(matches!(&*sent, [_]), "{sent:?}");
    assert_eq!((sent[0].account_id.as_str(), sent[0].delay.as_secs()), ("acme", 150));
    let Ok(ErasureMessage::Report(message)) = ErasureMessage::parse(&sent[0].body) else {
        panic!("{sent:?}")
    };
    assert_eq!((message.account_id.as_str(), message.report_id), ("acme", id));
}

#[tokio::test]
async fn a_report_that_is_not_logged_yet_is_erased() {
    let world = World::start().await;
    let path = format!("/v1/reports/{}", report_id(CALL_END, 1));
    let early = world.api.delete(&path).await;
    assert_eq!(early.status, StatusCode::NOT_FOUND);
    assert!(early.body.contains("neither send nor store it"), "{early:?}");
    write_unwanted(&world.tables.deliveries(), "acme", report_id(CALL_END, 1)).await;
    assert_eq!(world.api.get(&path).await.status, StatusCode::NOT_FOUND);
    let no_id = world.api.delete("/v1/reports/1234").await;
    assert_eq!(no_id.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_account_erases_only_its_own_reports() {
    let world = World::start().await;
    let webhook = world.webhook().await;
    let key = world.delivery(webhook, 1, failed()).await;
    let path = format!("/v1/reports/{}", key.report_id);
    let other = world.api.with_caller(account("other"));
    assert_eq!(other.delete(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.with_caller(account("acme")).get(&path).await.status, StatusCode::OK);
}

#[tokio::test]
async fn erasing_needs_its_own_scope() {
    let world = World::start().await;
    let scopes = "webhooks:read webhooks:write reports:write deliveries:read deliveries:write";
    let api = world.api.with_caller(scoped("acme", scopes));
    let key = world.delivery(world.webhook().await, 1, failed()).await;
    let path = format!("/v1/reports/{}", key.report_id);
    assert_eq!(api.delete(&path).await.status, StatusCode::FORBIDDEN);
    let api = api.with_caller(scoped("acme", "reports:erase"));
    assert_eq!(api.delete(&path).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn erasures_of_unknown_reports_are_limited_per_hour() {
    let world = World::start().await;
    let stored = world.delivery(world.webhook().await, 1, failed()).await;
    let path = |n| format!("/v1/reports/{}", report_id(CALL_END, n));
    let most = u16::try_from(UNKNOWN_PER_HOUR).unwrap();
    for n in 0..most {
        assert_eq!(world.api.delete(&path(1_000 + n)).await.status, StatusCode::NOT_FOUND);
    }
    let queued = || world.erasures.0.lock().unwrap().len();
    assert_eq!(queued(), usize::from(most));
    let refused = world.api.delete(&path(1_000 + most)).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{refused:?}");
    let wait: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=37).contains(&wait), "{wait}");
    assert_eq!(queued(), usize::from(most), "no work");
    let key = ReportKey {
        account_id: "acme".parse().unwrap(),
        report_id: report_id(CALL_END, 1_000 + most),
    };
    let tombstone = world.tables.deliveries().tombstone(&key).await.unwrap();
    assert_eq!(tombstone, None, "and no tombstone");
    let reply = world.api.delete(&format!("/v1/reports/{}", stored.report_id)).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "stored reports are erased without a limit");
}

#[tokio::test]
async fn an_id_that_callhook_never_gives_leaves_no_tombstone() {
    let world = World::start().await;
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    let reply = world.api.delete(&format!("/v1/reports/{id}")).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert!(world.erasures.0.lock().unwrap().is_empty());
    let key = ReportKey { account_id: "acme".parse().unwrap(), report_id: id.parse().unwrap() };
    assert_eq!(world.tables.deliveries().tombstone(&key).await.unwrap(), None);
}

#[tokio::test]
async fn a_report_that_was_erased_within_a_day_is_not_erased_again() {
    let world = World::start().await;
    for (n, hours_ago, queued) in [(1, 23, 0), (2, 25, 1)] {
        let report =
            ReportKey { account_id: "acme".parse().unwrap(), report_id: report_id(CALL_END, n) };
        let asked_at = Timestamp::now() - SignedDuration::from_hours(hours_ago);
        let path = format!("/v1/reports/{}", report.report_id);
        world.tables.deliveries().put_tombstone(&Tombstone { report, asked_at }).await.unwrap();
        assert_eq!(world.api.delete(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.erasures.0.lock().unwrap().len(), queued, "{hours_ago} h ago");
    }
}
