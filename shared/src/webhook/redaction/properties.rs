//! Whatever a receiver makes of a secret, the answer that is shown does not tell it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use proptest::prelude::*;

use super::*;

/// How a receiver may write a text; the flag is for what is free: hexadecimal letter case, how
/// much is escaped, the alphabet.
#[derive(Debug, Clone, Copy)]
enum Code {
    Json(bool),
    Html(bool),
    Percent(bool),
    Form,
    Base64(bool),
    Upper,
    Lower,
}

impl Code {
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

fn code() -> impl Strategy<Value = Code> {
    prop_oneof![
        any::<bool>().prop_map(Code::Json),
        any::<bool>().prop_map(Code::Html),
        any::<bool>().prop_map(Code::Percent),
        Just(Code::Form),
        any::<bool>().prop_map(Code::Base64),
    ]
}

/// The letter case is changed first: in another one, base64 is something else.
fn codes() -> impl Strategy<Value = Vec<Code>> {
    let case = prop_oneof![Just(None), Just(Some(Code::Upper)), Just(Some(Code::Lower))];
    (case, prop::collection::vec(code(), 0..=3))
        .prop_map(|(case, codes)| case.into_iter().chain(codes).collect())
}

fn secret() -> impl Strategy<Value = String> {
    "[ -~äöüßéÀ€🔑]{6,24}".prop_filter("blank", |secret| !secret.trim().is_empty())
}

fn needles(secret: &str) -> Vec<Needle> {
    Needle::text(secret.as_bytes(), usize::MAX).into_iter().collect()
}

/// All that can be read from what is shown: everything that is decoded by the libraries that
/// encode it, in any order.
fn tells(shown: &str, secret: &str, depth: usize) -> bool {
    if shown.to_lowercase().contains(&secret.to_lowercase()) {
        return true;
    }
    let Some(depth) = depth.checked_sub(1) else { return false };
    let mut readings = Vec::new();
    readings.extend(serde_json::from_str::<String>(&format!("\"{shown}\"")).ok());
    readings.push(percent_decode_str(shown).decode_utf8_lossy().into_owned());
    readings.push(percent_decode_str(&shown.replace('+', " ")).decode_utf8_lossy().into_owned());
    let unescaped = shown.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
    readings.push(unescaped.replace("&#039;", "'").replace("&amp;", "&"));
    for word in shown.split(|c: char| !c.is_ascii_alphanumeric() && !"+/-_=".contains(c)) {
        for engine in [&STANDARD, &URL_SAFE, &URL_SAFE_NO_PAD] {
            let bytes = engine.decode(word).unwrap_or_default();
            readings.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    readings.iter().any(|reading| reading != shown && tells(reading, secret, depth))
}

proptest! {
    #[test]
    fn no_composition_of_codes_tells_a_secret(
        secret in secret(), codes in codes(), before in "[a-z \"{:]{0,12}", behind in "[a-z \"}]{0,12}",
    ) {
        let echo = codes.iter().fold(secret.clone(), |text, code| code.write(&text));
        let body = format!("{before} {echo} {behind}");
        prop_assume!(body.len() < Attempt::MAX_BODY);
        let shown = hidden_in(Bytes::from(body.clone()), &needles(&secret), false);
        let shown = String::from_utf8(shown.to_vec()).unwrap();
        prop_assert!(shown.contains(HIDDEN), "{codes:?} {body}");
        prop_assert!(!tells(&shown, &secret, 3), "{codes:?} {body}: {shown}");
        // Of what stands for the secret nothing but the padding of base64 is left.
        let left = shown.replace(HIDDEN, "").len();
        let most = before.len() + behind.len() + 2 + echo.len() / 2;
        prop_assert!(left <= most, "{codes:?} {body}: {shown}");
    }

    #[test]
    fn a_secret_within_another_text_is_found_in_base64(
        secret in secret(), before in ".{0,20}", behind in ".{0,20}", url in any::<bool>(),
    ) {
        let text = format!("{before}{secret}{behind}");
        let echo = if url { URL_SAFE.encode(&text) } else { STANDARD.encode(&text) };
        let shown = hidden_in(Bytes::from(echo), &needles(&secret), false);
        prop_assert!(String::from_utf8_lossy(&shown).contains(HIDDEN));
    }

    #[test]
    fn a_secret_that_the_end_of_a_body_cuts_is_hidden_to_its_end(
        secret in secret(), codes in codes(), more in 0..200_usize,
    ) {
        prop_assume!(!codes.iter().any(|code| matches!(code, Code::Base64(_))));
        let write = |text: &str| codes.iter().fold(text.to_owned(), |text, code| code.write(&text));
        let echo = write(&secret);
        // A character of it at the least.
        let first = write(&secret[..secret.ceil_char_boundary(1)]);
        prop_assume!(echo.starts_with(&first));
        let keep = echo.floor_char_boundary(first.len() + more);
        prop_assume!(keep < Attempt::MAX_BODY);
        let body = [&b"\n".repeat(Attempt::MAX_BODY - keep)[..], &echo.as_bytes()[..keep]].concat();
        let shown = hidden_in(Bytes::from(body), &needles(&secret), true);
        let shown = String::from_utf8(shown.to_vec()).unwrap();
        // There may be no room for all of `•••`.
        prop_assert_eq!(shown.trim().trim_matches('•'), "", "{:?} {}", codes, &echo[..keep]);
    }

    #[test]
    fn a_body_without_the_secret_is_shown_as_it_came(
        body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..1_000),
            "([a-zA-Z0-9+/=&#;%\\\\\"'{}:, \n]|&amp;|&#3[0-9];|%[0-9A-F]{2}|\\\\u00[0-9a-f]{2}){0,150}".prop_map(String::into_bytes),
            "[A-Za-z0-9+/]{0,900}".prop_map(String::into_bytes),
        ],
    ) {
        // As long as any that is no pattern; no body has it by chance.
        let needles = needles("q7Zw~x!9éK");
        prop_assume!(body.len() < Attempt::MAX_BODY);
        let shown = hidden_in(Bytes::from(body.clone()), &needles, false);
        prop_assert_eq!(shown, body);
    }

    #[test]
    fn nothing_that_a_receiver_answers_makes_it_panic(
        body in prop::collection::vec(any::<u8>(), 0..1_100), is_cut in any::<bool>(),
        secret in prop::collection::vec(any::<u8>(), 1..40),
    ) {
        let needles = Needle::bytes(&secret, 99).into_iter().chain(Needle::password(&secret, 99));
        let shown = hidden_in(Bytes::from(body), &needles.collect::<Vec<_>>(), is_cut);
        prop_assert!(is_cut || shown.len() <= 1_100 * 9);
    }
}
