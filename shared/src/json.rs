//! Reading JSON from outside. How much it holds is looked at before memory is taken for it: what
//! is two bytes on the wire may be a hundred in memory.

use std::borrow::Cow;

use serde_json::Value;

/// Why a text is not read.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// Not JSON, or nested too deep (`serde_json` goes down 127 levels).
    #[error("{0}")]
    Malformed(#[from] serde_json::Error),
    /// More than may be.
    #[error("it holds more than {0} values")]
    TooManyValues(usize),
    /// A name that `serde_json` takes for its own, and so would read something else than is there:
    /// a number, or another JSON text within a string, with levels and values of its own.
    #[error("a name in it begins with `{RESERVED}`, which is not taken")]
    ReservedName,
}

/// How the names begin by which `serde_json` tells numbers and raw values from objects.
const RESERVED: &str = "$serde_json::private::";

/// Reads a text that holds at most `most` values, each object, array and empty one included. Of a
/// name that an object has twice the last counts.
pub fn read(text: &str, most: usize) -> Result<Value, JsonError> {
    look_through(text, most)?;
    Ok(serde_json::from_str(text)?)
}

/// Counts values, and looks at names. What is not JSON is no matter here.
pub(crate) fn look_through(text: &str, most: usize) -> Result<(), JsonError> {
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
        if values > most {
            return Err(JsonError::TooManyValues(most));
        }
        at += 1;
    }
    Ok(())
}

/// The end of the string that begins at `start`, behind its second quote.
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

/// Whether a string, with its quotes, begins as names of `serde_json` do, however it is written.
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
    fn values_are_counted_before_they_are_read() {
        let list = |count: usize| format!("[{}1]", "1,".repeat(count - 2));
        assert!(read(&list(100), 100).is_ok());
        let error = read(&list(101), 100).unwrap_err();
        assert_eq!(error.to_string(), "it holds more than 100 values");
        assert!(read(&format!("[{}]", "[],".repeat(100)), 100).is_err());
        assert!(read(&json!({"a": ",".repeat(500), "[{": "\"[["}).to_string(), 4).is_ok());
    }

    #[test]
    fn names_that_mean_something_to_the_parser_are_refused() {
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
    fn what_is_no_json_is_an_error_and_no_panic() {
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
        assert_eq!(read(r#"{"a": 1, "a": 2}"#, 9).unwrap(), json!({"a": 2}), "the last counts");
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
        fn what_is_read_is_what_was_written_within_the_bound(value in any_json(), most in 1_usize..40) {
            match read(&value.to_string(), most) {
                Ok(back) => {
                    prop_assert!(count(&value) <= most);
                    prop_assert_eq!(back, value);
                }
                Err(JsonError::ReservedName) => prop_assert!(has_reserved_name(&value)),
                // Empty objects and arrays count twice.
                Err(JsonError::TooManyValues(_)) => prop_assert!(2 * count(&value) > most),
                Err(JsonError::Malformed(error)) => prop_assert!(false, "{error}"),
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in r#"[\[\]{}",:\\$u0-9a \x00é]{0,40}"#) {
            let _ = read(&text, 10);
        }
    }
}
