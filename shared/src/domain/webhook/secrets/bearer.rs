//! The bearer secret, sent in every request as `Authorization: Bearer …`, as the platform's own webhooks do.

use http::HeaderValue;
use jiff::Timestamp;
use serde_json::Value;

use super::{Secret, is_read_form};
use crate::input::fields::Fields;

/// A secret that is sent as `Authorization: Bearer …`. `Debug` prints `•••`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BearerSecret {
    secret: Secret,
    header: HeaderValue,
}

/// Completes "`bearer_secret` …".
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be a string of 1 to {} visible ASCII characters, or null", BearerSecret::MAX_BYTES)]
pub struct InvalidBearerSecret;

impl BearerSecret {
    /// The longest secret, in bytes.
    pub const MAX_BYTES: usize = 4 * 1024;

    /// Checks a secret.
    pub fn new(value: String, set_at: Timestamp) -> Result<Self, InvalidBearerSecret> {
        let is_visible = value.bytes().all(|b| b.is_ascii_graphic());
        if !is_visible || !(1..=Self::MAX_BYTES).contains(&value.len()) {
            return Err(InvalidBearerSecret);
        }
        let header = HeaderValue::try_from(format!("Bearer {value}"));
        let mut header = header.map_err(|_| InvalidBearerSecret)?;
        header.set_sensitive(true);
        Ok(Self { secret: Secret::new(value, set_at), header })
    }

    /// The secret.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The value of the header `authorization`.
    pub fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// Applies the field `bearer_secret` of a request. The current secret stays if the field is absent
    /// or has the form that reads show, since a caller cannot read the value. Adds an error to
    /// `fields`.
    pub(super) fn changed(
        before: Option<&Self>,
        fields: &mut Fields<'_>,
        now: Timestamp,
    ) -> Option<Self> {
        const FIELD: &str = "bearer_secret";
        let read = match (fields.value(FIELD), before) {
            (None, _) if fields.is_null(FIELD) => return None,
            (None, _) => return before.cloned(),
            (Some(Value::Object(shown)), Some(before)) if is_read_form(shown) => Ok(before.clone()),
            (Some(Value::String(value)), Some(before)) if before.secret.value == *value => {
                Ok(before.clone())
            }
            (Some(Value::String(value)), _) => Self::new(value.clone(), now),
            // The message does not repeat the value: it may be a secret.
            _ => Err(InvalidBearerSecret),
        };
        read.map_err(|error| fields.errors.add(FIELD, error)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn change(
        before: Option<&BearerSecret>,
        request: &Value,
    ) -> Result<Option<BearerSecret>, String> {
        let mut fields = Fields::new(request.as_object().unwrap());
        let changed = BearerSecret::changed(before, &mut fields, at(2));
        fields.finish().into_result(changed).map_err(|errors| errors.to_string())
    }

    #[test]
    fn a_bearer_secret_stays_until_it_is_replaced_or_removed() {
        let before = BearerSecret::new("hush".to_owned(), at(1)).unwrap();
        let stays = Ok(Some(before.clone()));
        for request in [
            json!({}),
            json!({"bearer_secret": {"set_at": at(1)}}),
            json!({"bearer_secret": "hush"}),
        ] {
            assert_eq!(change(Some(&before), &request), stays, "{request}");
        }
        let new = change(Some(&before), &json!({"bearer_secret": "new"})).unwrap().unwrap();
        assert_eq!((new.secret().reveal(), new.secret().set_at()), ("new", at(2)));
        assert_eq!(change(Some(&before), &json!({"bearer_secret": null})), Ok(None));
        assert_eq!(change(None, &json!({})), Ok(None));
    }

    #[test]
    fn an_invalid_bearer_secret_is_refused_and_not_repeated() {
        let long = "x".repeat(BearerSecret::MAX_BYTES + 1);
        for bad in [
            json!(""),
            json!("a b"),
            json!("a\r\nX-Admin: 1"),
            json!("gehüim"),
            json!(7),
            json!(long),
            json!({"set_at": at(1)}),
            json!({"value": "a"}),
        ] {
            let refused = change(None, &json!({"bearer_secret": bad})).unwrap_err();
            let expected =
                "`bearer_secret` must be a string of 1 to 4096 visible ASCII characters, or null";
            assert_eq!(refused, expected, "{bad}");
        }
        let longest = "x".repeat(BearerSecret::MAX_BYTES);
        assert!(change(None, &json!({"bearer_secret": longest})).unwrap().is_some());
    }

    #[test]
    fn a_bearer_secret_does_not_print() {
        let secret = BearerSecret::new("hush".to_owned(), at(1)).unwrap();
        assert!(!format!("{secret:?} {:?}", secret.header()).contains("hush"), "{secret:?}");
        assert_eq!(secret.header().as_bytes(), b"Bearer hush");
    }
}
