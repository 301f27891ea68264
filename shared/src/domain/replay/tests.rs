use std::time::Duration;

use super::*;
use crate::domain::account::AccountZone;
use crate::domain::delivery::{
    Attempt, DeliveryKey, DeliveryState, DeliveryUpdate, LogEntry, SkipReason,
};
use crate::domain::ids::ReportId;
use crate::domain::report::Report;

fn request(body: &Value) -> Result<ReplayRequest, String> {
    request_in("UTC", body)
}

fn request_in(zone: &str, body: &Value) -> Result<ReplayRequest, String> {
    let zone = zone.to_owned().try_into().unwrap();
    ReplayRequest::from_json(body.as_object().unwrap(), zone).map_err(|errors| errors.to_string())
}

fn job(scope: &str) -> ReplayJob {
    let body = json!({
        "from": "2021-04-09 00:00:00", "to": "2021-04-10T00:00:00Z", "deliveries": scope,
    });
    let webhook = WebhookId::generate();
    let now = Timestamp::from_second(1_700_000_000).unwrap();
    ReplayJob::new("acme".parse().unwrap(), webhook, request(&body).unwrap(), now)
}

#[test]
fn a_request_needs_a_range() {
    let read = request(&json!({"from": "2021-04-09 00:00:00", "to": "2021-04-09T00:00:00.001Z"}));
    assert_eq!(read.unwrap().scope, ReplayScope::Failed, "the default");
    for (body, wrong) in [
        (json!({}), "`from` is required; `to` is required"),
        (json!({"from": 5, "to": "x"}), "`from` must be a time such as 2026-11-22T23:00:00+05:30"),
        (json!({"from": "2021-02-30 00:00:00", "to": "2021-03-02 00:00:00"}), "`from` must be a"),
        (json!({"from": "2021-01-02 00:00:00", "to": "2021-01-02 00:00:00"}), "`to` must be later"),
        (
            json!({"from": "2021-01-01 00:00:00", "to": "2022-01-02 00:00:01"}),
            "`to` must be at most 366 days after `from`",
        ),
        (
            json!({"from": "2021-01-01 00:00:00", "to": "2021-01-02 00:00:00", "deliveries": "x",
                   "webhook_id": "y"}),
            "`deliveries` must be `failed` or `all`; `webhook_id` is not a field",
        ),
    ] {
        let error = request(&body).unwrap_err();
        assert!(error.contains(wrong), "{body}: {error}");
    }
}

#[test]
fn times_without_offset_are_local_to_the_account() {
    let plain = json!({"from": "2026-11-28 19:59:00", "to": "2026-11-28 20:30:00"});
    let exact = json!({"from": "2026-11-28T19:59:00+05:30", "to": "2026-11-28T15:00:00Z"});
    let job = |zone, body| {
        let request = request_in(zone, body).unwrap();
        let webhook = WebhookId::generate();
        ReplayJob::new("acme".parse().unwrap(), webhook, request, Timestamp::UNIX_EPOCH)
    };
    let (plain, exact) = (job("Asia/Kolkata", &plain), job("Asia/Kolkata", &exact));
    assert_eq!(plain.range, exact.range);
    assert_eq!(plain.to_json()["from"], "2026-11-28T14:29:00Z");

    let contains = |job: &ReplayJob, end_at: &str| {
        let report = Report::parse(&json!({ "end_at": end_at }).to_string()).unwrap();
        job.selection().times.contains(&report, Timestamp::UNIX_EPOCH)
    };
    assert!(!contains(&plain, "2026-11-28 19:58:59") && contains(&plain, "2026-11-28 19:59:00"));
    assert!(contains(&plain, "2026-11-28 20:29:59") && !contains(&plain, "2026-11-28 20:30:00"));
    assert!(contains(&plain, "2026-11-28T14:30:00Z") && !contains(&plain, "2026-11-28 14:30:00"));
}

#[test]
fn a_job_keeps_its_zone_and_a_job_stored_without_one_is_in_utc() {
    let body = json!({"from": "2021-04-09 00:00:00", "to": "2021-04-10 00:00:00"});
    let request = request_in("Asia/Kolkata", &body).unwrap();
    let webhook = WebhookId::generate();
    let job = ReplayJob::new("acme".parse().unwrap(), webhook, request, Timestamp::UNIX_EPOCH);
    let mut stored = json!(job);
    assert_eq!(serde_json::from_value::<ReplayJob>(stored.clone()).unwrap(), job);
    assert_eq!(stored.as_object_mut().unwrap().remove("time_zone"), Some(json!("Asia/Kolkata")));
    let old = serde_json::from_value::<ReplayJob>(stored).unwrap();
    let (from, to) = (job.range.from(), job.range.to());
    assert_eq!(old.range, ReplayRange::new(from, to, AccountZone::default()).unwrap());
}

#[test]
fn ranges_overlap_if_they_have_a_time_in_common() {
    let at = |seconds| Timestamp::from_second(seconds).unwrap();
    let range = |from, to| ReplayRange::new(at(from), at(to), AccountZone::default()).unwrap();
    assert!(range(0, 10).overlaps(&range(9, 20)));
    assert!(range(5, 6).overlaps(&range(0, 10)));
    assert!(!range(0, 10).overlaps(&range(10, 20)));
}

#[test]
fn the_api_shows_progress_and_no_internals() {
    let mut job = job("failed");
    assert_eq!(job.to_json()["status"], "counting");
    assert_eq!(job.to_json()["total"], Value::Null);
    let report = ReportId::lowest_at(7);
    job.total = Some(2);
    job.done = 2;
    let wave = Wave { sent: vec![report], ..Wave::new(vec![report], job.created_at) };
    job.stage = ReplayStage::Sending { position: None, wave };
    let mut shown = job.to_json();
    for generated in ["id", "webhook_id"] {
        assert!(shown[generated].take().is_string());
    }
    insta::assert_snapshot!(shown.to_string());
}

#[test]
fn a_job_that_has_ended_is_not_cancelled() {
    let job = job("failed");
    let cancelled = job.cancelled(job.created_at).unwrap();
    assert_eq!((cancelled.stage.name(), cancelled.revision), ("cancelled", 2));
    assert_eq!(cancelled.cancelled(job.created_at), None);
}

fn update(
    job: &ReplayJob,
    trigger: Trigger,
    code: Option<u16>,
    state: DeliveryState,
) -> DeliveryUpdate {
    let report_id = ReportId::lowest_at(1_617_926_400_000);
    let attempt = |code| Attempt {
        result: Ok(code),
        latency: Duration::ZERO,
        body: [][..].into(),
        is_cut: false,
        retry_after: None,
        evidence: None,
    };
    DeliveryUpdate {
        key: DeliveryKey { webhook_id: job.webhook_id, report_id },
        account_id: job.account_id.clone(),
        received_at: job.created_at,
        report: Report::parse("{}").unwrap().into(),
        trigger,
        number: 1,
        attempt: code.map(attempt),
        state,
        at: job.created_at,
        retention: Retention::default(),
    }
}

#[test]
fn a_delivery_has_its_replay_state_by_the_log() {
    let next_attempt_at = Timestamp::from_second(1_800_000_000).unwrap();
    let failed = || DeliveryState::Failed { reason: "no attempt is left".to_owned() };
    let skipped = || DeliveryState::Skipped { reason: SkipReason::WebhookDeleted };
    let pending = || DeliveryState::Pending { next_attempt_at };
    let retrying = || DeliveryState::Retrying { next_attempt_at };
    let first = |job: &ReplayJob| update(job, Trigger::Automatic, Some(500), failed());
    let state_of = |job: &ReplayJob, updates: &[DeliveryUpdate]| {
        let entry = updates.iter().fold(None, |entry, update| Some(LogEntry::after(entry, update)));
        ReplayDeliveryState::of(&entry.unwrap(), job)
    };
    let (job, other) = (job("failed"), job("failed"));
    let ours = job.trigger();
    let then = |update: DeliveryUpdate| state_of(&job, &[first(&job), update]);
    assert_eq!(state_of(&job, &[first(&job)]), ReplayDeliveryState::NotStarted);
    assert_eq!(
        then(update(&job, ours, None, pending())),
        ReplayDeliveryState::Deferred(next_attempt_at)
    );
    assert_eq!(then(update(&job, ours, Some(500), retrying())), ReplayDeliveryState::Done);
    assert_eq!(then(update(&job, ours, Some(500), failed())), ReplayDeliveryState::Done);
    assert_eq!(then(update(&job, ours, None, failed())), ReplayDeliveryState::Done, "not rendered");
    assert_eq!(then(update(&job, ours, None, skipped())), ReplayDeliveryState::Done);
    assert_eq!(
        then(update(&job, other.trigger(), Some(500), retrying())),
        ReplayDeliveryState::SentByOther
    );
    assert_eq!(
        then(update(&job, other.trigger(), Some(500), failed())),
        ReplayDeliveryState::NotStarted
    );
    let resend = Trigger::Resend { id: crate::domain::ids::ResendId::generate() };
    assert_eq!(
        then(update(&job, resend, Some(200), DeliveryState::Delivered)),
        ReplayDeliveryState::Done
    );
}

#[test]
fn a_replay_of_all_deliveries_sends_delivered_ones() {
    let job = job("all");
    let delivered = update(&job, Trigger::Automatic, Some(200), DeliveryState::Delivered);
    let again = update(&job, job.trigger(), Some(200), DeliveryState::Delivered);
    let entry = LogEntry::after(None, &delivered);
    assert_eq!(ReplayDeliveryState::of(&entry, &job), ReplayDeliveryState::NotStarted);
    assert_eq!(
        ReplayDeliveryState::of(&LogEntry::after(Some(entry), &again), &job),
        ReplayDeliveryState::Done
    );
}

#[test]
fn a_delivery_is_done_for_a_replay_of_all_when_the_replays_request_was_sent() {
    let next_attempt_at = Timestamp::from_second(1_800_000_000).unwrap();
    let pending = || DeliveryState::Pending { next_attempt_at };
    let failed = || DeliveryState::Failed { reason: "not rendered".to_owned() };
    let skipped = || DeliveryState::Skipped { reason: SkipReason::WebhookInactive };
    let (job, other) = (job("all"), job("all"));
    let ours = |code, state| update(&job, job.trigger(), code, state);
    let resend = Trigger::Resend { id: crate::domain::ids::ResendId::generate() };
    let deferred = || ours(None, pending());
    let waits = ReplayDeliveryState::Deferred(next_attempt_at);
    for (updates, state, what) in [
        (vec![deferred()], waits, "deferred"),
        (
            vec![deferred(), update(&job, resend, Some(200), DeliveryState::Delivered)],
            waits,
            "resent",
        ),
        (
            vec![deferred(), ours(Some(200), DeliveryState::Delivered)],
            ReplayDeliveryState::Done,
            "accepted",
        ),
        (vec![deferred(), ours(Some(500), failed())], ReplayDeliveryState::Done, "not accepted"),
        (
            vec![ours(Some(200), DeliveryState::Delivered), deferred()],
            ReplayDeliveryState::Done,
            "late copy",
        ),
        (vec![deferred(), ours(None, skipped())], ReplayDeliveryState::Done, "skipped"),
        (vec![ours(None, failed())], ReplayDeliveryState::Done, "not rendered"),
        (
            vec![update(&job, other.trigger(), None, pending())],
            ReplayDeliveryState::NotStarted,
            "another's",
        ),
    ] {
        let delivered = update(&job, Trigger::Automatic, Some(200), DeliveryState::Delivered);
        let entry = LogEntry::after(None, &delivered);
        let entry =
            updates.iter().fold(entry, |entry, update| LogEntry::after(Some(entry), update));
        assert_eq!(entry.state, DeliveryState::Delivered, "{what}");
        assert_eq!(ReplayDeliveryState::of(&entry, &job), state, "{what}");
    }
}
