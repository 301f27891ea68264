use super::super::super::item::to_item;
use super::*;
use crate::delivery::{NoResponse, ReplayScope, ResponseBody, Trigger};

const WEBHOOK: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

fn attempts() -> Vec<LoggedAttempt> {
    let id = WEBHOOK.parse().unwrap();
    let attempt = |trigger, status_code, error, response| LoggedAttempt {
        at: Timestamp::from_millisecond(1_700_000_000_123).unwrap(),
        number: 3,
        trigger,
        status_code,
        error,
        latency_ms: 17,
        taken: status_code == Some(200),
        response,
    };
    vec![
        attempt(Trigger::Automatic, Some(200), None, None),
        attempt(
            Trigger::Replay { id, only: ReplayScope::All },
            None,
            Some(NoResponse::TlsExpired),
            Some(ResponseBody::Text("no".to_owned())),
        ),
        attempt(
            Trigger::Resend { id: WEBHOOK.parse().unwrap() },
            Some(500),
            None,
            Some(ResponseBody::Base64("AP8=".to_owned())),
        ),
    ]
}

fn entry(state: DeliveryState, attempts: Vec<LoggedAttempt>) -> LogEntry {
    LogEntry {
        key: DeliveryKey {
            webhook_id: WEBHOOK.parse().unwrap(),
            report_id: "01890a5d-ac96-874b-bcce-b302099a8058".parse().unwrap(),
        },
        account_id: "acme".parse().unwrap(),
        received_at: Timestamp::from_millisecond(1_700_000_000_000).unwrap(),
        has_failed: matches!(state, DeliveryState::Failed { .. }),
        replay: matches!(state, DeliveryState::Retrying { .. }).then(|| WEBHOOK.parse().unwrap()),
        replay_waits_until: (state == DeliveryState::Delivered).then_some(Timestamp::UNIX_EPOCH),
        state,
        scheduled_attempts: 2,
        attempts,
        updated_at: Timestamp::UNIX_EPOCH,
        expires_at: 1_800_000_000,
        revision: u64::MAX,
        is_abridged: false,
    }
}

#[test]
fn an_item_is_what_serde_makes_of_the_entry_and_reads_back() {
    let next_attempt_at = Timestamp::from_millisecond(1_700_000_005_000).unwrap();
    let report = Report::parse(r#"{"id": "1", "from": 12345678901234567890}"#).unwrap();
    for state in [
        DeliveryState::Pending { next_attempt_at },
        DeliveryState::Retrying { next_attempt_at },
        DeliveryState::Delivered,
        DeliveryState::Failed { reason: "gone".to_owned() },
        DeliveryState::Skipped { reason: SkipReason::WebhookDeleted },
    ] {
        for attempts in [Vec::new(), attempts()] {
            let entry = entry(state.clone(), attempts);
            let item = delivery_item("testing", &entry, &report).unwrap();

            let stored = Stored {
                account_id: entry.account_id.clone(),
                received_at: entry.received_at,
                state: entry.state.clone(),
                scheduled_attempts: entry.scheduled_attempts,
                attempts: entry.attempts.clone(),
                has_failed: entry.has_failed,
                replay: entry.replay,
                replay_waits_until: entry.replay_waits_until,
                updated_at: entry.updated_at,
                expires_at: entry.expires_at,
                revision: entry.revision,
            };
            let pk = delivery_pk(entry.key);
            let id = entry.key.report_id.to_string();
            let mut expected = to_item("testing", pk.clone(), id, &stored).unwrap();
            if state != DeliveryState::Delivered {
                expected.insert(UNDELIVERED.to_owned(), s(pk));
            }
            let text = r#"{"id":"1","from":12345678901234567890}"#;
            expected.insert(REPORT_TEXT.to_owned(), s(text));
            assert_eq!(item, expected);

            let read = delivery_of("testing", item).unwrap();
            assert_eq!((read.entry, &*read.report), (entry, &report));
        }
    }
}
