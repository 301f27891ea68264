//! The code of `docs/verifying.md` accepts Callhook's requests and refuses all others. Needs no cloud.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail it")]

use callhook::domain::compose::Composer;
use callhook::domain::report::{DefaultPayload, Report};
use callhook::domain::request::{ReportView, WEBHOOK_URL_SIGNATURE, WebhookRequest};
use callhook::domain::webhook::{Rotation, Webhook};
use callhook::testing::NewWebhook;
use callhook_tests::verify::{Signed, Verifier, documented};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const FIRST: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const SECOND: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const DOCUMENTED: [Verifier; 2] = [Verifier::DocumentedPython, Verifier::DocumentedJavaScript];

/// A webhook that was created an hour ago with the first secret, and has been rotated to the second since.
fn rotated(more: &Value) -> Webhook {
    let settings = NewWebhook::new("https://a.example/").with("secret", FIRST).with_all(more);
    let now = Timestamp::now() - SignedDuration::from_hours(1);
    let rotation = Rotation::from_request(json!({"secret": SECOND}).as_object().unwrap()).unwrap();
    settings.build(now).rotated(&rotation, now).unwrap().unwrap()
}

/// A request that the webhook sent this long ago, for a receiver that knows `secret`.
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
fn requests_verify_with_either_secret_and_altered_ones_do_not() {
    let template = json!({"id": "{{id}}", "n": "7"});
    let webhooks = [
        json!({}),
        json!({"method": "GET"}),
        json!({"body": {"format": "form", "template": template}}),
        json!({"body": {"format": "multipart", "template": template}}),
    ];
    let webhooks = webhooks.map(|settings| rotated(&settings));
    let pairs = webhooks.iter().flat_map(|webhook| [(webhook, FIRST), (webhook, SECOND)]);
    let valid = pairs.map(|(webhook, secret)| request(webhook, secret, NOW));
    let valid: Vec<_> = valid.map(|signed| Signed { line: None, ..signed }).collect();
    let mut invalid: Vec<_> = valid.iter().flat_map(Signed::flipped).collect();
    let stranger = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    invalid.push(Signed { secret: stranger.to_owned(), ..valid[0].clone() });
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        let mut unsigned = valid[0].clone();
        unsigned.headers.remove(name);
        invalid.push(unsigned);
        for nonsense in ["", "x", "v1,", "v1", "ü", &"9".repeat(5_000), "-1", " "] {
            let mut wrong = valid[0].clone();
            wrong.headers.insert(name.to_owned(), nonsense.into());
            invalid.push(wrong);
        }
    }
    for verifier in DOCUMENTED {
        assert_eq!(verifier.accepts(&valid), vec![true; 8], "{verifier:?}");
        assert_eq!(verifier.accepts(&invalid), vec![false; invalid.len()], "{verifier:?}");
    }
    assert_eq!(invalid.len(), 3 * 8 + 6 + 1 + 3 * 9, "a GET has no body to alter");
}

#[test]
fn urls_with_content_are_verified() {
    let webhooks = [
        json!({"method": "GET", "url": "https://a.example/hook?to={{to}}&id={{id}}"}),
        json!({"url": "https://a.example:8443/{{to}}/%key%", "secrets": {"key": "k/1"}}),
    ];
    let webhooks = webhooks.map(|settings| rotated(&settings));
    let pairs = webhooks.iter().flat_map(|webhook| [(webhook, FIRST), (webhook, SECOND)]);
    let valid: Vec<_> = pairs.map(|(webhook, secret)| request(webhook, secret, NOW)).collect();
    assert!(valid.iter().all(|signed| signed.line.is_some()));
    let altered = |signed: &Signed| {
        let Some([method, url]) = signed.line.clone() else { panic!("{signed:?}") };
        let lines = [
            [method.clone(), url.replace("918867130000", "918867130001")],
            [method.clone(), format!("{url}&a=b")],
            [method, url.replace("a.example", "b.example")],
            ["PUT".to_owned(), url],
        ];
        lines.map(|line| Signed { line: Some(line), ..signed.clone() })
    };
    let mut invalid: Vec<_> = valid.iter().flat_map(altered).collect();
    for name in ["webhook-id", "webhook-timestamp", "webhook-url-signature"] {
        let mut unsigned = valid[0].clone();
        unsigned.headers.remove(name);
        invalid.push(unsigned);
    }
    let mut with_body_signature = valid[0].clone();
    with_body_signature.headers.insert(
        "webhook-url-signature".to_owned(),
        with_body_signature.headers["webhook-signature"].clone(),
    );
    invalid.push(with_body_signature);
    for verifier in DOCUMENTED {
        assert_eq!(verifier.accepts(&valid), vec![true; 4], "{verifier:?}");
        assert_eq!(verifier.accepts(&invalid), vec![false; invalid.len()], "{verifier:?}");
    }
}

#[test]
fn requests_outside_the_five_minute_window_are_refused() {
    let webhook = rotated(&json!({}));
    // Half a minute from either bound: the verifiers read the clock later.
    let ages = [-330, -270, 0, 270, 330].map(SignedDuration::from_secs);
    let requests = ages.map(|ago| request(&webhook, SECOND, ago));
    for verifier in DOCUMENTED {
        let verdicts = verifier.accepts(&requests);
        assert_eq!(verdicts, [false, true, true, true, false], "{verifier:?}");
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
