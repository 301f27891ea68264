//! Parses arbitrary `Retry-After` headers at any time of receipt. No input panics, and waits stay within their bounds.
//!
//! The input is the time of receipt in seconds (four bytes, big-endian), then the header's value.

#![no_main]

use std::time::{Duration, SystemTime};

use callhook::domain::retry::RetrySchedule;
use callhook::domain::retry_after::RetryAfter;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((seconds, value)) = data.split_first_chunk::<4>() else { return };
    let seconds = u64::from(u32::from_be_bytes(*seconds));
    let received_at = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    let asked = RetryAfter::parse(value).map(|asked| asked.since(received_at));
    assert!(asked.is_none_or(|asked| asked <= RetryAfter::MAX));
    let schedule = RetrySchedule::default();
    let mut attempts = 0;
    while let Some(wait) = schedule.wait_after(attempts + 1, asked) {
        attempts += 1;
        // The longest wait of the default schedule is a day.
        assert!(wait <= Duration::from_hours(48));
    }
    assert_eq!(attempts, 9, "`Retry-After` does not change the number of attempts");
});
