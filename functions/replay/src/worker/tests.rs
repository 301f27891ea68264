use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use callhook::delivery::{DeliveryKey, DeliveryState};
use callhook::ids::ReportId;
use callhook::replay::ReplayJob;
use callhook::store::{DeliveryLog, ReplayAdmin};
use callhook::testing::emitted;
use serde_json::json;

use super::*;
use crate::testing::{Fate, MIDNIGHT, Moment, Sut, failed};

fn progress(job: &ReplayJob) -> (&'static str, Option<u64>, u64, u64) {
    (job.stage.name(), job.total, job.done, job.missing)
}

#[tokio::test]
async fn what_failed_is_sent_once_and_nothing_else() {
    let sut = Sut::new().await;
    let mut wanted = sut.log(0, 7, failed()).await;
    let reason = callhook::delivery::SkipReason::WebhookInactive;
    wanted.extend(sut.log(10, 5, DeliveryState::Skipped { reason }).await);
    sut.log(20, 5, DeliveryState::Delivered).await;
    let next_attempt_at = Timestamp::now();
    sut.log(30, 5, DeliveryState::Retrying { next_attempt_at }).await;
    sut.log_at(MIDNIGHT + 86_400_000, 0, 5, failed()).await;
    let job = sut.job("failed").await;
    assert_eq!(progress(&sut.finish(&job).await), ("completed", Some(12), 12, 0));
    sut.assert_requests(wanted, "once each");
    assert_eq!(emitted(&sut.worker.metrics), json!({"ColdStart": 1, "DeliveriesReplayed": 12}));
}

#[tokio::test]
async fn everything_is_sent_if_that_is_asked_for() {
    let sut = Sut::new().await;
    let mut wanted = sut.log(0, 7, failed()).await;
    wanted.extend(sut.log(20, 5, DeliveryState::Delivered).await);
    let job = sut.job("all").await;
    assert_eq!(progress(&sut.finish(&job).await), ("completed", Some(12), 12, 0));
    sut.assert_requests(wanted, "once each");
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_deliveries_are_sent_once_each() {
    let sut = Sut::new().await;
    let wanted = sut.log(0, 10_000, DeliveryState::Delivered).await;
    let job = sut.job("all").await;
    assert_eq!(progress(&sut.finish(&job).await), ("completed", Some(10_000), 10_000, 0));
    sut.assert_requests(wanted, "once each");
}

#[tokio::test]
async fn what_is_not_taken_again_is_done_as_well() {
    let sut = Sut::new().await;
    sut.log(0, 5, failed()).await;
    *sut.fates.lock().unwrap() = Box::new(|_| Fate::NotTaken);
    let job = sut.job("failed").await;
    assert_eq!(progress(&sut.finish(&job).await), ("completed", Some(5), 5, 0));
    assert_eq!(sut.requests.lock().unwrap().len(), 5, "the job does not come by twice");
    let again = sut.job("failed").await;
    sut.finish(&again).await;
    assert_eq!(sut.requests.lock().unwrap().len(), 10, "another job does");
}

#[tokio::test]
async fn an_empty_range_is_completed_at_once() {
    let sut = Sut::new().await;
    let job = sut.job("failed").await;
    assert_eq!(progress(&sut.finish(&job).await), ("completed", Some(0), 0, 0));
}

/// Runs a small job of two waves that crashes at every call.
async fn crash_at_every_call(moment: Moment) {
    let mut call = 0;
    loop {
        let mut sut = Sut::new().await;
        sut.worker.pace.wave = 7;
        let wanted = sut.log(0, 12, failed()).await;
        let job = sut.job("failed").await;
        sut.crashes.at(call, moment);
        if sut.invoke(&job).await == Some(Next::Over) {
            assert!(call > 25, "only {call} calls, and none crashed");
            return;
        }
        sut.free(&job).await;
        let job = sut.finish(&job).await;
        let what = format!("call {call}");
        assert_eq!(progress(&job), ("completed", Some(12), 12, 0), "{what}");
        sut.assert_requests(wanted, &what);
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
    let sut = Sut::new().await;
    let wanted = sut.log(0, 250, failed()).await;
    let job = sut.job("failed").await;
    for _ in 0..15 {
        sut.crashes.at(7, Moment::Halfway);
        if sut.invoke(&job).await.is_some() {
            break;
        }
        sut.free(&job).await;
    }
    assert_eq!(progress(&sut.finish(&job).await), ("completed", Some(250), 250, 0));
    sut.assert_requests(wanted, "once each");
}

#[tokio::test]
async fn a_cancelled_job_sends_no_further_wave() {
    let mut sut = Sut::new().await;
    sut.worker.pace.wave = 30;
    sut.log(0, 50, failed()).await;
    let job = sut.job("failed").await;
    // The client hangs: nothing of the first wave is done.
    *sut.fates.lock().unwrap() = Box::new(|_| Fate::Lost);
    let cancel = async {
        while sut.stored(&job).await.to_json()["queued"] != 30 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // The worker may write at the same time.
        while let Some(cancelled) = sut.stored(&job).await.cancelled(Timestamp::now()) {
            let _ = sut.table.replace_replay(&cancelled).await;
        }
    };
    let (next, ()) = tokio::join!(sut.invoke(&job), cancel);
    assert_eq!(next, Some(Next::Over));
    assert_eq!(progress(&sut.stored(&job).await), ("cancelled", Some(50), 0, 0));
    assert_eq!(sut.invoke(&job).await, Some(Next::Over), "a late copy of the message");
}

#[tokio::test]
async fn of_two_workers_one_goes_on() {
    let sut = Sut::new().await;
    let wanted = sut.log(0, 300, failed()).await;
    let job = sut.job("failed").await;
    let (one, two) = tokio::join!(sut.invoke(&job), sut.invoke(&job));
    let over = [one, two].iter().filter(|next| **next == Some(Next::Over)).count();
    assert_eq!(over, 1, "{one:?} {two:?}");
    assert_eq!(progress(&sut.stored(&job).await), ("completed", Some(300), 300, 0));
    sut.assert_requests(wanted, "once each");
}

#[tokio::test]
async fn a_worker_whose_job_another_has_taken_stops() {
    let sut = Sut::new().await;
    sut.log(0, 5, failed()).await;
    let job = sut.job("failed").await;
    *sut.fates.lock().unwrap() = Box::new(|_| Fate::Lost);
    let take = async {
        while sut.stored(&job).await.to_json()["queued"] != 5 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let mut taken = sut.stored(&job).await.changed(Timestamp::now());
        while sut.table.replace_replay(&taken).await.is_err() {
            taken = sut.stored(&job).await.changed(Timestamp::now());
        }
    };
    let (next, ()) = tokio::join!(sut.invoke(&job), take);
    assert_eq!(next, Some(Next::Again(sut.worker.pace.later)));
}

#[tokio::test]
async fn what_never_shows_is_queued_twice_and_then_missing() {
    let mut sut = Sut::new().await;
    sut.worker.pace.patience = Duration::from_millis(200);
    let reports = sut.log(0, 12, failed()).await;
    let lost = reports[3];
    let tries = std::sync::Arc::new(AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&tries);
    *sut.fates.lock().unwrap() = Box::new(move |message| {
        if message.report_id != lost {
            return Fate::Taken;
        }
        counted.fetch_add(1, Ordering::SeqCst);
        Fate::Lost
    });
    let job = sut.job("failed").await;
    assert_eq!(progress(&sut.finish(&job).await), ("completed", Some(12), 11, 1));
    assert_eq!(tries.load(Ordering::SeqCst), 2);
    assert_eq!(sut.requests.lock().unwrap().len(), 11);
}

#[tokio::test]
async fn a_resting_webhook_pauses_its_replay() {
    let mut sut = Sut::new().await;
    sut.worker.pace.patience = Duration::from_millis(300);
    sut.log(0, 5, failed()).await;
    *sut.fates.lock().unwrap() = Box::new(|_| Fate::PutOff);
    let job = sut.job("failed").await;
    let longest = sut.worker.pace.longest_rest;
    assert_eq!(sut.invoke(&job).await, Some(Next::Again(longest)), "put off for an hour");
    tokio::time::sleep(sut.worker.pace.patience).await;
    assert_eq!(sut.invoke(&job).await, Some(Next::Again(longest)), "deliver has them");
    let shown = sut.stored(&job).await.to_json();
    assert_eq!((&shown["queued"], &shown["done"]), (&5.into(), &0.into()), "{shown}");
}

#[tokio::test]
async fn a_replay_of_everything_waits_for_deliveries_that_are_deferred() {
    let sut = Sut::new().await;
    let mut wanted = sut.log(0, 20, DeliveryState::Delivered).await;
    wanted.extend(sut.log(30, 10, failed()).await);
    *sut.fates.lock().unwrap() = Box::new(|_| Fate::PutOff);
    let job = sut.job("all").await;
    assert!(matches!(sut.invoke(&job).await, Some(Next::Again(_))), "nothing was sent so far");
    let shown = sut.stored(&job).await.to_json();
    assert_eq!(
        (&shown["status"], &shown["queued"], &shown["done"]),
        (&"sending".into(), &30.into(), &0.into())
    );
    sut.end_deferrals();
    assert_eq!(progress(&sut.finish(&job).await), ("completed", Some(30), 30, 0));
    sut.assert_requests(wanted, "once each");
}

#[tokio::test]
async fn a_queue_that_takes_a_part_is_given_the_rest_later() {
    let sut = Sut::new().await;
    let wanted = sut.log(0, 12, failed()).await;
    let job = sut.job("failed").await;
    *sut.queue.most.lock().unwrap() = Some(5);
    let later = sut.worker.pace.later;
    assert!(matches!(sut.invoke(&job).await, Some(Next::Again(wait)) if wait == later));
    *sut.queue.most.lock().unwrap() = None;
    assert_eq!(progress(&sut.finish(&job).await), ("completed", Some(12), 12, 0));
    sut.assert_requests(wanted, "once each");
}

#[tokio::test]
async fn what_ends_while_the_job_runs_is_sent_if_the_job_has_not_passed() {
    let mut sut = Sut::new().await;
    sut.worker.pace.wave = 30;
    let mut wanted = sut.log(0, 100, failed()).await;
    let job = sut.job("failed").await;
    let more = async {
        while sut.stored(&job).await.done == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        sut.log(2_000, 20, failed()).await
    };
    let (next, more) = tokio::join!(sut.invoke(&job), more);
    assert_eq!(next, Some(Next::Over));
    let requests = sut.requests.lock().unwrap().clone();
    let came: Vec<ReportId> = more.into_iter().filter(|id| requests.contains(id)).collect();
    let done = sut.stored(&job).await.done;
    assert_eq!(done, 100 + came.len() as u64);
    wanted.extend(came);
    sut.assert_requests(wanted, "once each");
}

#[tokio::test]
async fn what_the_log_has_forgotten_is_missing() {
    let sut = Sut::new().await;
    let reports = sut.log(0, 4, failed()).await;
    let job = sut.job("failed").await;
    // The worker gets as far as noting the wave.
    sut.crashes.at(19, Moment::After);
    assert_eq!(sut.invoke(&job).await, None);
    assert_eq!(sut.stored(&job).await.to_json()["queued"], 4);
    sut.forget(reports[0]).await;
    sut.free(&job).await;
    assert_eq!(progress(&sut.finish(&job).await), ("completed", Some(4), 3, 1));
}

#[tokio::test]
async fn a_message_whose_job_was_never_stored_goes() {
    let sut = Sut::new().await;
    let mut message = sut.job("failed").await.message();
    message.replay_id = callhook::ids::ReplayId::generate();
    let time = Time::until(std::time::SystemTime::now() + Duration::from_mins(1));
    let soon = Next::Again(sut.worker.pace.soon);
    assert_eq!(sut.worker.work(&message, time).await, soon, "it may be stored in a moment");
    message.replay_id = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
    assert_eq!(sut.worker.work(&message, time).await, Next::Over);
}

#[tokio::test]
async fn a_job_that_takes_too_long_expires() {
    let sut = Sut::new().await;
    let job = sut.job("failed").await;
    let long_ago = Timestamp::now() - ReplayJob::MAX_AGE - jiff::SignedDuration::from_secs(1);
    sut.change(&job, |job| job.created_at = long_ago).await;
    assert_eq!(sut.finish(&job).await.stage.name(), "expired");
    assert!(sut.table.live_replays(sut.webhook).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_log_marks_what_a_replay_sent() {
    let sut = Sut::new().await;
    let reports = sut.log(0, 1, failed()).await;
    let job = sut.job("failed").await;
    sut.finish(&job).await;
    let key = DeliveryKey { webhook_id: sut.webhook, report_id: reports[0] };
    let entry =
        sut.table.look_up(&[key], &HashSet::new()).await.unwrap().logged.remove(&key).unwrap();
    assert_eq!((entry.state, entry.replay), (DeliveryState::Delivered, Some(job.id)));
    assert_eq!(entry.attempts.last().unwrap().trigger.name(), "manual");
}

#[tokio::test]
async fn deliveries_of_another_account_are_no_part_of_a_replay() {
    for (scope, count) in [("failed", 3), ("all", 5)] {
        let sut = Sut::new().await;
        let mut wanted = sut.log(0, 3, failed()).await;
        let taken = sut.log(10, 2, DeliveryState::Delivered).await;
        wanted.extend(taken.into_iter().filter(|_| scope == "all"));
        // A stranger's report that named the webhook.
        let reason = callhook::delivery::SkipReason::WebhookDeleted;
        let report = callhook::testing::log::report_id(MIDNIGHT + 5_000, 5);
        let key = DeliveryKey { webhook_id: sut.webhook, report_id: report };
        let skipped = DeliveryState::Skipped { reason };
        let record = callhook::testing::log::record("stranger", key, skipped.clone());
        callhook::testing::log::write(&sut.table, record).await;
        let job = sut.job(scope).await;
        let done = sut.finish(&job).await;
        assert_eq!(progress(&done), ("completed", Some(count), count, 0), "{scope}");
        sut.assert_requests(wanted, scope);
        let entry =
            sut.table.look_up(&[key], &HashSet::new()).await.unwrap().logged.remove(&key).unwrap();
        assert_eq!((entry.state, entry.replay), (skipped, None));
    }
}
