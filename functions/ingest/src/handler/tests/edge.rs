//! Requests that the route refuses before it parses reports.

use super::*;
use callhook::domain::account::AccountStatus;
use callhook::ports::store::AccountEraser;
use jiff::Timestamp;

#[tokio::test]
async fn a_query_parameter_is_refused() {
    let harness = Harness::with_table().await;
    for query in ["webhook_id=01890a5d-ac96-774b-bcce-b302099a8057", "access_token=chk_x", "a"] {
        let path = format!("/v1/reports?{query}");
        let response =
            harness.0.handle(request(&account("acme"), "POST", &path, &[], "{\"id\": 1}")).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
        let body = String::from_utf8(response.body().to_vec()).unwrap();
        assert!(body.contains("is not a parameter of this route, which accepts none"), "{body}");
    }
    assert!(harness.0.queue.sent.lock().unwrap().is_empty());
}

#[tokio::test]
async fn reports_of_an_account_being_erased_are_refused() {
    let table = TestTables::start().await.unwrap().config();
    let request = json!({"id": "acme", "name": "Acme"});
    let acme = Account::from_request(request.as_object().unwrap(), Timestamp::UNIX_EPOCH).unwrap();
    table.create_account(&acme).await.unwrap();
    let erasing = Account { status: AccountStatus::Erasing, ..acme };
    table.begin_erasure(&erasing, Timestamp::UNIX_EPOCH).await.unwrap();
    let harness = Harness::new(table);
    let answer = harness.call(&platform(), &[("x-account-id", "acme")], "{\"id\": 1}").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);
    assert_eq!(answer.json()["type"], "urn:callhook:problem:account-erasing");
    assert!(harness.0.queue.sent.lock().unwrap().is_empty());
}
