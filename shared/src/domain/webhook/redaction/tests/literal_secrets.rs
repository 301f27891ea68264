//! Literal secrets of the URL and of headers.

use super::*;

#[test]
fn user_and_password_of_the_url_are_hidden_as_the_receiver_gets_them() {
    hides(
        &webhook(&json!({"url": "https://user:p%40ss%2Fword@h.io/"})),
        &[
            ("Authorization: Basic dXNlcjpwQHNzL3dvcmQ=", "Authorization: Basic •••="),
            ("authorization: basic DXNLCJPWQHNZL3DVCMQ", "authorization: basic •••"),
            ("user:p@ss/word", "•••:•••"),
            (r#"{"password":"p@ss\/word"}"#, r#"{"password":"•••"}"#),
            ("https://user:p%40ss%2Fword@h.io/", "https://•••:•••@h.io/"),
            (
                "https://user:p%40ss%2fword@h.io/ PHP_AUTH_PW=P@SS/WORD",
                "https://•••:•••@h.io/ PHP_AUTH_PW=•••",
            ),
            ("cEBzcy93b3Jk", "•••"),
            (r#"{"user":"User","username":"x"}"#, r#"{"•••":"•••","username":"x"}"#),
        ],
    );
    hides(
        &webhook(&json!({"url": "https://:p4ssword@h.io/"})),
        &[("Basic OnA0c3N3b3Jk", "Basic •••"), ("p4ssword", "•••")],
    );
    hides(
        &webhook(&json!({"url": "https://sk_live_4eC39H@h.io/"})),
        &[
            ("Basic c2tfbGl2ZV80ZUMzOUg6", "Basic •••"),
            ("no account for xsk_live_4eC39Hx", "no account for x•••x"),
            ("c2tfbGl2ZV80ZUMzOUg", "•••"),
        ],
    );
}

#[test]
fn a_short_password_of_the_url_is_hidden_as_a_word() {
    hides(
        &webhook(&json!({"url": "https://key-1:x@h.io/"})),
        &[
            ("Basic a2V5LTE6eA==", "Basic •••=="),
            ("key-1:x", "•••"),
            (r#"{"password":"x"}"#, r#"{"password":"•••"}"#),
            ("X", "•••"),
            ("excellent: 0x1F, éx, key-12", "excellent: 0x1F, éx, key-12"),
        ],
    );
}

#[test]
fn literal_secrets_of_headers_are_hidden() {
    hides(
        &webhook(&json!({"headers": {
            "Authorization": "Bearer l1teral/x", "X-Api-Key": "a%%b-12345{{to}}zz", "Cookie": "sid=c00kie; lang=en",
            "X-Other": "plain-text",
        }})),
        &[
            ("authorization: Bearer l1teral/x", "authorization: Bearer •••"),
            (r#"{"authorization":"bearer L1TERAL\/X"}"#, r#"{"authorization":"bearer •••"}"#),
            ("bDF0ZXJhbC94", "•••"),
            ("x-api-key: a%b-12345918867130000zz, puzzle", "x-api-key: •••918867130000zz, puzzle"),
            (
                r#"{"sid": "c00kie", "lang": "en", "len": 3}"#,
                r#"{"sid": "•••", "lang": "•••", "len": 3}"#,
            ),
            ("plain-text", "plain-text"),
        ],
    );
    hides(
        &webhook(&json!({"headers": {"authorization": "Basic dXNlcjpwNHNzd29yZA=="}})),
        &[("Basic dXNlcjpwNHNzd29yZA", "Basic •••"), ("user p4ssword", "••• •••")],
    );
}

#[test]
fn the_50_longest_literal_secrets_are_hidden() {
    let parts = (0..100).map(|i| format!("part-{i:03}{{{{to}}}}")).collect::<Vec<_>>().concat();
    let webhook = webhook(&json!({"headers": {"X-Api-Key": format!("{parts}the-longest-part")}}));
    assert_eq!(shown(&webhook, "the-longest-part"), "•••");
    assert_eq!(webhook.settings.request.literal_secrets().len(), 50);
}
