use super::*;

#[test]
fn a_name_tells_whether_its_value_is_a_secret() {
    for secret in [
        "Authorization",
        "X-Authorization",
        "Cookie",
        "X-Api-Key",
        "api_key",
        "ApiKey",
        "xApiKey",
        "Ocp-Apim-Subscription-Key",
        "X-Auth-Token",
        "accessToken",
        "PRIVATE-TOKEN",
        "X-Api-Key-2",
        "token1",
        "X-Client-Secret",
        "X-Auth",
        "key",
        "db.password",
        "X-Session",
        "X-JWT",
        "X-AppKey",
        "x-appkey",
        "AppKey",
        "X-LicenseKey",
        "X-Authentication",
        "X-Auth-Code",
        "X-Routing-Key",
    ] {
        assert!(names_a_secret(secret), "{secret}");
    }
    for other in [
        "Content-Type",
        "X-Request-Id",
        "monkey",
        "X-Author",
        "tokens-left",
        "Accept",
        "",
        "1",
        "keyboard",
        "X-Key-Id",
        "bypass",
        "to",
        "MonKeys",
        "Monkey",
    ] {
        assert!(!names_a_secret(other), "{other}");
    }
}

#[test]
fn literal_parts_of_secret_headers_are_hidden_and_templates_are_not() {
    for (value, expected) in [
        ("Bearer abc123", "Bearer •••"),
        ("bearer  abc123 ", "bearer  •••"),
        ("Basic dXNlcjpwdw==", "Basic •••"),
        ("abc123", "•••"),
        ("my secret phrase", "•••"),
        ("Bearer", "•••"),
        ("!?", "•••"),
        ("Digest username=\"a\", response=\"b\"", "Digest •••"),
        ("Bearer %token%", "Bearer %token%"),
        ("Bearer {{variables.token}}", "Bearer {{variables.token}}"),
        ("Bearer {{ a | default: '}}' }}", "Bearer {{ a | default: '}}' }}"),
        ("%user%:%password%", "%user%:%password%"),
        ("Token token=\"%token%\"", "Token token=\"%token%\""),
        ("sid=%sid%; lang=%lang%", "sid=%sid%; lang=%lang%"),
        ("sid=abc; lang=%lang%", "•••%lang%"),
        ("Bearer abc%token%def", "Bearer •••%token%•••"),
        ("abc-{{to}}", "•••{{to}}"),
        ("abc123={{to}}", "•••{{to}}"),
        ("50%% off", "•••"),
        ("100% sure %", "•••"),
        ("•••", "•••"),
        ("", ""),
        (" ", " "),
    ] {
        assert_eq!(hidden_value("X-Api-Key", value), expected, "{value}");
        assert_eq!(hidden_value("X-Other", value), value);
    }
}

#[test]
fn secrets_are_listed_as_the_receiver_gets_them() {
    for (name, value, expected) in [
        ("Authorization", "Bearer abc%%1 ", &["abc%1"][..]),
        ("Authorization", "Bearer %token%", &[]),
        ("Cookie", "sid=abc; lang=en", &["abc", "en", "sid=abc; lang=en"]),
        ("X-Api-Key", "abc{{to}}def", &["abc", "def"]),
        ("Authorization", "GenieKey 12-ab", &["12-ab", "GenieKey 12-ab"]),
        ("Authorization", "SSWS 00x", &["00x", "SSWS 00x"]),
        ("Authorization", "Token token=\"12-ab\"", &["12-ab", "token=\"12-ab\""]),
        (
            "Authorization",
            "AWS4 Credential=AK1/x, Signature=9f==",
            &["AK1/x", "9f==", "Signature=9f==", "AWS4 Credential=AK1/x, Signature=9f=="],
        ),
        ("X-Api-Key", "my secret phrase", &["my secret phrase"]),
        ("X-Api-Key", "YWJj==", &["YWJj=="]),
        ("X-Other", "abc", &[]),
    ] {
        assert_eq!(sent_secrets(name, value), expected, "{value}");
    }
}

#[test]
fn user_and_password_of_basic_are_found() {
    let both = |value: &str| basic_credentials("Authorization", value);
    let expected = Some((b"user".to_vec(), b"p:w".to_vec()));
    assert_eq!(both("Basic dXNlcjpwOnc="), expected);
    assert_eq!(both("basic  dXNlcjpwOnc"), expected);
    for none in ["Bearer dXNlcjpwOnc=", "Basic ?", "Basic YWJj", "Basic %token%", "Basic", ""] {
        assert_eq!(both(none), None, "{none}");
    }
}

#[test]
fn literal_parameters_are_found_by_name() {
    for (url, expected) in [
        ("https://h.io/?token=abc&to={{to}}&api_key=x", &["token", "api_key"][..]),
        ("https://h.io/?token=%token%&key={{ a | default: '?key=1' }}&secret=", &[]),
        ("https://h.io/token=abc", &[]),
        ("https://h.io/?a=b", &[]),
    ] {
        assert_eq!(secret_parameters(url), expected, "{url}");
    }
}

#[test]
fn an_unclosed_expression_is_text() {
    assert_eq!(parts("a{{b %c% {{"), [Part::Text("a{{b %c% {{")]);
    assert_eq!(hidden_value("X-Api-Key", &"{{".repeat(2_048)), HIDDEN);
}
