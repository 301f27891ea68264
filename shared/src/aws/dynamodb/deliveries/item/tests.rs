use http::HeaderMap;
use http::header::SERVER;

use super::super::super::item::to_item;
use super::*;
use crate::domain::compose::Method;
use crate::domain::delivery::{
    HttpVersion, NoResponse, ReplayScope, ResponseBody, ResponseHeaders, Trigger,
};

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
        delivered: status_code == Some(200),
        response,
        evidence: None,
    };
    let headers = ResponseHeaders::of(&HeaderMap::from_iter([(SERVER, "nginx".parse().unwrap())]));
    let with_evidence = |attempt: LoggedAttempt| {
        let evidence = delivered(URL, b"no").evidence.unwrap();
        LoggedAttempt { evidence: Some(Evidence { headers: Some(headers), ..evidence }), ..attempt }
    };
    vec![
        attempt(Trigger::Automatic, Some(200), None, None),
        attempt(
            Trigger::Replay { id, only: ReplayScope::All },
            None,
            Some(NoResponse::TlsExpired),
            Some(ResponseBody::Text("no".to_owned())),
        ),
        with_evidence(attempt(
            Trigger::Resend { id: WEBHOOK.parse().unwrap() },
            Some(500),
            None,
            Some(ResponseBody::Base64("AP8=".to_owned())),
        )),
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
fn an_item_is_as_serde_writes_the_entry_and_reads_back() {
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
                // 0x57 + 0x58, the last bytes of both ids, modulo 16.
                expected.insert(UNDELIVERED_OF.to_owned(), s("ACCT#acme#15"));
                let place = format!("{}#{WEBHOOK}", entry.key.report_id);
                expected.insert(UNDELIVERED_ID.to_owned(), s(place));
            }
            let text = r#"{"id":"1","from":12345678901234567890}"#;
            expected.insert(REPORT_TEXT.to_owned(), s(text));
            assert_eq!(item, expected);

            let read = delivery_of("testing", item).unwrap();
            assert_eq!((read.entry, &*read.report), (entry, &report));
        }
    }
}

/// The attempt of a usual delivery: the first succeeds, with a usual answer.
fn delivered(url: &str, body: &[u8]) -> LoggedAttempt {
    let evidence = Evidence {
        sent_at: Timestamp::from_millisecond(1_617_965_876_336).unwrap(),
        address: Some("203.0.113.210:443".parse().unwrap()),
        http: HttpVersion::Http11,
        received: body.len() as u64,
        request: Some(SentRequest { method: Method::Post, url: url.into() }),
        headers: None,
    };
    LoggedAttempt {
        at: Timestamp::from_microsecond(1_617_965_876_377_412).unwrap(),
        number: 1,
        trigger: Trigger::Automatic,
        status_code: Some(200),
        error: None,
        latency_ms: 241,
        delivered: true,
        response: ResponseBody::of(body),
        evidence: Some(evidence),
    }
}

/// The delivery of the documented report of a finished call by `attempt`.
fn usual_delivery(attempt: LoggedAttempt, more: &str) -> (LogEntry, Report) {
    let report = format!(
        r#"{{"id":"26074c32-b316-4ffa-99d7-000000000001","bridge":918068280000,"from":918919520000,"to":918867130000,"source":"OBD","mid":"1234-1333-00001","flow_id":123,"start_at":"2021-04-09 16:27:39","end_at":"2021-04-09 16:27:55","duration":"23","status":"ANSWER"{more}}}"#
    );
    let entry = LogEntry {
        account_id: "0d5f9a3c-8b0e-4b8e-9d0a-5b8b2f7d1c11".parse().unwrap(),
        received_at: Timestamp::from_microsecond(1_617_965_876_012_345).unwrap(),
        updated_at: attempt.at,
        has_failed: false,
        replay: None,
        replay_waits_until: None,
        scheduled_attempts: 1,
        revision: 1 << 52,
        ..entry(DeliveryState::Delivered, vec![attempt])
    };
    (entry, Report::parse(&report).unwrap())
}

fn written(attempt: LoggedAttempt, more: &str) -> (usize, Option<SentRequest>) {
    let (entry, report) = usual_delivery(attempt, more);
    let item = delivery_item("testing", &entry, &report).unwrap();
    let bytes = item_bytes(&item);
    let mut read = delivery_of("testing", item).unwrap().entry;
    (bytes, read.attempts.pop().unwrap().evidence.unwrap().request)
}

const URL: &str = "https://hooks.customer.example.com/v1/telephony/calls?account=4711&source=obd";

#[test]
fn the_item_of_a_usual_delivery_costs_one_write_unit_with_its_evidence() {
    let without = LoggedAttempt { evidence: None, ..delivered(URL, br#"{"status":"ok"}"#) };
    let (entry, report) = usual_delivery(without, "");
    let before = item_bytes(&delivery_item("testing", &entry, &report).unwrap());
    let (bytes, request) = written(delivered(URL, br#"{"status":"ok"}"#), "");
    println!("{before} bytes without evidence, {bytes} with it");
    assert!(bytes <= 1_024, "{bytes}");
    assert_eq!(request.unwrap().url.as_ref(), URL);
}

#[test]
fn the_request_of_a_success_is_left_out_where_it_costs_a_write_unit() {
    let attempt = delivered(URL, b"");
    let request = attempt.evidence.as_ref().unwrap().request.clone().unwrap();
    let (with, _) = written(attempt.clone(), "");
    let without = with - request_bytes(&request);
    let mut kept = 0;
    for filler in 1..1_200 {
        let more = format!(r#","x":"{}""#, "y".repeat(filler));
        let (bytes, request) = written(attempt.clone(), &more);
        let least = without + more.len();
        assert_eq!(bytes.div_ceil(1_024), least.div_ceil(1_024), "{filler}");
        assert_eq!(request.is_none(), bytes == least, "{filler}");
        kept += usize::from(request.is_some());
    }
    assert!((900..1_199).contains(&kept), "{kept}");
}

#[test]
fn the_size_of_a_request_is_known_before_it_is_written() {
    for url in ["https://a.example/", r#"https://a.example/?"\"#, "https://•••:•••@a.example/…"]
    {
        let evidence = delivered(url, b"ok").evidence.unwrap();
        let request = evidence.request.clone().unwrap();
        let with = serde_json::to_string(&evidence).unwrap().len();
        let without = Evidence { request: None, ..evidence };
        let without = serde_json::to_string(&without).unwrap().len();
        assert_eq!(request_bytes(&request), with - without, "{url}");
    }
}

#[test]
fn the_request_of_a_failure_is_kept_at_any_cost() {
    let url = "https://a.example/".to_owned() + &"x".repeat(1_000);
    let failed = LoggedAttempt { delivered: false, status_code: Some(500), ..delivered(&url, b"") };
    assert_eq!(written(failed, "").1.unwrap().url.as_ref(), url);
    assert_eq!(written(delivered(&url, b""), "").1, None);
}
