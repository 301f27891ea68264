//! The address guard with `AllowPrivateNetworks=false`.

use callhook::testing::NewWebhook;
use callhook_tests::cloud::new_account;
use callhook_tests::receiver::Receiver;
use serde_json::{Value, json};

#[tokio::test]
#[ignore = "needs a cloud of its own: the other tests' receivers are on this machine"]
async fn every_forbidden_url_is_refused_when_saved() {
    let account = new_account().await;
    let vectors: Value = serde_json::from_str(include_str!("../vectors/addresses.json")).unwrap();
    let urls = vectors["refuse_urls"].as_array().unwrap();
    let mut refused = 0;
    for url in urls {
        // Also with https, so that http is not the reason.
        let url = url.as_str().unwrap();
        for url in [url.to_owned(), url.replace("http://", "https://")] {
            let webhook = NewWebhook::new(&url).json();
            let problem = account.api.post("/v1/webhooks", &webhook).await.expect(422);
            let errors = problem["errors"].as_array().unwrap();
            assert!(errors.iter().all(|error| error["field"] == "url"), "{url}: {problem}");
        }
        refused += 1;
    }
    println!("guard.refused: {refused} of {} URLs by the deployed API", urls.len());
    assert_eq!(refused, 53);
    assert_eq!(account.api.get("/v1/webhooks").await.expect(200)["data"], json!([]));
}

#[tokio::test]
#[ignore = "needs a cloud of its own: the other tests' receivers are on this machine"]
async fn a_receiver_on_this_machine_gets_no_request() {
    let account = new_account().await;
    let receiver = Receiver::start().await;
    let webhook = NewWebhook::new(&receiver.url("/hook")).json();
    account.api.post("/v1/webhooks", &webhook).await.expect(422);
    let id = account.webhook("https://crm.example/hook").await;
    let path = format!("/v1/webhooks/{id}");
    account.api.patch(&path, &json!({"url": receiver.url("/hook")})).await.expect(422);
    let preview = json!({"webhook": webhook});
    account.api.post("/v1/webhooks/preview", &preview).await.expect(422);
    assert_eq!(account.api.get(&path).await.expect(200)["url"], "https://crm.example/hook");
    assert!(receiver.received().is_empty(), "no request was sent");
}
