use serde_json::{Value, json};

use super::*;
use crate::domain::verification::Challenge;
use crate::domain::webhook::VerificationToken;
use crate::domain::webhook::testing::NewWebhook;

const ID: &str = "0178b776-1ef8-8b84-b3cc-9e478dccfe28";

fn webhook(settings: &Value) -> Webhook {
    NewWebhook::new("https://a.example/")
        .with("secret", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")
        .with_all(settings)
        .build(Timestamp::UNIX_EPOCH)
}

fn now() -> Timestamp {
    Timestamp::from_second(1_617_965_859).unwrap()
}

fn report() -> Report {
    Report::parse(r#"{"to": 918867130000, "variables": {"Name": "Asha & Co"}}"#).unwrap()
}

fn compiled(webhook: &Webhook) -> Composer {
    Composer::compile(&webhook.settings.request, &webhook.secrets.names()).unwrap()
}

const UTC: &TimeZone = &TimeZone::UTC;

fn view(report: &Report) -> ReportView<'_> {
    ReportView { id: ID.parse().unwrap(), report, zone: UTC }
}

fn request(settings: &Value) -> WebhookRequest {
    let (webhook, report) = (webhook(settings), report());
    let payload = DefaultPayload::new(&report, now());
    WebhookRequest::render(&webhook, &compiled(&webhook), view(&report), now(), || &payload)
        .unwrap()
}

#[test]
fn content_in_a_url_is_signed() {
    // Computed by the Python code of docs/verifying.md.
    for (settings, signature) in [
        (
            json!({"method": "GET", "url": "https://u:p@a.example/hook?to={{to}}&name={{variables.Name}}"}),
            "v1,LeSF7/uSSF3MRLJI6LbficHnkvvEbSXM3r1oZT4+pS8=",
        ),
        (
            json!({"url": "HTTPS://Bücher.example:8443/{{to}}?k=%key%", "secrets": {"key": "k/1"}}),
            "v1,V+zEiqyyOuA83GMjKvp2WHnanMZvHSfPA1ucecRgqSA=",
        ),
    ] {
        let request = request(&settings);
        assert_eq!(request.headers[WEBHOOK_URL_SIGNATURE], signature, "{}", request.url);
    }
    let fixed = request(&json!({"method": "GET", "url": "https://a.example/"}));
    assert!(
        fixed.headers.contains_key(WEBHOOK_URL_SIGNATURE),
        "the URL is the only content of a GET"
    );
}

#[test]
fn a_url_without_content_is_not_signed() {
    for settings in [
        json!({"url": "https://u:p@a.example/hook?a=b"}),
        json!({"method": "PUT", "url": "https://a.example/", "headers": {"X-A": "{{to}}"}}),
    ] {
        assert!(!request(&settings).headers.contains_key(WEBHOOK_URL_SIGNATURE), "{settings}");
    }
}

#[test]
fn a_verification_signs_its_url() {
    let (webhook, report) = (webhook(&json!({"url": "https://a.example/{{to}}"})), report());
    let fields = json!({"verification": {"token": "t k"}});
    let token = VerificationToken::read(&mut crate::input::fields::Fields::new(
        fields.as_object().unwrap(),
    ));
    let challenge = Challenge::generate().unwrap();
    let request = challenge
        .request(&token.unwrap(), &webhook, &compiled(&webhook), view(&report), now())
        .unwrap();
    let id = request.headers[WEBHOOK_ID].to_str().unwrap();
    let signed = "POST https://a.example/918867130000?token=t+k";
    let expected = webhook.signing.sign(id, now(), signed.as_bytes());
    assert_eq!(request.headers[WEBHOOK_URL_SIGNATURE], expected);
}
