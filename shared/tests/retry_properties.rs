//! Properties of retry waits that hold for every `Retry-After` of a receiver.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail it")]

use std::time::{Duration, SystemTime};

use callhook::domain::retry::RetrySchedule;
use callhook::domain::retry_after::RetryAfter;
use proptest::prelude::*;
use serde_json::json;

/// Values of the header: any bytes, digits, malformed dates, and valid dates.
fn header() -> impl Strategy<Value = Vec<u8>> {
    let real = (0_u64..253_402_300_800).prop_map(|seconds| {
        httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).into_bytes()
    });
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..64),
        "[ -+]?[0-9]{0,40}".prop_map(String::into_bytes),
        "(Mon|Tue|Sun|Monday|Sunday)?,? ?[0-9]{1,2}[ -](Jan|Feb|Nov)[ -][0-9]{2,4} [0-9:]{8} (GMT)?"
            .prop_map(String::into_bytes),
        "(Sun|Mon) (Nov|Feb) [ 0-9]{2} [0-9:]{8} [0-9]{4}".prop_map(String::into_bytes),
        real,
    ]
}

fn waits() -> impl Strategy<Value = Vec<u32>> {
    let wait = prop_oneof![1_u32..7_200, 1..=RetrySchedule::MAX_SECONDS];
    proptest::collection::vec(wait, 0..=RetrySchedule::MAX_ENTRIES)
}

proptest! {
    #[test]
    fn any_header_is_parsed_within_the_limit(value in header(), at in 0_u64..253_402_300_800) {
        let received_at = SystemTime::UNIX_EPOCH + Duration::from_secs(at);
        if let Some(asked) = RetryAfter::parse(&value) {
            prop_assert!(asked.since(received_at) <= RetryAfter::MAX);
        }
    }

    #[test]
    fn a_date_is_a_delay_from_the_response(at in 0_u64..4_102_444_800, delay in 0_u64..=1_209_600) {
        let time = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let header = httpdate::fmt_http_date(time(at + delay));
        let asked = RetryAfter::parse(header.as_bytes()).unwrap();
        prop_assert_eq!(asked.since(time(at)), Duration::from_secs(delay));
    }

    #[test]
    fn a_wait_stays_within_its_bounds(
        waits in waits(),
        attempts in 0_u32..15,
        asked in proptest::option::of(prop_oneof![0_u64..10_000, any::<u64>()]),
    ) {
        let schedule = RetrySchedule::parse(&json!({ "schedule": waits })).unwrap();
        let asked = asked.map(Duration::from_secs);
        let wait = schedule.wait_after(attempts, asked);
        let scheduled = attempts.checked_sub(1).and_then(|n| waits.get(n as usize));
        let Some(scheduled) = scheduled else {
            prop_assert_eq!(wait, None);
            return Ok(());
        };
        let (wait, scheduled) = (wait.unwrap(), Duration::from_secs(u64::from(*scheduled)));
        let longest = (scheduled * 2).max(Duration::from_hours(1));
        prop_assert!(wait >= scheduled.mul_f64(0.8) && wait <= longest, "{wait:?}");
        match asked {
            Some(asked) => prop_assert!(wait >= asked.min(longest), "{wait:?} for {asked:?}"),
            None => prop_assert!(wait <= scheduled.mul_f64(1.2), "{wait:?}"),
        }
    }
}
