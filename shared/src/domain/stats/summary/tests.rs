use super::*;
use jiff::Timestamp;
use serde_json::json;

#[test]
fn a_rate_has_four_decimals_and_is_1_only_without_failures() {
    for (delivered, failed, rate) in [
        (0, 0, None),
        (5, 0, Some(1.0)),
        (0, 5, Some(0.0)),
        (2, 1, Some(0.6666)),
        (999_999, 1, Some(0.9999)),
    ] {
        assert_eq!(Outcomes { delivered, failed }.success_rate(), rate, "{delivered} {failed}");
    }
}

#[test]
fn a_day_has_24_hours_with_the_oldest_first() {
    let now: Timestamp = "2026-11-22T23:30:00Z".parse().unwrap();
    let hours = Hours::day_until(now);
    let counted = [
        ("2026-11-22T00", Outcomes { delivered: 3, failed: 1 }),
        ("2026-11-22T23", Outcomes { delivered: 1, failed: 0 }),
    ];
    let counted = counted.map(|(hour, outcomes)| (hour.parse().unwrap(), outcomes)).into();
    let shown = serde_json::to_value(Summary::new(hours, &counted)).unwrap();
    assert_eq!(shown["first_hour"], "2026-11-22T00:00:00Z");
    let totals = ["delivered", "failed", "success_rate"].map(|name| shown[name].clone());
    assert_eq!(totals, [json!(4), json!(1), json!(0.8)]);
    let mut rates = vec![json!(null); 24];
    (rates[0], rates[23]) = (json!(0.75), json!(1.0));
    assert_eq!(shown["hourly"]["success_rate"], json!(rates));
    let mut delivered = vec![0; 24];
    (delivered[0], delivered[23]) = (3, 1);
    assert_eq!(shown["hourly"]["delivered"], json!(delivered));
    assert_eq!(shown["hourly"]["failed"][0], 1);
}
