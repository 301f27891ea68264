use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use callhook::domain::delivery::{DeliveryKey, DeliveryState};
use callhook::domain::ids::ReportId;
use callhook::domain::replay::ReplayJob;
use callhook::ports::store::{DeliveryLog, ReplayAdmin};
use callhook::testing::emitted;
use serde_json::json;

use super::*;
use crate::testing::{CrashPoint, DeliverOutcome, Harness, MIDNIGHT, failed};

fn progress(job: &ReplayJob) -> (&'static str, Option<u64>, u64, u64) {
    (job.stage.name(), job.total, job.done, job.missing)
}

#[tokio::test]
async fn a_replay_of_failed_deliveries_sends_each_once_and_no_others() {
    let harness = Harness::new().await;
    let mut wanted = harness.log(0, 7, failed()).await;
    let reason = callhook::domain::delivery::SkipReason::WebhookInactive;
    wanted.extend(harness.log(10, 5, DeliveryState::Skipped { reason }).await);
    harness.log(20, 5, DeliveryState::Delivered).await;
    let next_attempt_at = Timestamp::now();
    harness.log(30, 5, DeliveryState::Retrying { next_attempt_at }).await;
    harness.log_at(MIDNIGHT + 86_400_000, 0, 5, failed()).await;
    let job = harness.job("failed").await;
    assert_eq!(progress(&harness.finish(&job).await), ("completed", Some(12), 12, 0));
    harness.assert_requests(wanted, "once each");
    assert_eq!(emitted(&harness.worker.metrics), json!({"ColdStart": 1, "DeliveriesReplayed": 12}));
}

#[tokio::test]
async fn a_replay_of_all_deliveries_includes_delivered_ones() {
    let harness = Harness::new().await;
    let mut wanted = harness.log(0, 7, failed()).await;
    wanted.extend(harness.log(20, 5, DeliveryState::Delivered).await);
    let job = harness.job("all").await;
    assert_eq!(progress(&harness.finish(&job).await), ("completed", Some(12), 12, 0));
    harness.assert_requests(wanted, "once each");
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_deliveries_are_sent_once_each() {
    let harness = Harness::new().await;
    let wanted = harness.log(0, 10_000, DeliveryState::Delivered).await;
    let job = harness.job("all").await;
    assert_eq!(progress(&harness.finish(&job).await), ("completed", Some(10_000), 10_000, 0));
    harness.assert_requests(wanted, "once each");
}

#[tokio::test]
async fn a_delivery_that_fails_again_counts_as_done() {
    let harness = Harness::new().await;
    harness.log(0, 5, failed()).await;
    *harness.outcome.lock().unwrap() = Box::new(|_| DeliverOutcome::Rejected);
    let job = harness.job("failed").await;
    assert_eq!(progress(&harness.finish(&job).await), ("completed", Some(5), 5, 0));
    assert_eq!(harness.requests.lock().unwrap().len(), 5, "the job sends each once");
    let again = harness.job("failed").await;
    harness.finish(&again).await;
    assert_eq!(harness.requests.lock().unwrap().len(), 10, "another job sends them again");
}

#[tokio::test]
async fn an_empty_range_is_completed() {
    let harness = Harness::new().await;
    let job = harness.job("failed").await;
    assert_eq!(progress(&harness.finish(&job).await), ("completed", Some(0), 0, 0));
}

/// Runs a job of two waves once for each of its calls, and crashes it there.
async fn crash_at_every_call(point: CrashPoint) {
    let mut call = 0;
    loop {
        let mut harness = Harness::new().await;
        harness.worker.timing.wave_size = 7;
        let wanted = harness.log(0, 12, failed()).await;
        let job = harness.job("failed").await;
        harness.crashes.at(call, point);
        if harness.invoke(&job).await == Some(Resume::Done) {
            assert!(call > 25, "only {call} calls, and none crashed");
            return;
        }
        harness.expire_lease(&job).await;
        let job = harness.finish(&job).await;
        let what = format!("call {call}");
        assert_eq!(progress(&job), ("completed", Some(12), 12, 0), "{what}");
        harness.assert_requests(wanted, &what);
        call += 1;
    }
}

#[tokio::test]
async fn a_crash_before_any_call_loses_and_repeats_nothing() {
    crash_at_every_call(CrashPoint::Before).await;
}

#[tokio::test]
async fn a_crash_halfway_through_any_call_loses_and_repeats_nothing() {
    crash_at_every_call(CrashPoint::Halfway).await;
}

#[tokio::test]
async fn a_crash_after_any_call_loses_and_repeats_nothing() {
    crash_at_every_call(CrashPoint::After).await;
}

#[tokio::test]
async fn a_job_that_crashes_repeatedly_completes() {
    let harness = Harness::new().await;
    let wanted = harness.log(0, 250, failed()).await;
    let job = harness.job("failed").await;
    for _ in 0..15 {
        harness.crashes.at(7, CrashPoint::Halfway);
        if harness.invoke(&job).await.is_some() {
            break;
        }
        harness.expire_lease(&job).await;
    }
    assert_eq!(progress(&harness.finish(&job).await), ("completed", Some(250), 250, 0));
    harness.assert_requests(wanted, "once each");
}

#[tokio::test]
async fn a_cancelled_job_sends_no_further_batch() {
    let mut harness = Harness::new().await;
    harness.worker.timing.wave_size = 30;
    harness.log(0, 50, failed()).await;
    let job = harness.job("failed").await;
    // No delivery of the first wave ends.
    *harness.outcome.lock().unwrap() = Box::new(|_| DeliverOutcome::MessageLost);
    let cancel = async {
        harness.wait_until(&job, |job| job.to_json()["queued"] == 30).await;
        // The worker may write at the same time.
        while let Some(cancelled) = harness.stored(&job).await.cancelled(Timestamp::now()) {
            let _ = harness.table.replace_replay(&cancelled).await;
        }
    };
    let (resume, ()) = tokio::join!(harness.invoke(&job), cancel);
    assert_eq!(resume, Some(Resume::Done));
    assert_eq!(progress(&harness.stored(&job).await), ("cancelled", Some(50), 0, 0));
    assert_eq!(harness.invoke(&job).await, Some(Resume::Done), "a late copy of the message");
}

#[tokio::test]
async fn of_two_workers_one_continues_the_job() {
    let harness = Harness::new().await;
    let wanted = harness.log(0, 300, failed()).await;
    let job = harness.job("failed").await;
    let (one, two) = tokio::join!(harness.invoke(&job), harness.invoke(&job));
    let over = [one, two].iter().filter(|resume| **resume == Some(Resume::Done)).count();
    assert_eq!(over, 1, "{one:?} {two:?}");
    assert_eq!(progress(&harness.stored(&job).await), ("completed", Some(300), 300, 0));
    harness.assert_requests(wanted, "once each");
}

#[tokio::test]
async fn a_worker_stops_when_another_has_changed_its_job() {
    let harness = Harness::new().await;
    harness.log(0, 5, failed()).await;
    let job = harness.job("failed").await;
    *harness.outcome.lock().unwrap() = Box::new(|_| DeliverOutcome::MessageLost);
    let overtake = async {
        let queued = harness.wait_until(&job, |job| job.to_json()["queued"] == 5).await;
        let mut changed = queued.changed(Timestamp::now());
        while harness.table.replace_replay(&changed).await.is_err() {
            changed = harness.stored(&job).await.changed(Timestamp::now());
        }
    };
    let (resume, ()) = tokio::join!(harness.invoke(&job), overtake);
    assert_eq!(resume, Some(Resume::After(harness.worker.timing.idle_delay)));
}

#[tokio::test]
async fn a_delivery_that_the_log_never_shows_is_queued_twice_and_then_missing() {
    let mut harness = Harness::new().await;
    // Each poll ends its invocation.
    harness.worker.timing.min_poll_interval = Duration::from_hours(1);
    let reports = harness.log(0, 12, failed()).await;
    let lost = reports[3];
    let tries = std::sync::Arc::new(AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&tries);
    *harness.outcome.lock().unwrap() = Box::new(move |message| {
        if message.report_id != lost {
            return DeliverOutcome::Accepted;
        }
        counted.fetch_add(1, Ordering::SeqCst);
        DeliverOutcome::MessageLost
    });
    let job = harness.job("failed").await;
    let mut invocations = 0;
    while harness.invoke(&job).await != Some(Resume::Done) {
        harness.deliver().await;
        harness.pass_progress_timeout(&job).await;
        invocations += 1;
        assert!(invocations < 10, "not over: {:?}", harness.stored(&job).await);
    }
    assert_eq!(progress(&harness.stored(&job).await), ("completed", Some(12), 11, 1));
    assert_eq!(tries.load(Ordering::SeqCst), 2);
    assert_eq!(harness.requests.lock().unwrap().len(), 11);
}

#[tokio::test]
async fn an_open_circuit_pauses_the_replay() {
    let harness = Harness::new().await;
    harness.log(0, 5, failed()).await;
    *harness.outcome.lock().unwrap() = Box::new(|_| DeliverOutcome::Deferred);
    let job = harness.job("failed").await;
    let longest = harness.worker.timing.max_delay;
    assert_eq!(harness.invoke(&job).await, Some(Resume::After(longest)), "deferred for an hour");
    harness.pass_progress_timeout(&job).await;
    assert_eq!(
        harness.invoke(&job).await,
        Some(Resume::After(longest)),
        "deliver still has the messages"
    );
    let shown = harness.stored(&job).await.to_json();
    assert_eq!((&shown["queued"], &shown["done"]), (&5.into(), &0.into()), "{shown}");
}

#[tokio::test]
async fn a_replay_of_everything_waits_for_deliveries_that_are_deferred() {
    let harness = Harness::new().await;
    let mut wanted = harness.log(0, 20, DeliveryState::Delivered).await;
    wanted.extend(harness.log(30, 10, failed()).await);
    *harness.outcome.lock().unwrap() = Box::new(|_| DeliverOutcome::Deferred);
    let job = harness.job("all").await;
    assert!(
        matches!(harness.invoke(&job).await, Some(Resume::After(_))),
        "nothing is sent before the deferrals end"
    );
    let shown = harness.stored(&job).await.to_json();
    assert_eq!(
        (&shown["status"], &shown["queued"], &shown["done"]),
        (&"sending".into(), &30.into(), &0.into())
    );
    harness.end_deferrals();
    assert_eq!(progress(&harness.finish(&job).await), ("completed", Some(30), 30, 0));
    harness.assert_requests(wanted, "once each");
}

#[tokio::test]
async fn deliveries_that_the_queue_refuses_are_queued_later() {
    let harness = Harness::new().await;
    let wanted = harness.log(0, 12, failed()).await;
    let job = harness.job("failed").await;
    *harness.queue.capacity.lock().unwrap() = Some(5);
    let delay = harness.worker.timing.idle_delay;
    assert_eq!(harness.invoke(&job).await, Some(Resume::After(delay)));
    *harness.queue.capacity.lock().unwrap() = None;
    assert_eq!(progress(&harness.finish(&job).await), ("completed", Some(12), 12, 0));
    harness.assert_requests(wanted, "once each");
}

#[tokio::test]
async fn a_delivery_that_fails_during_the_job_is_sent_if_the_job_has_not_passed_it() {
    let mut harness = Harness::new().await;
    harness.worker.timing.wave_size = 30;
    let mut wanted = harness.log(0, 100, failed()).await;
    let job = harness.job("failed").await;
    let more = async {
        harness.wait_until(&job, |job| job.done > 0).await;
        harness.log(2_000, 20, failed()).await
    };
    let (resume, more) = tokio::join!(harness.invoke(&job), more);
    assert_eq!(resume, Some(Resume::Done));
    let requests = harness.requests.lock().unwrap().clone();
    let sent: Vec<ReportId> = more.into_iter().filter(|id| requests.contains(id)).collect();
    let done = harness.stored(&job).await.done;
    assert_eq!(done, 100 + sent.len() as u64);
    wanted.extend(sent);
    harness.assert_requests(wanted, "once each");
}

#[tokio::test]
async fn a_delivery_that_left_the_log_is_missing() {
    let harness = Harness::new().await;
    let reports = harness.log(0, 4, failed()).await;
    let job = harness.job("failed").await;
    // The worker crashes after it stored the wave.
    harness.crashes.at(19, CrashPoint::After);
    assert_eq!(harness.invoke(&job).await, None);
    assert_eq!(harness.stored(&job).await.to_json()["queued"], 4);
    harness.delete_from_log(reports[0]).await;
    harness.expire_lease(&job).await;
    assert_eq!(progress(&harness.finish(&job).await), ("completed", Some(4), 3, 1));
}

#[tokio::test]
async fn a_message_whose_job_was_never_stored_is_deleted() {
    let harness = Harness::new().await;
    let mut message = harness.job("failed").await.message();
    message.replay_id = callhook::domain::ids::ReplayId::generate();
    let lambda_ends_at = std::time::SystemTime::now() + Duration::from_mins(1);
    let deadline = InvocationDeadline::new(lambda_ends_at);
    let soon = Resume::After(harness.worker.timing.min_delay);
    assert_eq!(harness.worker.work(&message, deadline).await, soon, "it may still be stored");
    message.replay_id = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
    assert_eq!(harness.worker.work(&message, deadline).await, Resume::Done);
}

#[tokio::test]
async fn a_job_that_takes_too_long_expires() {
    let harness = Harness::new().await;
    let job = harness.job("failed").await;
    let long_ago = Timestamp::now() - ReplayJob::MAX_AGE - jiff::SignedDuration::from_secs(1);
    harness.change(&job, |job| job.created_at = long_ago).await;
    assert_eq!(harness.finish(&job).await.stage.name(), "expired");
    assert!(harness.table.live_replays(harness.webhook).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_log_names_the_replay_that_sent_a_delivery() {
    let harness = Harness::new().await;
    let reports = harness.log(0, 1, failed()).await;
    let job = harness.job("failed").await;
    harness.finish(&job).await;
    let key = DeliveryKey { webhook_id: harness.webhook, report_id: reports[0] };
    let entry =
        harness.table.look_up(&[key], &HashSet::new()).await.unwrap().logged.remove(&key).unwrap();
    assert_eq!((entry.state, entry.replay), (DeliveryState::Delivered, Some(job.id)));
    assert_eq!(entry.attempts.last().unwrap().trigger.name(), "manual");
}

#[tokio::test]
async fn deliveries_of_another_account_are_not_replayed() {
    for (scope, count) in [("failed", 3), ("all", 5)] {
        let harness = Harness::new().await;
        let mut wanted = harness.log(0, 3, failed()).await;
        let delivered = harness.log(10, 2, DeliveryState::Delivered).await;
        wanted.extend(delivered.into_iter().filter(|_| scope == "all"));
        // A report of another account that named the webhook.
        let reason = callhook::domain::delivery::SkipReason::WebhookDeleted;
        let report = callhook::testing::log::report_id(MIDNIGHT + 5_000, 5);
        let key = DeliveryKey { webhook_id: harness.webhook, report_id: report };
        let skipped = DeliveryState::Skipped { reason };
        let record = callhook::testing::log::update("stranger", key, skipped.clone());
        callhook::testing::log::write(&harness.table, record).await;
        let job = harness.job(scope).await;
        let done = harness.finish(&job).await;
        assert_eq!(progress(&done), ("completed", Some(count), count, 0), "{scope}");
        harness.assert_requests(wanted, scope);
        let entry = harness
            .table
            .look_up(&[key], &HashSet::new())
            .await
            .unwrap()
            .logged
            .remove(&key)
            .unwrap();
        assert_eq!((entry.state, entry.replay), (skipped, None));
    }
}
