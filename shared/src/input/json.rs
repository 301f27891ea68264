//! Reads JSON from outside. Counts its values before it allocates memory for them: two bytes of text
//! may become a hundred in memory.

use std::borrow::Cow;

use serde_json::Value;

/// Why a text was refused.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// It is not JSON, or nested deeper than 127 levels (the limit of `serde_json`).
    #[error("{0}")]
    Malformed(#[from] serde_json::Error),
    /// It has more values than allowed.
    #[error("it holds more than {0} values")]
    TooManyValues(usize),
    /// It has a name that `serde_json` uses internally. Its value would be read as something else: a
    /// number, or JSON within a string, with levels and values that were not counted.
    #[error("a name in it begins with `{RESERVED}`, which is reserved")]
    ReservedName,
}

/// The prefix of the names by which `serde_json` marks numbers and raw values.
const RESERVED: &str = "$serde_json::private::";

/// Reads a text of at most `max_values` values. Objects and arrays count as well, empty ones twice. If
/// an object has a name twice, the last member counts.
pub fn read(text: &str, max_values: usize) -> Result<Value, JsonError> {
    check(text, max_values)?;
    Ok(serde_json::from_str(text)?)
}

/// Checks the count of values and the names. Does not check that the text is JSON.
pub(crate) fn check(text: &str, max_values: usize) -> Result<(), JsonError> {
    let bytes = text.as_bytes();
    let mut values = 1;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let end = end_of_string(bytes, at);
                let string = text.get(at..end).unwrap_or_default();
                let mut after = bytes.iter().skip(end).filter(|byte| !byte.is_ascii_whitespace());
                if after.next() == Some(&b':') && is_reserved(string) {
                    return Err(JsonError::ReservedName);
                }
                at = end;
                continue;
            }
            b',' | b'[' | b'{' => values += 1,
            _ => {}
        }
        if values > max_values {
            return Err(JsonError::TooManyValues(max_values));
        }
        at += 1;
    }
    Ok(())
}

/// The offset after the closing quote of the string that begins at `start`.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Whether a string, given with its quotes and escapes, begins with the reserved prefix.
fn is_reserved(string: &str) -> bool {
    if !string.starts_with("\"$") && !string.starts_with("\"\\") {
        return false;
    }
    let name: Result<Cow<'_, str>, _> = serde_json::from_str(string);
    name.is_ok_and(|name| name.starts_with(RESERVED))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn values_are_counted_before_the_text_is_parsed() {
        let list = |count: usize| format!("[{}1]", "1,".repeat(count - 2));
        assert!(read(&list(100), 100).is_ok());
        let error = read(&list(101), 100).unwrap_err();
        assert_eq!(error.to_string(), "it holds more than 100 values");
        assert!(read(&format!("[{}]", "[],".repeat(100)), 100).is_err());
        assert!(read(&json!({"a": ",".repeat(500), "[{": "\"[["}).to_string(), 4).is_ok());
    }

    #[test]
    fn names_reserved_by_the_parser_are_refused() {
        for name in [
            "$serde_json::private::Number",
            "$serde_json::private::RawValue",
            r"\u0024serde_json::private::Number",
            r"$serde\u005fjson::private::RawValue",
            r"$serde_json::private\u003a:RawValue",
        ] {
            for json in [
                format!(r#"{{"{name}": "1"}}"#),
                format!(r#"{{"a": [{{"{name}" : "[[[[]]]]", "b": 1}}]}}"#),
                format!("{{\"a\\\"\": \"\\\\\", \"{name}\"\n\t:\"1\"}}"),
            ] {
                assert!(matches!(read(&json, 100), Err(JsonError::ReservedName)), "{json}");
            }
        }
        let as_value = json!({"a": "$serde_json::private::Number", "$ref": 1, "\\": 2});
        assert_eq!(read(&as_value.to_string(), 100).unwrap(), as_value);
    }

    #[test]
    fn malformed_json_is_an_error() {
        for text in
            ["", "\"", "\"\\", "{\"", "{\"$", "{\"\\u00", "[\"\\\"", "nul", "1 2", "{\"a\"}"]
        {
            assert!(matches!(read(text, 100), Err(JsonError::Malformed(_))), "{text}");
        }
        let deep = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        assert!(read(&deep(127), 1_000).is_ok());
        assert!(read(&deep(128), 1_000).unwrap_err().to_string().contains("recursion limit"));
        assert!(read("{\"a\": \"\\ud800\"}", 9).is_err(), "half a character");
        assert!(read("{\"a\": \"\u{0}\"}", 9).is_err(), "a bare control character");
        let huge = format!("{{\"a\": 1{}e-{}}}", "0".repeat(10_000), "9".repeat(10_000));
        assert!(read(&huge, 9).unwrap()["a"].as_u64().is_none());
        assert_eq!(
            read(r#"{"a": 1, "a": 2}"#, 9).unwrap(),
            json!({"a": 2}),
            "the last member counts"
        );
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 64, 8, |inner| {
            let names =
                prop_oneof![any::<String>(), Just("$serde_json::private::Number".to_owned())];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
                prop::collection::vec((names, inner), 0..8)
                    .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
            ]
        })
    }

    fn count(value: &Value) -> usize {
        1 + match value {
            Value::Array(items) => items.iter().map(count).sum(),
            Value::Object(object) => object.values().map(count).sum(),
            _ => 0,
        }
    }

    fn has_reserved_name(value: &Value) -> bool {
        match value {
            Value::Array(items) => items.iter().any(has_reserved_name),
            Value::Object(object) => object
                .iter()
                .any(|(name, value)| name.starts_with(RESERVED) || has_reserved_name(value)),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn json_within_the_limit_is_read_as_written(value in any_json(), max_values in 1_usize..40) {
            match read(&value.to_string(), max_values) {
                Ok(back) => {
                    prop_assert!(count(&value) <= max_values);
                    prop_assert_eq!(back, value);
                }
                Err(JsonError::ReservedName) => prop_assert!(has_reserved_name(&value)),
                // Empty objects and arrays count twice.
                Err(JsonError::TooManyValues(_)) => prop_assert!(2 * count(&value) > max_values),
                Err(JsonError::Malformed(error)) => prop_assert!(false, "{error}"),
            }
        }

        #[test]
        fn no_text_makes_reading_panic(text in r#"[\[\]{}",:\\$u0-9a \x00é]{0,40}"#) {
            let _ = read(&text, 10);
        }
    }
}
