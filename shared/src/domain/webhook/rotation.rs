//! The request to rotate a webhook's signing secret.

use serde_json::{Map, Value};

use crate::domain::signing::{Overlap, SigningSecret};
use crate::input::fields::{FieldErrors, Fields};

/// A rotation of a webhook's signing secret.
#[derive(Debug, Clone)]
pub struct Rotation {
    /// The new secret: the caller's own or a generated one.
    pub secret: SigningSecret,
    /// How long the previous secret signs as well.
    pub overlap: Overlap,
}

impl Rotation {
    /// Reads `secret` and `overlap_seconds`, both optional.
    pub fn from_request(object: &Map<String, Value>) -> Result<Self, FieldErrors> {
        let mut fields = Fields::new(object);
        let secret = SigningSecret::read_or_generate(&mut fields);
        let overlap = fields.parsed("overlap_seconds", Overlap::from_json).unwrap_or_default();
        let errors = fields.finish();
        match secret {
            Some(secret) => errors.into_result(Self { secret, overlap }),
            None => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(request: &Value) -> Result<Rotation, FieldErrors> {
        Rotation::from_request(request.as_object().unwrap())
    }

    #[test]
    fn by_default_a_secret_is_generated_and_the_previous_one_signs_for_a_day() {
        let (one, other) = (read(&json!({})).unwrap(), read(&json!({})).unwrap());
        assert_ne!(one.secret, other.secret);
        assert_eq!(one.overlap, Overlap::default());
        let own = json!({"secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "overlap_seconds": 0});
        let own = read(&own).unwrap();
        assert_eq!(own.secret.reveal(), "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD");
        assert_eq!(own.overlap, Overlap::NONE);
    }

    #[test]
    fn every_wrong_field_is_listed() {
        let wrong = json!({"secret": "whsec_aHVzaA==", "overlap_seconds": -1, "overlap": 1});
        insta::assert_snapshot!(read(&wrong).unwrap_err().to_string().replace("; `", "\n`"));
    }
}
