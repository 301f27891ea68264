use super::*;

fn found(context: Context, text: &str) -> Vec<String> {
    let shown = |message: String| message.split('`').nth(1).unwrap_or_default().to_owned();
    placeholders(context, text).map(shown).collect()
}

#[test]
fn placeholders_of_other_languages_are_found() {
    for (text, shown) in [
        ("https://h.io/?to={to}", "{to}"),
        ("https://h.io/{ anything }/x", "{ anything }"),
        ("https://h.io/?to=${to}", "${to}"),
        ("https://h.io/?to=%25{to}", "%25{to}"),
        ("https://h.io/?to=#{to}", "#{to}"),
        ("https://h.io/?to={to}}", "{to}"),
        ("https://h.io/?to=<to>", "<to>"),
        ("https://h.io/?to=[[to]]", "[[to]]"),
        ("https://h.io/?to={variables.otp}", "{variables.otp}"),
        ("https://h.io/calls/:id/end", ":id"),
        ("https://h.io/?to=$to&x=1", "$to"),
        ("https://h.io/?to=%7Bto%7D", "%7Bto%7D"),
        ("https://h.io/?to=%7b%7bto%7d%7d", "%7b%7bto%7d"),
        ("https://h.io/?to=%7B+to+%7D", "%7B+to+%7D"),
    ] {
        assert_eq!(found(Context::Url, text), [shown], "{text}");
    }
    for text in [
        "https://h.io:8443/a:b/?t=12:to",
        "https://h.io/?filter[to]=1",
        "https://[::1]/",
        "https://u:{to}@h.io/",
        "%7D%7B",
    ] {
        assert_eq!(found(Context::Url, text), Vec::<String>::new(), "{text}");
    }
    for context in
        [Context::JsonString, Context::Header, Context::FormValue, Context::MultipartValue]
    {
        assert_eq!(found(context, "Hello {to}, ${from}"), ["{to}", "${from}"]);
        for text in ["{name} and <b>", "{\"to\": 1}", "a:to", "<https://h.io|to>", "{}", "{to"] {
            assert_eq!(found(context, text), Vec::<String>::new(), "{text}");
        }
    }
    assert_eq!(found(Context::Url, &"{a}".repeat(50)).len(), MAX_PLACEHOLDERS);
}

#[test]
fn the_nearest_known_name_is_suggested() {
    for (name, meant) in [
        ("To", "to"),
        ("STATUS", "status"),
        ("startAt", "start_at"),
        ("start-at", "start_at"),
        ("staus", "status"),
        ("stauts", "status"),
        ("recordingurl", "recording_url"),
        ("record_url", ""),
        ("duraton", "duration"),
        ("tu", ""),
        ("form", "from"),
        ("my_field", ""),
    ] {
        let expected =
            if meant.is_empty() { String::new() } else { format!("; did you mean `{meant}`?") };
        assert_eq!(did_you_mean(name, variables::known()), expected, "{name}");
    }
}

#[test]
fn texts_that_hold_json_are_found() {
    for text in ["{\"to\": \"{{to}}\"}", " { }\n", "[{{a}}]", "[]"] {
        assert!(looks_like_json(text), "{text}");
    }
    for text in ["{{to}}", "{{a}} {b}", "a", "", "{", "[a", "{a} b"] {
        assert!(!looks_like_json(text), "{text}");
    }
}
