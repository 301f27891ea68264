//! Metrics of requests.

use callhook::testing::emitted;

use super::*;

#[tokio::test]
async fn each_report_is_counted_by_its_outcome() {
    let missing = "01890a5d-ac96-774b-bcce-b302099a8057";
    for (body, expected) in [
        (json!({"id": 1}), json!({"ReportsAccepted": 1})),
        (json!([{"id": 1}, {"id": 2}]), json!({"ReportsAccepted": 2})),
        (json!([{"id": 1}, {"source": 5}, 7]), json!({"ReportsAccepted": 1, "ReportsRefused": 2})),
        (json!({"id": 1, "webhook_id": missing}), json!({"ReportsRefused": 1})),
        (json!([{"id": 1}, {"id": 2, "mark": "full"}]), json!({"ReportsNotQueued": 2})),
        // A malformed request counts as one report.
        (json!([]), json!({"ReportsRefused": 1})),
        (json!(7), json!({"ReportsRefused": 1})),
    ] {
        let mut harness = Harness::with_table().await;
        harness.0.queue.refuse = Some("full");
        harness.0.metrics = Metrics::of("Callhook/callhook", "ingest", "callhook-ingest");
        emitted(&harness.0.metrics);
        harness.post(&body.to_string()).await;
        assert_eq!(emitted(&harness.0.metrics), expected, "{body}");
    }
}

#[tokio::test]
async fn each_report_of_a_refused_request_is_counted() {
    let mut harness = Harness::with_table().await;
    harness.0.metrics = Metrics::of("Callhook/callhook", "ingest", "callhook-ingest");
    emitted(&harness.0.metrics);
    let headers = [("x-account-id", "unknown")];
    let answer = harness.call(&platform(), &headers, r#"[{"id": 1}, {"id": 2}]"#).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(emitted(&harness.0.metrics), json!({"ReportsRefused": 2}));
}
