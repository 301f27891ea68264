//! No encoding of a secret by a receiver reveals it in the redacted response.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use proptest::prelude::*;

use super::*;

/// An encoding that a receiver may apply. The flag selects a variant: letter case of hex digits, how
/// much is escaped, the alphabet.
#[derive(Debug, Clone, Copy)]
enum Encoding {
    Json(bool),
    Html(bool),
    Percent(bool),
    Form,
    Base64(bool),
    Upper,
    Lower,
}

impl Encoding {
    fn write(self, text: &str) -> String {
        match self {
            Self::Json(false) => {
                let json = serde_json::Value::from(text).to_string();
                json[1..json.len() - 1].replace('/', r"\/")
            }
            Self::Json(true) => text
                .encode_utf16()
                .map(|unit| format!("\\u{unit:04X}"))
                .collect::<Vec<_>>()
                .concat(),
            Self::Html(false) => text
                .replace('&', "&amp;")
                .replace('"', "&quot;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('\'', "&#039;"),
            Self::Html(true) => {
                text.chars().map(|c| format!("&#x{:x};", u32::from(c))).collect::<Vec<_>>().concat()
            }
            Self::Percent(false) => utf8_percent_encode(text, NON_ALPHANUMERIC).to_string(),
            Self::Percent(true) => {
                text.bytes().map(|byte| format!("%{byte:02x}")).collect::<Vec<_>>().concat()
            }
            Self::Form => {
                utf8_percent_encode(text, NON_ALPHANUMERIC).to_string().replace("%20", "+")
            }
            Self::Base64(false) => STANDARD.encode(text),
            Self::Base64(true) => URL_SAFE_NO_PAD.encode(text),
            Self::Upper => text.to_uppercase(),
            Self::Lower => text.to_lowercase(),
        }
    }
}

fn encoding() -> impl Strategy<Value = Encoding> {
    prop_oneof![
        any::<bool>().prop_map(Encoding::Json),
        any::<bool>().prop_map(Encoding::Html),
        any::<bool>().prop_map(Encoding::Percent),
        Just(Encoding::Form),
        any::<bool>().prop_map(Encoding::Base64),
    ]
}

/// The letter case is changed first: changing it after base64 would destroy the content.
fn encodings() -> impl Strategy<Value = Vec<Encoding>> {
    let case = prop_oneof![Just(None), Just(Some(Encoding::Upper)), Just(Some(Encoding::Lower))];
    (case, prop::collection::vec(encoding(), 0..=3))
        .prop_map(|(case, encodings)| case.into_iter().chain(encodings).collect())
}

fn secret() -> impl Strategy<Value = String> {
    "[ -~äöüßéÀ€🔑]{6,24}".prop_filter("blank", |secret| !secret.trim().is_empty())
}

fn needles(secret: &str) -> Vec<Needle> {
    Needle::text(secret.as_bytes(), usize::MAX).into_iter().collect()
}

/// Whether `shown` reveals `secret` when it is decoded by the usual libraries, in any order, up to
/// `depth` times.
fn reveals(shown: &str, secret: &str, depth: usize) -> bool {
    if shown.to_lowercase().contains(&secret.to_lowercase()) {
        return true;
    }
    let Some(depth) = depth.checked_sub(1) else { return false };
    let mut decoded = Vec::new();
    decoded.extend(serde_json::from_str::<String>(&format!("\"{shown}\"")).ok());
    decoded.push(percent_decode_str(shown).decode_utf8_lossy().into_owned());
    decoded.push(percent_decode_str(&shown.replace('+', " ")).decode_utf8_lossy().into_owned());
    let unescaped = shown.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
    decoded.push(unescaped.replace("&#039;", "'").replace("&amp;", "&"));
    for word in shown.split(|c: char| !c.is_ascii_alphanumeric() && !"+/-_=".contains(c)) {
        for engine in [&STANDARD, &URL_SAFE, &URL_SAFE_NO_PAD] {
            let bytes = engine.decode(word).unwrap_or_default();
            decoded.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    decoded.iter().any(|text| text != shown && reveals(text, secret, depth))
}

proptest! {
    #[test]
    fn no_combination_of_encodings_reveals_a_secret(
        secret in secret(), encodings in encodings(), before in "[a-z \"{:]{0,12}", after in "[a-z \"}]{0,12}",
    ) {
        let echo = encodings.iter().fold(secret.clone(), |text, encoding| encoding.write(&text));
        let body = format!("{before} {echo} {after}");
        prop_assume!(body.len() < Attempt::MAX_BODY);
        let shown = redact(Bytes::from(body.clone()), &needles(&secret), false);
        let shown = String::from_utf8(shown.to_vec()).unwrap();
        prop_assert!(shown.contains(HIDDEN), "{encodings:?} {body}");
        prop_assert!(!reveals(&shown, &secret, 3), "{encodings:?} {body}: {shown}");
        // Of the encoded secret only padding of base64 is left.
        let left = shown.replace(HIDDEN, "").len();
        let most = before.len() + after.len() + 2 + echo.len() / 2;
        prop_assert!(left <= most, "{encodings:?} {body}: {shown}");
    }

    #[test]
    fn a_secret_within_another_text_is_found_in_base64(
        secret in secret(), before in ".{0,20}", after in ".{0,20}", url in any::<bool>(),
    ) {
        let text = format!("{before}{secret}{after}");
        let echo = if url { URL_SAFE.encode(&text) } else { STANDARD.encode(&text) };
        let shown = redact(Bytes::from(echo), &needles(&secret), false);
        prop_assert!(String::from_utf8_lossy(&shown).contains(HIDDEN));
    }

    #[test]
    fn a_secret_cut_by_the_end_of_the_body_is_hidden(
        secret in secret(), encodings in encodings(), more in 0..200_usize,
    ) {
        prop_assume!(!encodings.iter().any(|encoding| matches!(encoding, Encoding::Base64(_))));
        let write = |text: &str| encodings.iter().fold(text.to_owned(), |text, encoding| encoding.write(&text));
        let echo = write(&secret);
        // At least its first character.
        let first = write(&secret[..secret.ceil_char_boundary(1)]);
        prop_assume!(echo.starts_with(&first));
        let keep = echo.floor_char_boundary(first.len() + more);
        prop_assume!(keep < Attempt::MAX_BODY);
        let body = [&b"\n".repeat(Attempt::MAX_BODY - keep)[..], &echo.as_bytes()[..keep]].concat();
        let shown = redact(Bytes::from(body), &needles(&secret), true);
        let shown = String::from_utf8(shown.to_vec()).unwrap();
        // `•••` may be cut.
        prop_assert_eq!(shown.trim().trim_matches('•'), "", "{:?} {}", encodings, &echo[..keep]);
    }

    #[test]
    fn a_body_without_the_secret_is_shown_unchanged(
        body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..1_000),
            "([a-zA-Z0-9+/=&#;%\\\\\"'{}:, \n]|&amp;|&#3[0-9];|%[0-9A-F]{2}|\\\\u00[0-9a-f]{2}){0,150}".prop_map(String::into_bytes),
            "[A-Za-z0-9+/]{0,900}".prop_map(String::into_bytes),
        ],
    ) {
        // Long enough not to occur by chance.
        let needles = needles("q7Zw~x!9éK");
        prop_assume!(body.len() < Attempt::MAX_BODY);
        let shown = redact(Bytes::from(body.clone()), &needles, false);
        prop_assert_eq!(shown, body);
    }

    #[test]
    fn no_response_makes_the_redaction_panic(
        body in prop::collection::vec(any::<u8>(), 0..1_100), is_cut in any::<bool>(),
        secret in prop::collection::vec(any::<u8>(), 1..40),
    ) {
        let needles = Needle::bytes(&secret, 99).into_iter().chain(Needle::password(&secret, 99));
        let shown = redact(Bytes::from(body), &needles.collect::<Vec<_>>(), is_cut);
        prop_assert!(is_cut || shown.len() <= 1_100 * 9);
    }
}
