use super::*;
use serde_json::json;

#[test]
fn delays_follow_the_schedule_within_a_fifth() {
    let schedule = RetrySchedule::default();
    for (attempts, seconds) in (1..).zip(RetrySchedule::DEFAULT) {
        for _ in 0..100 {
            let wait = schedule.wait_after(attempts, None).unwrap().as_secs_f64();
            let seconds = f64::from(seconds);
            assert!((seconds * 0.8..=seconds * 1.2).contains(&wait), "{attempts}: {wait}");
        }
    }
    assert_eq!(schedule.wait_after(10, None), None, "ten attempts, then none");
    assert_eq!(schedule.wait_after(0, None), None, "nothing was tried yet");
}

#[test]
fn retry_after_is_capped_at_twice_the_delay_or_an_hour() {
    let schedule = RetrySchedule::default();
    let wait = |attempts, seconds| {
        let asked = Some(Duration::from_secs(seconds));
        schedule.wait_after(attempts, asked).unwrap().as_secs_f64()
    };
    assert!((4.0..=6.0).contains(&wait(1, 0)), "zero changes nothing");
    assert!((4.0..=6.0).contains(&wait(1, 3)), "the schedule's delay is longer");
    assert!((600.0..=720.0).contains(&wait(1, 600)), "the requested delay, spread upwards");
    assert!((3_600.0..=3_600.0).contains(&wait(1, 86_400)), "at most an hour after 5 s");
    assert!((14_400.0..=14_400.0).contains(&wait(4, 86_400)), "at most 4 hours after 2 hours");
    let none = schedule.wait_after(10, Some(Duration::from_secs(1)));
    assert_eq!(none, None, "no attempt is left");
}

#[test]
fn an_empty_schedule_means_one_attempt() {
    let schedule = RetrySchedule::parse(&json!({"schedule": []})).unwrap();
    assert_eq!(schedule.wait_after(1, None), None);
}

#[test]
fn a_schedule_is_bounded() {
    let parse = |entries: Value| RetrySchedule::parse(&json!({ "schedule": entries }));
    assert!(parse(json!([1, 604_800])).is_ok());
    assert_eq!(parse(json!([1, 0])), Err(InvalidSchedule::Entry(1)));
    assert_eq!(parse(json!([604_801])), Err(InvalidSchedule::Entry(0)));
    assert_eq!(parse(json!([1.5])), Err(InvalidSchedule::Entry(0)));
    assert_eq!(parse(json!(vec![1; 13])), Err(InvalidSchedule::TooLong(13)));
    assert_eq!(parse(json!("5")), Err(InvalidSchedule::Shape));
    let extra = json!({"schedule": [], "jitter": 1});
    assert_eq!(RetrySchedule::parse(&extra), Err(InvalidSchedule::Shape));
}

#[test]
fn a_schedule_reads_back_what_it_writes() {
    let schedule = RetrySchedule::default();
    assert_eq!(RetrySchedule::parse(&schedule.to_json()), Ok(schedule));
}
