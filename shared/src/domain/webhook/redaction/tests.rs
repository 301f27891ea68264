use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;
use crate::domain::webhook::testing::NewWebhook;

mod evidence;
mod literal_secrets;

/// A webhook with these settings besides its name and, if they have none, its URL.
fn webhook(settings: &Value) -> Webhook {
    NewWebhook::new("https://h.io/").with_all(settings).build(Timestamp::UNIX_EPOCH)
}

fn with_secret(secret: &str) -> Webhook {
    webhook(&json!({"secrets": {"a": secret}}))
}

fn shown(webhook: &Webhook, body: impl AsRef<[u8]>) -> String {
    let body = Bytes::copy_from_slice(body.as_ref());
    let is_cut = body.len() >= Attempt::MAX_BODY;
    let shown = webhook.redact_body(body, is_cut);
    String::from_utf8_lossy(&shown).into_owned()
}

/// The redacted text of `end` at the end of a cut body, without `•••`, which may be cut itself.
fn shown_at_end(webhook: &Webhook, end: impl AsRef<[u8]>) -> String {
    let end = end.as_ref();
    let body = [&b" ".repeat(Attempt::MAX_BODY - end.len()), end].concat();
    let shown = shown(webhook, &body);
    assert!(shown.len() <= Attempt::MAX_BODY, "{shown}");
    shown.trim_start().trim_end_matches('•').to_owned()
}

#[track_caller]
fn hides(webhook: &Webhook, table: &[(&str, &str)]) {
    for (body, expected) in table {
        assert_eq!(shown(webhook, body), *expected, "{body}");
    }
}

#[test]
fn a_secret_is_hidden_in_every_escape() {
    hides(
        &with_secret(r#"s3/cré"t<&'>"#),
        &[
            (r#"a s3/cré"t<&'> b"#, "a ••• b"),
            // JSON: as PHP, Python and Go write it, and in full.
            (r#"{"k":"s3\/cr\u00e9\"t<&'>"}"#, r#"{"k":"•••"}"#),
            (r#"{"k":"s3/cr\u00E9\"t\u003c\u0026'\u003E"}"#, r#"{"k":"•••"}"#),
            (r"\u0073\u0033\u002F\u0063\u0072\u00e9\u0022\u0074\u003c\u0026\u0027\u003e", "•••"),
            // JavaScript, Python and Rust.
            (r#"'s3/cr\xe9"t<&\'>'"#, "'•••'"),
            (r#"s3/cr\u{e9}\"t<&'>"#, "•••"),
            (r#"s3/cr\U000000e9"t<&'>"#, "•••"),
            // HTML.
            ("<b>s3/cré&quot;t&lt;&amp;'&gt;</b>", "<b>•••</b>"),
            ("s3/cr&eacute;&#34;t&lt;&amp;&#39;&gt;", "•••"),
            ("s3&#x2F;cr&#xE9;&#x22;t&#60;&#38;&#039;&#62;", "•••"),
            ("s3&sol;cr&Eacute;&QUOT;t&LT;&AMP;&apos;&GT;", "•••"),
            ("s3/cr&#233&#34t&lt;&amp;'&gt;", "•••"),
            // URLs.
            ("?k=s3%2Fcr%C3%A9%22t%3C%26'%3E&b", "?k=•••&b"),
            ("?k=s3%2fcr%c3%a9%22t%3c%26%27%3e", "?k=•••"),
            ("%73%33%2F%63%72%C3%A9%22%74%3C%26%27%3E", "•••"),
            ("s3/cr%E9%22t%3C%26%27%3E", "•••"),
            ("s3/cr%u00E9%22t%3C%26%27%3E", "•••"),
        ],
    );
}

#[test]
fn a_secret_is_hidden_in_another_letter_case() {
    hides(
        &with_secret("Geheim-Straße"),
        &[
            ("GEHEIM-STRASSE", "•••"),
            ("geheim-straße", "•••"),
            ("gEHEIM-sTRAẞE", "•••"),
            (r"GEHEIM-STRA\U00DFE", "•••"),
            ("GEHEIM-STRA&SZLIG;E", "•••"),
            ("geheim%2dstra%c3%9fe", "•••"),
            ("geheim strasse", "geheim strasse"),
        ],
    );
}

#[test]
fn a_secret_is_hidden_in_base64_at_any_alignment() {
    let secret = "t0p?s3cret~ÿ>>";
    let webhook = with_secret(secret);
    for before in ["", "u", "u:", "user"] {
        for after in ["", "x", "xy", "xyz"] {
            let text = format!("{before}{secret}{after}");
            for encoded in [STANDARD.encode(&text), URL_SAFE_NO_PAD.encode(&text)] {
                let echo = shown(&webhook, format!("Basic {encoded}, ok"));
                assert!(echo.starts_with("Basic ") && echo.ends_with(", ok"), "{text}: {echo}");
                let left = echo.replace("•••", "");
                assert!(left.len() <= "Basic , ok".len() + 8 + 8, "{text}: {echo}");
                let json = encoded.replace('/', r"\/");
                assert!(shown(&webhook, &json).contains("•••"), "{text}: in JSON");
                let glued = format!("token{encoded}");
                assert!(shown(&webhook, &glued).contains("•••"), "{text}: after a word");
            }
        }
    }
    let long = STANDARD.encode(format!("{}{secret}{}", "x".repeat(40), "y".repeat(40)));
    for line_break in ["\n", "\r\n", r"\n", r"\r\n"] {
        let lines: Vec<_> = long.as_bytes().chunks(60).map(String::from_utf8_lossy).collect();
        let echo = shown(&webhook, lines.join(line_break));
        assert!(echo.contains("•••") && echo.contains("eHh4"), "{echo}");
    }
}

#[test]
fn a_secret_is_hidden_in_hexadecimal() {
    hides(
        &with_secret("t0ps3cret"),
        &[
            ("k=743070733363726574;", "k=•••;"),
            ("0x743070733363726574", "0x•••"),
            ("a743070733363726574", "a•••"),
            ("7430707333 63726574", "7430707333 63726574"),
        ],
    );
}

#[test]
fn a_secret_is_hidden_in_nested_escapes() {
    let secret = r#"t0p/s3cr"et"#;
    let webhook = with_secret(secret);
    let json = |text: &str| json!(text).to_string().trim_matches('"').replace('/', r"\/");
    let html = |text: &str| text.replace('&', "&amp;").replace('"', "&quot;");
    let percent = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let base64 = |text: &str| STANDARD.encode(text);
    let encoders: [&dyn Fn(&str) -> String; 4] = [&json, &html, &percent, &base64];
    for (one, first) in encoders.iter().enumerate() {
        for (two, second) in encoders.iter().enumerate() {
            for (three, third) in encoders.iter().enumerate() {
                let echo = third(&second(&first(secret)));
                let hidden = shown(&webhook, format!("[{echo}]"));
                let left = hidden.replace("•••", "").len();
                assert!(hidden.contains("•••") && left < 12, "{one} {two} {three}: {hidden}");
            }
        }
    }
    // As Go writes the ampersand of HTML.
    let twice = r"t0p/s3cr\u0026quot;et";
    assert_eq!(shown(&webhook, twice), "•••");
}

#[test]
fn the_beginning_of_a_secret_is_hidden_at_the_end_of_a_cut_body() {
    let webhook = with_secret(r#"s3/cré"t-and-more"#);
    let base64 = STANDARD.encode(r#"user:s3/cré"t-and-more"#);
    for end in [
        "s",
        "s3/c",
        r#"S3/CRÉ"T-"#,
        r#"s3/cré"t-and-mor"#,
        r"s3\",
        r"s3\/cr\u",
        r"s3\/cr\u00e",
        r#"s3\/cr\u00e9\"t"#,
        "s3/cré&",
        "s3/cré&quo",
        "s3/cré&#3",
        "s3/cré&#x22",
        "s3%",
        "s3%2",
        "s3%2Fcr%C3",
        "s3%2Fcr%C3%A",
    ] {
        assert_eq!(shown_at_end(&webhook, end), "", "{end}");
    }
    let half = "s3/cr\u{e9}".as_bytes();
    assert_eq!(shown_at_end(&webhook, &half[..half.len() - 1]), "");
    for len in 12..base64.len() {
        assert_eq!(shown_at_end(&webhook, &base64.as_bytes()[..len]), "dXNlcj", "{len}");
    }
    assert_eq!(shown(&webhook, "k=s3/c"), "k=s3/c", "the body was not cut");
}

#[test]
fn a_signing_secret_is_hidden_as_text_and_as_bytes() {
    let text = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    let webhook = webhook(&json!({"secret": text}));
    let key = STANDARD.decode(&text["whsec_".len()..]).unwrap();
    hides(
        &webhook,
        &[
            (text, "whsec_•••"),
            ("WHSEC_c2fvsbqihrsccHLQIMV+B5SSYSPOB7OD", "whsec_•••".to_uppercase().as_str()),
            ("whsec_C2FVsBQIhrscChlQIMV%2Bb5sSYspob7oD", "whsec_•••"),
            ("C2FVsBQIhrscChlQIMV-b5sSYspob7oD", "•••"),
            ("0b6155b0140886bb1c0a195020c57e6f9b1262ca686fba03", "•••"),
            (r"C2FVsBQIhrscChlQIMV\u002bb5sSYspob7oD", "•••"),
        ],
    );
    assert_eq!(shown(&webhook, [b"key: ", &key[..], b"!"].concat()), "key: •••!");
    let echo = shown(&webhook, STANDARD.encode(format!("key={text}")));
    assert!(echo.contains("•••") && echo.len() < 26, "{echo}");
}

#[test]
fn replaced_signing_secrets_are_hidden() {
    let before = webhook(&json!({}));
    let rotation = crate::domain::webhook::Rotation::from_request(&serde_json::Map::new()).unwrap();
    let after = before.rotated(&rotation, Timestamp::UNIX_EPOCH).unwrap().unwrap();
    let old = before.signing.current().reveal();
    assert_ne!(after.signing.current().reveal(), old);
    assert_eq!(shown(&after, old.trim_end_matches('=')), "whsec_•••");
}

#[test]
fn the_bearer_secret_is_hidden() {
    hides(
        &webhook(&json!({"bearer_secret": "hush/hush"})),
        &[
            ("authorization: Bearer hush/hush", "authorization: Bearer •••"),
            (r#"{"authorization":"Bearer hush\/hush"}"#, r#"{"authorization":"Bearer •••"}"#),
        ],
    );
}

#[test]
fn the_beginning_of_a_secret_is_hidden_in_a_short_body_that_broke_off() {
    let webhook = with_secret("0123456789abcdefghij");
    let body = || Bytes::from_static(b"token=0123456789abcdefg");
    assert_eq!(webhook.redact_body(body(), true), "token=•••");
    assert_eq!(webhook.redact_body(body(), false), body(), "the body is complete");
}

#[test]
fn a_body_without_a_secret_is_unchanged() {
    let webhook = webhook(&json!({
        "secrets": {"a": "s3cret/1", "b": "abcdef"}, "url": "https://user:p4ssword@h.io/",
    }));
    for body in [
        &b"ok"[..],
        b"",
        b"\xff\x00plain",
        br#"{"ok":true,"id":"0190aa5d-ac96-774b-bcce-b302099a8057","n":918919520000}"#,
        b"<p>100% of &quot;it&quot; &amp; more: 50%25 \\u00e9 \\ &unknown; %zz &#xD800; abcde</p>",
        b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w",
        &[b'\\'; 1000],
        &[b'&'; 1000],
    ] {
        assert_eq!(webhook.redact_body(Bytes::copy_from_slice(body), false), body);
    }
}

#[test]
fn a_secret_made_of_bullets_is_hidden_without_other_changes() {
    let values = json!({"a": "•", "b": "••", "c": "•", "d": "••", "e": "•"});
    let webhook = webhook(&json!({ "secrets": values }));
    assert_eq!(shown(&webhook, "x • y"), "x ••• y");
    assert_eq!(shown_at_end(&webhook, "x •• y •"), "x ••• y ");
    let body = "•".repeat(Attempt::MAX_BODY / "•".len());
    assert!(webhook.redact_body(body.into(), true).len() <= Attempt::MAX_BODY);
}

#[test]
fn secrets_that_overlap_are_hidden_together() {
    let webhook = webhook(&json!({"secrets": {"a": "abcab", "b": "bcde", "c": "quote\""}}));
    hides(
        &webhook,
        &[
            ("1 abcabcab 2", "1 ••• 2"),
            ("1 abcabcde 2", "1 ••• 2"),
            ("1 abcababcab 2", "1 ••• 2"),
            (r#"{"q":"quote\""}"#, r#"{"q":"•••"}"#),
        ],
    );
    // The longest beginning is hidden, although a shorter one also ends the body.
    assert_eq!(shown_at_end(&webhook, "1 abca"), "1 ");
    assert_eq!(shown_at_end(&webhook, "1 abc"), "1 ");
}

#[test]
fn the_maximum_of_secrets_is_hidden_in_one_pass() {
    let all = |len: usize| -> serde_json::Map<_, _> {
        (0..50).map(|i| (format!("s{i}"), json!("a".repeat(len + i)))).collect()
    };
    let long = webhook(&json!({ "secrets": all(1_200) }));
    assert_eq!(shown(&long, "a".repeat(Attempt::MAX_BODY)), HIDDEN);
    let short = webhook(&json!({ "secrets": all(900) }));
    assert_eq!(shown(&short, "a".repeat(Attempt::MAX_BODY)), HIDDEN);
}

#[test]
fn a_body_that_is_not_text_is_shown_without_secrets() {
    let webhook = webhook(&json!({"secrets": {"a": "s3cret", "b": "gehüim"}}));
    assert_eq!(shown(&webhook, b"\xffs3cret"), "\u{FFFD}•••");
    assert_eq!(shown(&webhook, b"geh\xFCim in ISO 8859-1"), "••• in ISO 8859-1");
}

#[test]
fn a_body_with_too_many_views_is_hidden_as_a_whole() {
    /// `text` with its first character escaped.
    fn escaped(kind: char, text: &str) -> String {
        let (first, rest) = text.split_at(1);
        let first = first.as_bytes()[0];
        match kind {
            'j' => format!("\\u{first:04x}{rest}"),
            'h' => format!("&#{first};{rest}"),
            _ => format!("%{first:02x}{rest}"),
        }
    }
    let kinds = ['j', 'h', 'p'];
    let mut body = String::new();
    for one in kinds {
        for two in kinds {
            for three in kinds {
                body += "Zm9vYmFyYmF6cXV4Q";
                body += &escaped(three, &escaped(two, &escaped(one, "A")));
            }
        }
    }
    assert!(body.len() < Attempt::MAX_BODY);
    assert_eq!(shown(&with_secret("s3cret"), &body), HIDDEN);
}
