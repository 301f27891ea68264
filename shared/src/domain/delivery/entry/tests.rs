use std::time::Duration;

use bytes::Bytes;

use super::*;
use crate::domain::compose::Method;
use crate::domain::compose::SentRequest;
use crate::domain::delivery::{HttpVersion, ReplayScope, ResponseHeaders};
use crate::domain::ids::{ReportId, ResendId, WebhookId};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn attempt(result: Result<u16, NoResponse>) -> Attempt {
    Attempt {
        result,
        latency: Duration::from_millis(7),
        body: Bytes::new(),
        is_cut: false,
        retry_after: None,
        evidence: None,
    }
}

fn retrying() -> DeliveryState {
    DeliveryState::Retrying { next_attempt_at: at(99) }
}

fn failed() -> DeliveryState {
    DeliveryState::Failed { reason: "no attempt is left".to_owned() }
}

fn update(trigger: Trigger, number: u32, code: u16, state: DeliveryState) -> DeliveryUpdate {
    let account_id: AccountId = "acme".parse().unwrap();
    let report = Report::parse(r#"{"id": 1}"#).unwrap();
    DeliveryUpdate {
        key: DeliveryKey {
            webhook_id: "01890a5d-ac96-774b-bcce-b302099a8057".parse::<WebhookId>().unwrap(),
            report_id: ReportId::derive(&account_id, &report, None, at(0)),
        },
        account_id,
        received_at: at(0),
        report: report.into(),
        trigger,
        number,
        attempt: Some(attempt(Ok(code))),
        state,
        at: at(10),
        retention: Retention::default(),
    }
}

fn log(updates: &[DeliveryUpdate]) -> LogEntry {
    let mut entry = None;
    for update in updates {
        entry = Some(LogEntry::after(entry, update));
    }
    entry.unwrap()
}

fn resend() -> Trigger {
    Trigger::Resend { id: ResendId::generate() }
}

fn replay(only: ReplayScope) -> Trigger {
    Trigger::Replay { id: ReplayId::generate(), only }
}

#[test]
fn every_attempt_is_kept_in_order() {
    let entry = log(&[
        update(Trigger::Automatic, 1, 500, retrying()),
        update(Trigger::Automatic, 2, 200, DeliveryState::Delivered),
    ]);
    let codes: Vec<_> = entry.attempts.iter().map(|made| made.status_code).collect();
    assert_eq!(codes, [Some(500), Some(200)]);
    assert_eq!(entry.scheduled_attempts, 2);
    assert_eq!(entry.state, DeliveryState::Delivered);
}

#[test]
fn every_change_has_a_new_revision() {
    let first = log(&[update(Trigger::Automatic, 1, 500, retrying())]);
    let another = log(&[update(Trigger::Automatic, 1, 500, retrying())]);
    assert!(first.revision.abs_diff(another.revision) > 100, "{first:?}, {another:?}");
    let retry = update(Trigger::Automatic, 2, 200, DeliveryState::Delivered);
    let revision = first.revision;
    assert_eq!(LogEntry::after(Some(first), &retry).revision, revision + 1);
}

#[test]
fn a_delivered_delivery_stays_delivered() {
    let delivered = update(Trigger::Automatic, 1, 200, DeliveryState::Delivered);
    for late in [
        update(Trigger::Automatic, 1, 500, retrying()),
        update(resend(), 1, 500, failed()),
        update(replay(ReplayScope::All), 1, 500, retrying()),
    ] {
        let entry = log(&[delivered.clone(), late]);
        assert_eq!(entry.state, DeliveryState::Delivered);
        assert_eq!(entry.attempts.len(), 2);
    }
}

#[test]
fn a_failed_resend_does_not_stop_a_scheduled_retry() {
    let manual = resend();
    let entry =
        log(&[update(Trigger::Automatic, 1, 500, retrying()), update(manual, 1, 500, failed())]);
    assert_eq!(entry.state, retrying());
    assert!(!entry.covers(&Trigger::Automatic, 2), "the retry is still wanted");
    assert!(entry.covers(&manual, 1), "a redelivered message repeats nothing");
    assert!(!entry.covers(&resend(), 1), "another resend is another");

    let entry = LogEntry::after(Some(entry), &update(resend(), 1, 200, DeliveryState::Delivered));
    assert!(entry.covers(&Trigger::Automatic, 2), "delivered: nothing is left to do");
}

#[test]
fn a_replay_follows_the_schedule_again() {
    let replay = replay(ReplayScope::Failed);
    let entry =
        log(&[update(Trigger::Automatic, 1, 500, failed()), update(replay, 1, 500, retrying())]);
    assert_eq!(entry.state, retrying());
    assert_eq!(entry.replay, replay.replay());
    assert!(entry.covers(&replay, 1) && !entry.covers(&replay, 2));
    let entry = LogEntry::after(Some(entry), &update(replay, 2, 200, DeliveryState::Delivered));
    assert_eq!(entry.state, DeliveryState::Delivered);
    assert!(entry.covers(&replay, 3), "delivered");
}

#[test]
fn a_replay_of_failed_deliveries_skips_one_delivered_meanwhile() {
    let entry = log(&[update(Trigger::Automatic, 1, 200, DeliveryState::Delivered)]);
    assert!(entry.covers(&replay(ReplayScope::Failed), 1));
    assert!(!entry.covers(&replay(ReplayScope::All), 1));
}

#[test]
fn a_deferred_message_does_not_reopen_a_delivery_that_has_ended() {
    let mut deferred = update(Trigger::Automatic, 2, 0, retrying());
    deferred.attempt = None;
    let entry = log(&[update(Trigger::Automatic, 1, 500, failed()), deferred.clone()]);
    assert_eq!(entry.state, failed());
    let entry = log(&[update(Trigger::Automatic, 1, 500, retrying()), deferred]);
    assert_eq!((entry.scheduled_attempts, entry.attempts.len()), (1, 1));
}

#[test]
fn a_deferred_replay_reopens_a_delivery_until_it_ends() {
    let manual = replay(ReplayScope::Failed);
    let mut deferred = update(manual, 1, 0, retrying());
    deferred.attempt = None;
    let first = update(Trigger::Automatic, 1, 500, failed());
    let entry = log(&[first.clone(), deferred.clone()]);
    assert_eq!((entry.state, entry.replay), (retrying(), manual.replay()));
    let ended = update(manual, 1, 500, failed());
    let entry = log(&[first, deferred.clone(), ended, deferred]);
    assert_eq!(entry.state, failed(), "a late copy does not reopen it");
}

#[test]
fn a_late_outcome_of_an_earlier_attempt_does_not_change_the_state() {
    for manual in [Trigger::Automatic, replay(ReplayScope::Failed)] {
        let first = update(manual, 1, 500, retrying());
        let last = update(manual, 2, 500, failed());
        let again = DeliveryState::Retrying { next_attempt_at: at(50) };
        let late = DeliveryUpdate { at: at(9), ..update(manual, 1, 504, again.clone()) };
        let entry = log(&[first.clone(), last.clone(), late.clone()]);
        assert_eq!((entry.state, entry.attempts.len()), (failed(), 3), "its attempt is kept");
        // Nor does it end a delivery that is being retried.
        let next = update(manual, 2, 500, retrying());
        let late_end = DeliveryUpdate { state: failed(), ..late };
        assert_eq!(log(&[first.clone(), next, late_end]).state, retrying());
        // A message that waited while a copy of it made the attempt.
        let waited = DeliveryUpdate { attempt: None, ..update(manual, 1, 0, again) };
        assert_eq!(log(&[first.clone(), waited]).state, retrying());
        let delivered = update(manual, 1, 200, DeliveryState::Delivered);
        assert_eq!(log(&[first, last, delivered]).state, DeliveryState::Delivered);
    }
}

#[test]
fn a_late_outcome_of_a_replay_is_not_mistaken_for_its_first() {
    let (one, other) = (replay(ReplayScope::Failed), replay(ReplayScope::Failed));
    let entry = log(&[
        update(one, 1, 500, retrying()),
        update(one, 2, 500, failed()),
        update(other, 1, 500, failed()),
        update(one, 1, 504, retrying()),
    ]);
    assert_eq!((entry.state, entry.replay), (failed(), other.replay()));
}

#[test]
fn a_waiting_delivery_outlives_its_next_attempt() {
    const DAY: i64 = 24 * 60 * 60;
    let kept = |days: u16, update: &DeliveryUpdate| {
        let retention = serde_json::from_value(days.into()).unwrap();
        log(&[DeliveryUpdate { retention, ..update.clone() }]).expires_at
    };
    let next = 7 * DAY;
    let waiting = DeliveryState::Retrying { next_attempt_at: at(next) };
    let waiting = update(Trigger::Automatic, 1, 500, waiting);
    assert_eq!(kept(1, &waiting), next + 15 * DAY, "after its turn");
    assert_eq!(kept(30, &waiting), next + 30 * DAY);
    let overdue =
        update(Trigger::Automatic, 1, 500, DeliveryState::Pending { next_attempt_at: at(3) });
    assert_eq!(kept(1, &overdue), 10 + 15 * DAY);
    let ended = update(Trigger::Automatic, 1, 500, failed());
    assert_eq!(kept(1, &ended), 10 + DAY, "as its account says");

    let retention = serde_json::from_value(1.into()).unwrap();
    let delivered = update(Trigger::Automatic, 1, 200, DeliveryState::Delivered);
    let deferred = DeliveryState::Pending { next_attempt_at: at(next) };
    let deferred = update(replay(ReplayScope::All), 1, 0, deferred);
    let deferred = DeliveryUpdate { retention, attempt: None, ..deferred };
    let entry = log(&[delivered, deferred]);
    assert_eq!(entry.expires_at, next + 15 * DAY, "a delivered one that a replay sends again");
}

#[test]
fn the_number_of_kept_attempts_is_bounded() {
    let mut updates = vec![update(Trigger::Automatic, 1, 500, failed())];
    updates.extend((0..50).map(|_| update(resend(), 1, 500, failed())));
    let entry = log(&updates);
    assert_eq!(entry.attempts.len(), LogEntry::MAX_ATTEMPTS);
    assert_eq!(entry.scheduled_attempts, 1);
}

#[test]
fn requests_and_headers_of_the_last_attempts_are_kept() {
    let evidence = |second| Evidence {
        sent_at: at(second),
        address: Some(([203, 0, 113, 7], 443).into()),
        http: HttpVersion::Http11,
        received: 3,
        request: Some(SentRequest { method: Method::Post, url: "https://a.example/".into() }),
        headers: Some(ResponseHeaders::default()),
    };
    let updates: Vec<_> = (1..=8)
        .map(|number| {
            let update = update(Trigger::Automatic, number, 500, retrying());
            let evidence = Some(evidence(number.into()));
            DeliveryUpdate { attempt: Some(Attempt { evidence, ..attempt(Ok(500)) }), ..update }
        })
        .collect();
    let mut entry = log(&updates);
    for (made, number) in entry.attempts.iter().zip(1_u16..) {
        let known = made.evidence.as_ref().unwrap();
        let has_details = (known.request.is_some(), known.headers.is_some());
        let is_kept = usize::from(number) > 8 - LogEntry::DETAILED_ATTEMPTS;
        assert_eq!(has_details, (is_kept, is_kept), "{number}");
        assert_eq!((known.sent_at.as_second(), known.received), (number.into(), 3));
        assert_eq!(made.attempt().evidence, made.evidence);
    }
    assert_eq!(entry.response_bytes(), 5 * "https://a.example/".len());
    entry.abridge();
    assert!(entry.attempts.iter().all(|made| made.evidence.is_none()));
}

#[test]
fn a_response_is_text_or_base64() {
    let text = |text: &str| Some(ResponseBody::Text(text.to_owned()));
    assert_eq!(ResponseBody::of(b""), None);
    assert_eq!(ResponseBody::of("ünïcode".as_bytes()), text("ünïcode"));
    assert_eq!(ResponseBody::of(&"aü".as_bytes()[..2]), text("a"), "a character is cut off");
    assert_eq!(ResponseBody::of(b"\xff\x00"), Some(ResponseBody::Base64("/wA=".to_owned())));
}
