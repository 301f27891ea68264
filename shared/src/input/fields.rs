//! Reads the fields of a JSON object from outside and collects the errors of all fields.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The error of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's path: `url`, `retry.schedule[2]`.
    pub field: String,
    /// The rest of a sentence that begins with the field: `must be …`.
    pub message: String,
}

/// The errors of a request's fields, in the order in which they were found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// The most listed errors. A request may have one per few bytes.
    pub const MAX: usize = 20;

    /// Adds an error. After [`FieldErrors::MAX`], adds once that there are more.
    pub fn add(&mut self, field: impl Into<String>, message: impl fmt::Display) {
        if self.0.len() > Self::MAX {
            return;
        }
        if self.0.len() == Self::MAX {
            let message = format!("more fields are wrong; the first {} are listed", Self::MAX);
            self.0.push(FieldError { field: "…".to_owned(), message });
            return;
        }
        self.0.push(FieldError { field: field.into(), message: message.to_string() });
    }

    /// Adds all of `others`.
    pub fn extend(&mut self, others: &Self) {
        for error in others.iter() {
            self.add(error.field.clone(), &error.message);
        }
    }

    /// `value` if there are no errors, else the errors.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }

    /// A single error.
    pub fn of(field: impl Into<String>, message: impl fmt::Display) -> Self {
        let mut errors = Self::default();
        errors.add(field, message);
        errors
    }

    /// The errors, in order.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }
}

impl fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.0.iter().enumerate() {
            let separator = if i == 0 { "" } else { "; " };
            write!(f, "{separator}`{}` {}", error.field, error.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for FieldErrors {}

/// A JSON object under validation. `null` counts as absent. Reads collect errors; [`Fields::finish`]
/// adds an error for each field that was not read.
pub struct Fields<'a> {
    object: &'a Map<String, Value>,
    known: Vec<&'static str>,
    /// The errors so far; a caller may add its own.
    pub errors: FieldErrors,
}

impl<'a> Fields<'a> {
    /// Begins to read `object`.
    pub fn new(object: &'a Map<String, Value>) -> Self {
        Self { object, known: Vec::new(), errors: FieldErrors::default() }
    }

    /// The value of `name`, unless it is absent or `null`.
    pub fn value(&mut self, name: &'static str) -> Option<&'a Value> {
        self.known.push(name);
        self.object.get(name).filter(|value| !value.is_null())
    }

    /// Whether `name` is present and `null`.
    pub fn is_null(&self, name: &str) -> bool {
        self.object.get(name).is_some_and(Value::is_null)
    }

    /// Allows fields that are not read, such as those that the server sets.
    pub fn ignore(&mut self, names: &[&'static str]) {
        self.known.extend(names);
    }

    /// Reads a string of at most `max` characters that is not blank.
    pub fn text(&mut self, name: &'static str, max: usize) -> Option<&'a str> {
        let value = self.value(name)?;
        match value.as_str() {
            Some(text) if text.trim().is_empty() => self.errors.add(name, "must not be blank"),
            Some(text) if text.chars().count() > max => {
                self.errors.add(name, format_args!("must be at most {max} characters"));
            }
            Some(text) if text.chars().any(char::is_control) => {
                self.errors.add(name, "must not contain control characters");
            }
            Some(text) => return Some(text),
            None => self.errors.add(name, format_args!("must be a string, not {}", kind_of(value))),
        }
        None
    }

    /// Reads a string as [`Fields::text`] does; its absence is an error.
    pub fn required_text(&mut self, name: &'static str, max: usize) -> Option<&'a str> {
        if self.value(name).is_none() {
            self.errors.add(name, "is required");
        }
        self.text(name, max)
    }

    /// Reads a value by `parse`, whose error becomes the field's.
    pub fn parsed<T, E: fmt::Display>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&'a Value) -> Result<T, E>,
    ) -> Option<T> {
        let value = self.value(name)?;
        parse(value).map_err(|error| self.errors.add(name, error)).ok()
    }

    /// All errors; those of unknown fields come last.
    pub fn finish(mut self) -> FieldErrors {
        for name in self.object.keys() {
            if !self.known.iter().any(|known| known == name) {
                self.errors.add(clip(name), "is not a field of this resource");
            }
        }
        self.errors
    }
}

/// Both values, or the errors of either, in order.
pub fn both<A, B>(
    one: Result<A, FieldErrors>,
    other: Result<B, FieldErrors>,
) -> Result<(A, B), FieldErrors> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Ok(_), Err(errors)) | (Err(errors), Ok(_)) => Err(errors),
        (Err(mut errors), Err(others)) => {
            errors.extend(&others);
            Err(errors)
        }
    }
}

/// The type of a JSON value for messages: "a string", "an array".
pub fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Reads a whole number in any notation: in JSON Schema, and for callers with a single number type,
/// `30.0` is the integer 30. A number with a fraction or exponent must be at most 2^53, above which a
/// double cannot hold every integer.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked before")]
pub fn whole_number(value: &Value) -> Option<u64> {
    const MAX: f64 = 9_007_199_254_740_992.0;
    let from_float = || {
        let number = value.as_f64()?;
        (number.fract() == 0.0 && (0.0..=MAX).contains(&number)).then_some(number as u64)
    };
    value.as_u64().or_else(from_float)
}

/// A caller's text, clipped for an error message.
pub(crate) fn clip(text: &str) -> String {
    text.chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_wrong_field_is_named() {
        let json = json!({"name": " ", "description": 7, "colour": "red", "url": null});
        let object = json.as_object().unwrap();
        let mut fields = Fields::new(object);
        assert_eq!(fields.required_text("name", 10), None);
        assert_eq!(fields.text("description", 10), None);
        assert_eq!(fields.required_text("url", 10), None);
        assert_eq!(
            fields.finish().to_string(),
            "`name` must not be blank; `description` must be a string, not a number; \
             `url` is required; `colour` is not a field of this resource"
        );
    }

    #[test]
    fn a_whole_number_may_be_written_with_a_fraction_or_exponent() {
        let read = |json: &str| whole_number(&serde_json::from_str(json).unwrap());
        for thirty in ["30", "30.0", "3e1", "300e-1"] {
            assert_eq!(read(thirty), Some(30), "{thirty}");
        }
        assert_eq!(read("18446744073709551615"), Some(u64::MAX));
        for not in ["30.5", "-1", "-30.0", "1e300", "18446744073709551616.0", "\"30\"", "null"] {
            assert_eq!(read(not), None, "{not}");
        }
    }

    #[test]
    fn the_list_of_errors_is_bounded() {
        let mut errors = FieldErrors::default();
        for i in 0..1_000 {
            errors.add(format!("webhook_ids[{i}]"), "must be a UUID");
        }
        assert_eq!(errors.iter().count(), FieldErrors::MAX + 1);
        assert_eq!(
            errors.iter().last().unwrap().message,
            "more fields are wrong; the first 20 are listed"
        );
    }

    #[test]
    fn a_long_unknown_name_is_clipped() {
        let mut object = Map::new();
        object.insert("x".repeat(1000), Value::Null);
        let errors = Fields::new(&object).finish();
        assert!(errors.to_string().len() < 120, "{errors}");
    }
}
