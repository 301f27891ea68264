//! The token of a receiver that is to be verified.

use std::fmt;

use serde_json::{Map, Value};

use crate::domain::redaction::HIDDEN;
use crate::input::fields::{FieldErrors, Fields, kind_of};

/// The token by which a receiver recognises the verification request: 1 to 255 characters, sent once
/// and not stored. `Debug` prints `•••`.
#[derive(Clone, PartialEq, Eq)]
pub struct VerificationToken(String);

impl VerificationToken {
    /// The longest token, in characters.
    pub const MAX_CHARS: usize = 255;

    /// The token, for the request that sends it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Reads the field `verification` of a request: `{"token": …}`. Adds errors to `fields`.
    pub fn read(fields: &mut Fields<'_>) -> Option<Self> {
        const FIELD: &str = "verification";
        let object = fields.parsed(FIELD, |value| {
            value.as_object().ok_or_else(|| format!("must be an object, not {}", kind_of(value)))
        })?;
        let token = Self::of(object);
        let add_errors = |errors: FieldErrors| {
            for error in errors.iter() {
                fields.errors.add(format!("{FIELD}.{}", error.field), &error.message);
            }
        };
        token.map_err(add_errors).ok()
    }

    fn of(object: &Map<String, Value>) -> Result<Self, FieldErrors> {
        let mut fields = Fields::new(object);
        let token = fields.required_text("token", Self::MAX_CHARS).unwrap_or_default().to_owned();
        fields.finish().into_result(Self(token))
    }
}

impl fmt::Debug for VerificationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_token_is_a_short_text() {
        let read = |value: Value| {
            let request = json!({"verification": value});
            let mut fields = Fields::new(request.as_object().unwrap());
            let token = VerificationToken::read(&mut fields);
            fields.finish().into_result(token).map_err(|errors| errors.to_string())
        };
        assert_eq!(read(json!({"token": "t"})), Ok(Some(VerificationToken("t".to_owned()))));
        assert_eq!(read(json!(null)), Ok(None));
        for (bad, why) in [
            (json!("t"), "`verification` must be an object, not a string"),
            (json!({}), "`verification.token` is required"),
            (json!({"token": " "}), "`verification.token` must not be blank"),
            (json!({"token": "t\n"}), "`verification.token` must not contain control characters"),
            (
                json!({"token": "t".repeat(256)}),
                "`verification.token` must be at most 255 characters",
            ),
            (json!({"token": "t", "x": 1}), "`verification.x` is not a field of this resource"),
        ] {
            assert_eq!(read(bad), Err(why.to_owned()));
        }
    }

    #[test]
    fn a_token_does_not_print() {
        assert_eq!(format!("{:?}", VerificationToken("hush".to_owned())), "•••");
    }
}
