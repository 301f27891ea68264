//! What `docs/verifying.md` shows takes Callhook's requests, and nothing else. It needs no cloud.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail it")]

use callhook::compose::Composer;
use callhook::report::{DefaultPayload, Report};
use callhook::request::{ReportView, WEBHOOK_URL_SIGNATURE, WebhookRequest};
use callhook::testing::NewWebhook;
use callhook::webhook::{Rotation, Webhook, WebhookDraft};
use callhook_tests::verify::{Signed, Verifier, documented};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const FIRST: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const SECOND: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const DOCUMENTED: [Verifier; 2] = [Verifier::DocumentedPython, Verifier::DocumentedJavaScript];

/// A webhook whose secret was the first for the last hour, and is the second now.
fn rotated(more: &Value) -> Webhook {
    let settings = NewWebhook::new("https://a.example/").with("secret", FIRST).with_all(more);
    let now = Timestamp::now() - SignedDuration::from_hours(1);
    let draft = WebhookDraft::create(settings.fields(), now).unwrap();
    let rotation = Rotation::from_request(json!({"secret": SECOND}).as_object().unwrap()).unwrap();
    Webhook::new(draft, now).rotated(&rotation, now).unwrap().unwrap()
}

/// Its request, made so long ago, for a receiver that knows `secret`.
fn request(webhook: &Webhook, secret: &str, ago: SignedDuration) -> Signed {
    let report = Report::parse(r#"{"id": "ü", "to": 918867130000, "source": "OBD"}"#).unwrap();
    let id = "0178b776-1ef8-8b84-b3cc-9e478dccfe28".parse().unwrap();
    let view = ReportView { id, report: &report, zone: &TimeZone::UTC };
    let now = Timestamp::now() - ago;
    let payload = DefaultPayload::new(&report, now);
    let composer = Composer::compile(&webhook.settings.request, &webhook.secrets.names()).unwrap();
    let request = WebhookRequest::render(webhook, &composer, view, now, || &payload).unwrap();
    let headers = request.headers.iter();
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().into()));
    let body = request.body.as_deref().unwrap_or_default();
    let body = String::from_utf8(body.to_vec()).unwrap();
    let line = request.headers.contains_key(WEBHOOK_URL_SIGNATURE);
    let line = line.then(|| [request.method.to_string(), request.url.to_string()]);
    Signed { secret: secret.to_owned(), headers: headers.collect(), body, line }
}

const NOW: SignedDuration = SignedDuration::ZERO;

#[test]
fn real_requests_are_taken_with_either_secret_and_nothing_else_is() {
    let template = json!({"id": "{{id}}", "n": "7"});
    let webhooks = [
        json!({}),
        json!({"method": "GET"}),
        json!({"body": {"format": "form", "template": template}}),
        json!({"body": {"format": "multipart", "template": template}}),
    ];
    let webhooks = webhooks.map(|settings| rotated(&settings));
    let pairs = webhooks.iter().flat_map(|webhook| [(webhook, FIRST), (webhook, SECOND)]);
    let good = pairs.map(|(webhook, secret)| request(webhook, secret, NOW));
    let good: Vec<_> = good.map(|signed| Signed { line: None, ..signed }).collect();
    let mut bad: Vec<_> = good.iter().flat_map(Signed::flipped).collect();
    let stranger = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    bad.push(Signed { secret: stranger.to_owned(), ..good[0].clone() });
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        let mut without = good[0].clone();
        without.headers.remove(name);
        bad.push(without);
        for nonsense in ["", "x", "v1,", "v1", "ü", &"9".repeat(5_000), "-1", " "] {
            let mut wrong = good[0].clone();
            wrong.headers.insert(name.to_owned(), nonsense.into());
            bad.push(wrong);
        }
    }
    for verifier in DOCUMENTED {
        assert_eq!(verifier.takes(&good), vec![true; 8], "{verifier:?}");
        assert_eq!(verifier.takes(&bad), vec![false; bad.len()], "{verifier:?}");
    }
    assert_eq!(bad.len(), 3 * 8 + 6 + 1 + 3 * 9, "a GET has no body to change");
}

#[test]
fn the_url_of_a_request_with_content_there_is_verified() {
    let webhooks = [
        json!({"method": "GET", "url": "https://a.example/hook?to={{to}}&id={{id}}"}),
        json!({"url": "https://a.example:8443/{{to}}/%key%", "secrets": {"key": "k/1"}}),
    ];
    let webhooks = webhooks.map(|settings| rotated(&settings));
    let pairs = webhooks.iter().flat_map(|webhook| [(webhook, FIRST), (webhook, SECOND)]);
    let good: Vec<_> = pairs.map(|(webhook, secret)| request(webhook, secret, NOW)).collect();
    assert!(good.iter().all(|signed| signed.line.is_some()));
    let changed = |signed: &Signed| {
        let Some([method, url]) = signed.line.clone() else { panic!("{signed:?}") };
        let lines = [
            [method.clone(), url.replace("918867130000", "918867130001")],
            [method.clone(), format!("{url}&a=b")],
            [method, url.replace("a.example", "b.example")],
            ["PUT".to_owned(), url],
        ];
        lines.map(|line| Signed { line: Some(line), ..signed.clone() })
    };
    let mut bad: Vec<_> = good.iter().flat_map(changed).collect();
    for name in ["webhook-id", "webhook-timestamp", "webhook-url-signature"] {
        let mut without = good[0].clone();
        without.headers.remove(name);
        bad.push(without);
    }
    let mut of_the_body = good[0].clone();
    of_the_body.headers.insert(
        "webhook-url-signature".to_owned(),
        of_the_body.headers["webhook-signature"].clone(),
    );
    bad.push(of_the_body);
    for verifier in DOCUMENTED {
        assert_eq!(verifier.takes(&good), vec![true; 4], "{verifier:?}");
        assert_eq!(verifier.takes(&bad), vec![false; bad.len()], "{verifier:?}");
    }
}

#[test]
fn what_is_not_of_these_five_minutes_is_refused() {
    let webhook = rotated(&json!({}));
    // Half a minute of room on either side: the verifiers look at the clock a little later.
    let ages = [-330, -270, 0, 270, 330].map(SignedDuration::from_secs);
    let requests = ages.map(|ago| request(&webhook, SECOND, ago));
    for verifier in DOCUMENTED {
        let taken = verifier.takes(&requests);
        assert_eq!(taken, [false, true, true, true, false], "{verifier:?}");
    }
}

#[test]
fn six_languages_are_shown_and_each_compares_in_constant_time() {
    for (language, compare) in [
        ("python", "hmac.compare_digest"),
        ("js", "timingSafeEqual("),
        ("go", "hmac.Equal("),
        ("ruby", "OpenSSL.secure_compare("),
        ("php", "hash_equals("),
        ("java", "MessageDigest.isEqual("),
    ] {
        let code = documented(language);
        assert!(code.contains(compare), "{language}");
        assert!(code.contains("300") || code.contains("5*time.Minute"), "{language}");
    }
}
