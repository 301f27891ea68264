//! Contents of reports: corrections, invalid times, and bodies that are not reports.

use super::*;

#[tokio::test]
async fn a_correction_is_another_report_and_a_repetition_has_the_same_id() {
    let harness = Harness::new(unreachable_config_table());
    let busy = json!({"id": "c-1", "start_at": "2021-04-09 16:27:39", "status": "BUSY"});
    let mut answered = busy.clone();
    answered["status"] = json!("ANSWER");
    let mut again = busy.clone();
    again["date"] = json!("2021-04-09 16:28:41");
    again["unixtime"] = json!(1_617_985_721);
    let mut ids = Vec::new();
    for report in [&busy, &answered, &again] {
        ids.push(harness.post(&report.to_string()).await.json()["id"].clone());
    }
    assert_ne!(ids[0], ids[1], "a correction is another report");
    assert_eq!(ids[0], ids[2], "the same report, sent later");
    let array = harness.post(&json!([busy, answered]).to_string()).await.json();
    assert_eq!([&array["reports"][0]["id"], &array["reports"][1]["id"]], [&ids[0], &ids[1]]);
}

#[tokio::test]
async fn an_invalid_time_is_passed_on_with_a_warning() {
    let harness = Harness::new(unreachable_config_table());
    let never = r#"{"id":1,"start_at":"2021-04-09 16:27:39","end_at":"0000-00-00 00:00:00"}"#;
    let answer = harness.post(never).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    let warning = json!({
        "field": "end_at",
        "message": "is not a date and time such as 2021-04-09 16:27:39; it is passed on as it came \
                    and counts as absent",
    });
    let (messages, ids) = harness.queued();
    assert_eq!(answer.json(), json!({"id": ids[0], "warnings": [warning]}));
    assert_eq!(serde_json::to_string(&messages[0].reports[0].report).unwrap(), never);
    assert!(ids[0].starts_with("0178b775"), "derived from the start of the call: {}", ids[0]);

    let good = r#"{"id":1,"end_at":"9999-12-31 23:59:59"}"#;
    let answer = harness.post(&format!("[{never},{good},{{\"source\":1}}]")).await;
    assert_eq!(answer.status, StatusCode::MULTI_STATUS);
    let reports = &answer.json()["reports"];
    assert_eq!(reports[0], json!({"index": 0, "id": ids[0], "warnings": [warning]}));
    assert_eq!(reports[1], json!({"index": 1, "id": reports[1]["id"]}));
    assert_eq!(
        harness.post(good).await.json()["id"],
        reports[1]["id"],
        "the id is the same each time"
    );
    let texts = ["2021-02-30 10:00:00", "25:00:00", "", "never"].map(|text| json!(text));
    // Some engines write these for a null.
    for invalid in texts.into_iter().chain([json!(0), json!(1_617_965_859), json!(false)]) {
        let answer = harness.post(&json!({"start_at": invalid, "end_at": null}).to_string()).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{invalid}");
        assert_eq!(answer.json()["warnings"].as_array().unwrap().len(), 2, "{invalid}");
    }
}

#[tokio::test]
async fn a_report_without_call_fields_is_refused_alone_and_in_an_array() {
    let harness = Harness::new(unreachable_config_table());
    for (body, hint) in [
        ("{}", "it is empty; send at least one of `bridge`, `from`, `to`"),
        (r#"{"reports": [{"to": 1}]}"#, "did you mean to send the list in `reports` itself?"),
        (r#"{"custom": 1, "to": null}"#, "only `custom`, `to`; send at least one of"),
        (r#"{"webhook_id": "01890a5d-ac96-774b-bcce-b302099a8057"}"#, "only `webhook_id`; send"),
    ] {
        let alone = harness.post(body).await;
        assert_eq!(alone.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert!(alone.json()["detail"].as_str().unwrap().contains(hint), "{}", alone.body);
        let beside = harness.post(&format!("[{body}, {{\"to\": 1}}]")).await;
        assert_eq!(beside.status, StatusCode::MULTI_STATUS, "{body}");
        let refused = &beside.json()["reports"][0]["error"];
        assert_eq!(refused["status"], 422);
        assert!(refused["detail"].as_str().unwrap().contains(hint), "{refused}");
    }
    assert_eq!(harness.queued().1.len(), 4, "the valid reports are queued");
}

#[tokio::test]
async fn an_unreadable_body_is_named_with_what_to_send() {
    let harness = Harness::new(unreachable_config_table());
    let acme = account("acme");
    for (content_type, body, expected) in [
        ("application/json", "", "The body is empty; send a report as a JSON object, or an array"),
        ("application/x-www-form-urlencoded", "to=918867130000&status=BUSY", "is a form"),
        ("multipart/form-data; boundary=x", "--x\r\n\r\n", "is multipart"),
        (
            "application/json",
            "{\"to\": 91886713XXXX,\n}",
            "line 1 column 16; write a masked number",
        ),
        ("application/json", "{\"to\": 1,\n}", "line 2 column 1; remove the comma"),
        (
            "application/json",
            "\n [{\"to\": 1},\n {\"to\": 91886713XXXX}]",
            "line 3 column 17; write a masked",
        ),
        ("application/json", "\u{feff}{\"to\": 1}", "begins with a byte order mark"),
        ("application/json", "{'to': 918867130000}", "line 1 column 2; write names and strings in"),
        ("application/json", "{\"to\": 1}\n{\"to\": 2}", "line 2 column 1; send several values"),
        ("application/json", "eyJ0byI6IDkxODg2NzEzMDAwMH0=", "is base64"),
        ("application/json", r#""{\"to\": 1}""#, "not a string; it is JSON within a string"),
    ] {
        let answer = harness.call(&acme, &[("content-type", content_type)], body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(expected), "{body}: {detail}");
        assert!(!detail.contains("918867130000") && !detail.contains("91886713X"), "{detail}");
    }
    let curl = [("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(harness.call(&acme, &curl, "{\"to\": 1}").await.status, StatusCode::ACCEPTED);
}
