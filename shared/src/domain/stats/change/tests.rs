use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;

use super::*;
use crate::domain::account::Retention;
use crate::domain::delivery::{
    Attempt, DeliveryKey, DeliveryUpdate, NoResponse, ReplayScope, SkipReason, Trigger,
};
use crate::domain::ids::{ReplayId, ReportId, ResendId, WebhookId};
use crate::domain::report::Report;

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn at() -> Timestamp {
    time("2026-11-22T22:10:00Z")
}

fn update(
    trigger: Trigger,
    number: u32,
    code: Option<u16>,
    state: DeliveryState,
) -> DeliveryUpdate {
    let attempt = code.map(|code| Attempt {
        result: if code == 0 { Err(NoResponse::Timeout) } else { Ok(code) },
        latency: Duration::from_millis(40),
        body: Bytes::new(),
        is_cut: false,
        retry_after: None,
        evidence: None,
    });
    let account_id: crate::domain::account::AccountId = "acme".parse().unwrap();
    let report = Arc::new(Report::parse(r#"{"id": 1}"#).unwrap());
    DeliveryUpdate {
        key: DeliveryKey {
            webhook_id: "01890a5d-ac96-774b-bcce-b302099a8057".parse::<WebhookId>().unwrap(),
            report_id: ReportId::derive(&account_id, &report, None, at()),
        },
        account_id,
        received_at: at(),
        report,
        trigger,
        number,
        attempt,
        state,
        at: at(),
        retention: Retention::default(),
    }
}

fn retrying() -> DeliveryState {
    DeliveryState::Retrying { next_attempt_at: at() }
}

fn failed() -> DeliveryState {
    DeliveryState::Failed { reason: "no attempt is left".to_owned() }
}

fn skipped(reason: SkipReason) -> DeliveryState {
    DeliveryState::Skipped { reason }
}

/// The changes that updates make, one after the other.
fn changes(updates: &[DeliveryUpdate]) -> Vec<LogChange> {
    let mut before = None;
    let mut changes = Vec::new();
    for (sequence, update) in updates.iter().enumerate() {
        let after = LogEntry::after(before.clone(), update);
        let position = ChangePosition { part: 3, sequence: sequence.to_string().parse().unwrap() };
        changes.push(LogChange { position, before, after: after.clone() });
        before = Some(after);
    }
    changes
}

/// (delivered, failed, skipped, attempts, `failed_attempts`) of the last change that updates make.
fn last(updates: &[DeliveryUpdate]) -> (u64, u64, u64, u64, u64) {
    let counts = changes(updates).pop().unwrap().counts();
    let counts = counts.get(&Hour::of(at())).copied().unwrap_or_default();
    let HourlyCounts { delivered, failed, skipped, attempts, failed_attempts, latency } = counts;
    assert_eq!(latency.classes().map(|(_, count)| count).sum::<u64>(), attempts);
    (delivered, failed, skipped, attempts, failed_attempts)
}

#[test]
fn a_schedule_adds_every_attempt_and_its_end() {
    let first = update(Trigger::Automatic, 1, Some(503), retrying());
    let mut second = update(Trigger::Automatic, 2, Some(0), retrying());
    second.at = time("2026-11-22T22:20:00Z");
    let mut delivered = update(Trigger::Automatic, 3, Some(200), DeliveryState::Delivered);
    delivered.at = time("2026-11-22T22:30:00Z");
    assert_eq!(last(std::slice::from_ref(&first)), (0, 0, 0, 1, 1));
    assert_eq!(last(&[first.clone(), second.clone()]), (0, 0, 0, 1, 1));
    assert_eq!(last(&[first.clone(), second.clone(), delivered]), (1, 0, 0, 1, 0));
    let mut end = update(Trigger::Automatic, 3, Some(500), failed());
    end.at = time("2026-11-22T23:00:00Z");
    let counts = changes(&[first, second, end]).pop().unwrap().counts();
    let found: Vec<_> = counts.iter().map(|(h, c)| (h.to_string(), c.failed, c.attempts)).collect();
    assert_eq!(found, [("2026-11-22T23".to_owned(), 1, 1)]);
}

#[test]
fn deferrals_add_nothing() {
    let pending = DeliveryState::Pending { next_attempt_at: at() };
    assert_eq!(last(&[update(Trigger::Automatic, 1, None, pending)]), (0, 0, 0, 0, 0));
    let first = update(Trigger::Automatic, 1, Some(503), retrying());
    assert_eq!(last(&[first, update(Trigger::Automatic, 2, None, retrying())]), (0, 0, 0, 0, 0));
}

#[test]
fn skipped_deliveries_count_unless_the_webhook_may_be_another_accounts() {
    let end = |reason| update(Trigger::Automatic, 1, None, skipped(reason));
    assert_eq!(last(&[end(SkipReason::WebhookInactive)]), (0, 0, 1, 0, 0));
    assert_eq!(last(&[end(SkipReason::WebhookDeleted)]), (0, 0, 0, 0, 0));
}

#[test]
fn resends_and_replays_count_again() {
    let end = update(Trigger::Automatic, 1, Some(500), failed());
    let delivered = update(Trigger::Automatic, 1, Some(200), DeliveryState::Delivered);
    let resend =
        |code, state| update(Trigger::Resend { id: ResendId::generate() }, 1, Some(code), state);
    assert_eq!(last(&[end.clone(), resend(500, failed())]), (0, 0, 0, 1, 1), "it ends nothing");
    assert_eq!(last(&[end.clone(), resend(200, DeliveryState::Delivered)]), (1, 0, 0, 1, 0));
    assert_eq!(last(&[delivered.clone(), resend(200, DeliveryState::Delivered)]), (1, 0, 0, 1, 0));
    assert_eq!(
        last(&[delivered.clone(), resend(500, failed())]),
        (0, 0, 0, 1, 1),
        "the state stays"
    );

    let replay = |code, state| {
        let trigger = Trigger::Replay { id: ReplayId::generate(), only: ReplayScope::All };
        update(trigger, 1, code, state)
    };
    assert_eq!(last(&[end.clone(), replay(Some(500), failed())]), (0, 1, 0, 1, 1));
    assert_eq!(last(&[end, replay(None, failed())]), (0, 1, 0, 0, 0), "it was not rendered");
    assert_eq!(last(&[delivered, replay(Some(200), DeliveryState::Delivered)]), (1, 0, 0, 1, 0));
}

#[test]
fn an_unchanged_entry_adds_nothing() {
    let [change] = &mut changes(&[update(Trigger::Automatic, 1, Some(500), failed())])[..] else {
        panic!("one change");
    };
    change.before = Some(change.after.clone());
    assert_eq!(change.counts(), BTreeMap::new());
}

#[test]
fn sequence_numbers_have_an_order() {
    let number = |text: &str| text.parse::<Sequence>();
    assert!(number("9").unwrap() < number("10").unwrap());
    let longest = "9".repeat(40);
    assert_eq!(number(&longest).unwrap().to_string(), longest);
    assert_eq!(number("7").unwrap().to_string().len(), 40);
    for wrong in ["", "x", "-1", "1.5", &"1".repeat(41)] {
        assert_eq!(number(wrong), Err(InvalidSequence), "{wrong}");
    }
}
