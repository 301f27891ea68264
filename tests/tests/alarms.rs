//! The alarms of the stack, and their notifications.

#![allow(clippy::expect_used, reason = "the helpers of a test fail it")]

use callhook_tests::operator::{query, subscribe_to_alerts};
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::{SOON, until};
use serde_json::Value;

/// The name of the stack that the tests run on.
const STACK: &str = "callhook";
/// All alarms but those on metric math and queries, which the local cloud does not support.
const ALARMS: usize = 39;

#[tokio::test]
async fn the_stack_has_its_alarms() {
    let alarms = cloudwatch("DescribeAlarms", &[("MaxRecords", "100")]).await;
    assert_eq!(alarms.matches(&format!("<AlarmName>{STACK}-")).count(), ALARMS, "{alarms}");
    for alarm in ["DeadLetters", "IngestErrors", "DeliverDuration", "CircuitsOpened"] {
        let name = format!("<AlarmName>{STACK}-{alarm}</AlarmName>");
        assert!(alarms.contains(&name), "{alarm}: {alarms}");
    }
}

#[tokio::test]
async fn an_alarm_notifies_the_operator_with_a_link_to_its_runbook() {
    let receiver = Receiver::start().await;
    subscribe_to_alerts(&receiver, "/alerts").await;
    // Far above any count of the tests.
    let data = [
        ("Namespace", "Callhook/callhook"),
        ("MetricData.member.1.MetricName", "CircuitsOpened"),
        ("MetricData.member.1.Value", "1000"),
        ("MetricData.member.1.Dimensions.member.1.Name", "service"),
        ("MetricData.member.1.Dimensions.member.1.Value", "deliver"),
    ];
    cloudwatch("PutMetricData", &data).await;
    let alarm = until(SOON, "alarm", async || {
        receiver.received_at("/alerts").into_iter().find_map(|request| {
            let posted: Value = serde_json::from_str(&request.body).ok()?;
            let alarm: Value = serde_json::from_str(posted["Message"].as_str()?).ok()?;
            (alarm["AlarmName"] == format!("{STACK}-CircuitsOpened")).then_some(alarm)
        })
    })
    .await;
    assert_eq!(alarm["NewStateValue"], "ALARM", "{alarm}");
    let description = alarm["AlarmDescription"].as_str().unwrap();
    assert!(description.ends_with("docs/operations.md#alarm-circuitsopened"), "{description}");
}

async fn cloudwatch(action: &str, parameters: &[(&str, &str)]) -> String {
    query("monitoring", "2010-08-01", action, parameters).await
}
