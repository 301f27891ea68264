use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use callhook::delivery::{DeliveryKey, DeliveryState};
use callhook::ids::ReportId;
use callhook::replay::ReplayJob;
use callhook::store::{DeliveryLog, ReplayAdmin};
use callhook::testing::emitted;
use serde_json::json;

use super::*;
use crate::testing::{Fate, Harness, MIDNIGHT, Moment, failed};

fn progress(job: &ReplayJob) -> (&'static str, Option<u64>, u64, u64) {
    (job.stage.name(), job.total, job.done, job.missing)
}

#[tokio::test]
async fn what_failed_is_sent_once_and_nothing_else() {
    let harness = Harness::new().await;
    let mut wanted = harness.log(0, 7, failed()).await;
    let reason = callhook::delivery::SkipReason::WebhookInactive;
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
async fn everything_is_sent_if_that_is_asked_for() {
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
async fn what_is_not_taken_again_is_done_as_well() {
    let harness = Harness::new().await;
    harness.log(0, 5, failed()).await;
    *harness.fates.lock().unwrap() = Box::new(|_| Fate::NotTaken);
    let job = harness.job("failed").await;
    assert_eq!(progress(&harness.finish(&job).await), ("completed", Some(5), 5, 0));
    assert_eq!(harness.requests.lock().unwrap().len(), 5, "the job does not come by twice");
    let again = harness.job("failed").await;
    harness.finish(&again).await;
    assert_eq!(harness.requests.lock().unwrap().len(), 10, "another job does");
}

#[tokio::test]
async fn an_empty_range_is_completed_at_once() {
    let harness = Harness::new().await;
    let job = harness.job("failed").await;
    assert_eq!(progress(&harness.finish(&job).await), ("completed", Some(0), 0, 0));
}

/// Runs a small job of two waves that crashes at every call.
async fn crash_at_every_call(moment: Moment) {
    let mut call = 0;
    loop {
        let mut harness = Harness::new().await;
        harness.worker.pace.wave = 7;
        let wanted = harness.log(0, 12, failed()).await;
        let job = harness.job("failed").await;
        harness.crashes.at(call, moment);
        if harness.invoke(&job).await == Some(Resume::Done) {
            assert!(call > 25, "only {call} calls, and none crashed");
            return;
        }
        harness.free(&job).await;
        let job = harness.finish(&job).await;
        let what = format!("call {call}");
        assert_eq!(progress(&job), ("completed", Some(12), 12, 0), "{what}");
        harness.assert_requests(wanted, &what);
        call += 1;
    }
}

#[tokio::test]
async fn a_crash_before_any_call_loses_and_repeats_nothing() {
    crash_at_every_call(Moment::Before).await;
}

#[tokio::test]
async fn a_crash_halfway_through_any_call_loses_and_repeats_nothing() {
    crash_at_every_call(Moment::Halfway).await;
}

#[tokio::test]
async fn a_crash_after_any_call_loses_and_repeats_nothing() {
    crash_at_every_call(Moment::After).await;
}

#[tokio::test]
async fn a_job_that_crashes_again_and_again_gets_there() {
    let harness = Harness::new().await;
    let wanted = harness.log(0, 250, failed()).await;
    let job = harness.job("failed").await;
    for _ in 0..15 {
        harness.crashes.at(7, Moment::Halfway);
        if harness.invoke(&job).await.is_some() {
            break;
        }
        harness.free(&job).await;
    }
    assert_eq!(progress(&harness.finish(&job).await), ("completed", Some(250), 250, 0));
    harness.assert_requests(wanted, "once each");
}

#[tokio::test]
async fn a_cancelled_job_sends_no_further_wave() {
    let mut harness = Harness::new().await;
    harness.worker.pace.wave = 30;
    harness.log(0, 50, failed()).await;
    let job = harness.job("failed").await;
    // The client hangs: nothing of the first wave is done.
    *harness.fates.lock().unwrap() = Box::new(|_| Fate::Lost);
    let cancel = async {
        while harness.stored(&job).await.to_json()["queued"] != 30 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // The worker may write at the same time.
        while let Some(cancelled) = harness.stored(&job).await.cancelled(Timestamp::now()) {
            let _ = harness.table.replace_replay(&cancelled).await;
        }
    };
    let (next, ()) = tokio::join!(harness.invoke(&job), cancel);
    assert_eq!(next, Some(Resume::Done));
    assert_eq!(progress(&harness.stored(&job).await), ("cancelled", Some(50), 0, 0));
    assert_eq!(harness.invoke(&job).await, Some(Resume::Done), "a late copy of the message");
}

#[tokio::test]
async fn of_two_workers_one_goes_on() {
    let harness = Harness::new().await;
    let wanted = harness.log(0, 300, failed()).await;
    let job = harness.job("failed").await;
    let (one, two) = tokio::join!(harness.invoke(&job), harness.invoke(&job));
    let over = [one, two].iter().filter(|next| **next == Some(Resume::Done)).count();
    assert_eq!(over, 1, "{one:?} {two:?}");
    assert_eq!(progress(&harness.stored(&job).await), ("completed", Some(300), 300, 0));
    harness.assert_requests(wanted, "once each");
}

#[tokio::test]
async fn a_worker_whose_job_another_has_taken_stops() {
    let harness = Harness::new().await;
    harness.log(0, 5, failed()).await;
    let job = harness.job("failed").await;
    *harness.fates.lock().unwrap() = Box::new(|_| Fate::Lost);
    let take = async {
        while harness.stored(&job).await.to_json()["queued"] != 5 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let mut taken = harness.stored(&job).await.changed(Timestamp::now());
        while harness.table.replace_replay(&taken).await.is_err() {
            taken = harness.stored(&job).await.changed(Timestamp::now());
        }
    };
    let (next, ()) = tokio::join!(harness.invoke(&job), take);
    assert_eq!(next, Some(Resume::After(harness.worker.pace.later)));
}

#[tokio::test]
async fn what_never_shows_is_queued_twice_and_then_missing() {
    let mut harness = Harness::new().await;
    harness.worker.pace.patience = Duration::from_millis(200);
    let reports = harness.log(0, 12, failed()).await;
    let lost = reports[3];
    let tries = std::sync::Arc::new(AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&tries);
    *harness.fates.lock().unwrap() = Box::new(move |message| {
        if message.report_id != lost {
            return Fate::Taken;
        }
        counted.fetch_add(1, Ordering::SeqCst);
        Fate::Lost
    });
    let job = harness.job("failed").await;
    assert_eq!(progress(&harness.finish(&job).await), ("completed", Some(12), 11, 1));
    assert_eq!(tries.load(Ordering::SeqCst), 2);
    assert_eq!(harness.requests.lock().unwrap().len(), 11);
}

#[tokio::test]
async fn a_resting_webhook_pauses_its_replay() {
    let mut harness = Harness::new().await;
    harness.worker.pace.patience = Duration::from_millis(300);
    harness.log(0, 5, failed()).await;
    *harness.fates.lock().unwrap() = Box::new(|_| Fate::PutOff);
    let job = harness.job("failed").await;
    let longest = harness.worker.pace.longest_rest;
    assert_eq!(harness.invoke(&job).await, Some(Resume::After(longest)), "put off for an hour");
    tokio::time::sleep(harness.worker.pace.patience).await;
    assert_eq!(harness.invoke(&job).await, Some(Resume::After(longest)), "deliver has them");
    let shown = harness.stored(&job).await.to_json();
    assert_eq!((&shown["queued"], &shown["done"]), (&5.into(), &0.into()), "{shown}");
}

#[tokio::test]
async fn a_replay_of_everything_waits_for_deliveries_that_are_deferred() {
    let harness = Harness::new().await;
    let mut wanted = harness.log(0, 20, DeliveryState::Delivered).await;
    wanted.extend(harness.log(30, 10, failed()).await);
    *harness.fates.lock().unwrap() = Box::new(|_| Fate::PutOff);
    let job = harness.job("all").await;
    assert!(
        matches!(harness.invoke(&job).await, Some(Resume::After(_))),
        "nothing was sent so far"
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
async fn a_queue_that_takes_a_part_is_given_the_rest_later() {
    let harness = Harness::new().await;
    let wanted = harness.log(0, 12, failed()).await;
    let job = harness.job("failed").await;
    *harness.queue.most.lock().unwrap() = Some(5);
    let later = harness.worker.pace.later;
    assert!(matches!(harness.invoke(&job).await, Some(Resume::After(wait)) if wait == later));
    *harness.queue.most.lock().unwrap() = None;
    assert_eq!(progress(&harness.finish(&job).await), ("completed", Some(12), 12, 0));
    harness.assert_requests(wanted, "once each");
}

#[tokio::test]
async fn what_ends_while_the_job_runs_is_sent_if_the_job_has_not_passed() {
    let mut harness = Harness::new().await;
    harness.worker.pace.wave = 30;
    let mut wanted = harness.log(0, 100, failed()).await;
    let job = harness.job("failed").await;
    let more = async {
        while harness.stored(&job).await.done == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        harness.log(2_000, 20, failed()).await
    };
    let (next, more) = tokio::join!(harness.invoke(&job), more);
    assert_eq!(next, Some(Resume::Done));
    let requests = harness.requests.lock().unwrap().clone();
    let came: Vec<ReportId> = more.into_iter().filter(|id| requests.contains(id)).collect();
    let done = harness.stored(&job).await.done;
    assert_eq!(done, 100 + came.len() as u64);
    wanted.extend(came);
    harness.assert_requests(wanted, "once each");
}

#[tokio::test]
async fn what_the_log_has_forgotten_is_missing() {
    let harness = Harness::new().await;
    let reports = harness.log(0, 4, failed()).await;
    let job = harness.job("failed").await;
    // The worker gets as far as noting the wave.
    harness.crashes.at(19, Moment::After);
    assert_eq!(harness.invoke(&job).await, None);
    assert_eq!(harness.stored(&job).await.to_json()["queued"], 4);
    harness.forget(reports[0]).await;
    harness.free(&job).await;
    assert_eq!(progress(&harness.finish(&job).await), ("completed", Some(4), 3, 1));
}

#[tokio::test]
async fn a_message_whose_job_was_never_stored_goes() {
    let harness = Harness::new().await;
    let mut message = harness.job("failed").await.message();
    message.replay_id = callhook::ids::ReplayId::generate();
    let time = Time::until(std::time::SystemTime::now() + Duration::from_mins(1));
    let soon = Resume::After(harness.worker.pace.soon);
    assert_eq!(harness.worker.work(&message, time).await, soon, "it may be stored in a moment");
    message.replay_id = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
    assert_eq!(harness.worker.work(&message, time).await, Resume::Done);
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
async fn the_log_marks_what_a_replay_sent() {
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
async fn deliveries_of_another_account_are_no_part_of_a_replay() {
    for (scope, count) in [("failed", 3), ("all", 5)] {
        let harness = Harness::new().await;
        let mut wanted = harness.log(0, 3, failed()).await;
        let taken = harness.log(10, 2, DeliveryState::Delivered).await;
        wanted.extend(taken.into_iter().filter(|_| scope == "all"));
        // A stranger's report that named the webhook.
        let reason = callhook::delivery::SkipReason::WebhookDeleted;
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
