//! A signing secret.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::domain::random::{NoRandomness, random_bytes};
use crate::domain::redaction::HIDDEN;
use crate::input::fields::{Fields, kind_of};

/// A signing secret: 24 to 64 bytes that Callhook and the receiver share, written `whsec_<base64>`.
/// `Debug` prints `•••`.
#[derive(Clone)]
pub struct SigningSecret {
    key: Box<[u8]>,
    /// The hash state after the key; each signature begins with a copy of it.
    keyed: Hmac<Sha256>,
}

/// Why a text is not a signing secret; completes "`secret` …". Does not repeat the text.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvalidSigningSecret {
    /// It has another prefix.
    #[error("must begin with `whsec_`")]
    Prefix,
    /// It is not base64.
    #[error("must be standard base64, with its padding, after `whsec_`")]
    Base64,
    /// It is too short to be safe, or longer than the standard allows.
    #[error(
        "must hold {min} to {max} bytes in base64 after `whsec_`, not {0}",
        min = SigningSecret::MIN_BYTES, max = SigningSecret::MAX_BYTES
    )]
    Length(usize),
}

const PREFIX: &str = "whsec_";
/// The length of a generated secret, in bytes.
const GENERATED_BYTES: usize = 32;

impl SigningSecret {
    /// The shortest secret, in bytes.
    pub const MIN_BYTES: usize = 24;
    /// The longest secret, in bytes: one block of SHA-256.
    pub const MAX_BYTES: usize = 64;

    /// Generates a secret.
    pub fn generate() -> Result<Self, NoRandomness> {
        let key: [u8; GENERATED_BYTES] = random_bytes()?;
        Ok(Self::of(key.into()))
    }

    /// Reads a secret.
    pub fn parse(text: &str) -> Result<Self, InvalidSigningSecret> {
        let base64 = text.strip_prefix(PREFIX).ok_or(InvalidSigningSecret::Prefix)?;
        let key = STANDARD.decode(base64).map_err(|_| InvalidSigningSecret::Base64)?;
        if (Self::MIN_BYTES..=Self::MAX_BYTES).contains(&key.len()) {
            Ok(Self::of(key.into()))
        } else {
            Err(InvalidSigningSecret::Length(key.len()))
        }
    }

    /// Reads the caller's own `secret` of a request, or generates one. Adds an error to `fields`.
    pub fn read_or_generate(fields: &mut Fields<'_>) -> Option<Self> {
        if fields.value("secret").is_some() {
            return fields.parsed("secret", |value| match value.as_str() {
                Some(text) => Self::parse(text).map_err(|error| error.to_string()),
                None => Err(format!("must be a string, not {}", kind_of(value))),
            });
        }
        Self::generate()
            .map_err(|error| {
                fields.errors.add("secret", format_args!("could not be generated: {error}"));
            })
            .ok()
    }

    /// A secret of at most [`Self::MAX_BYTES`] bytes.
    fn of(key: Box<[u8]>) -> Self {
        // A key that is shorter than a block is padded with zeros (RFC 2104, section 2).
        let mut block = [0; Self::MAX_BYTES];
        for (to, byte) in block.iter_mut().zip(&key) {
            *to = *byte;
        }
        Self { keyed: Hmac::new(&block.into()), key }
    }

    /// The secret as text, for a store and for the one API response that shows it.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.key))
    }

    pub(crate) fn key(&self) -> &[u8] {
        &self.key
    }

    /// Appends `v1,<base64>`, the signature over the concatenated parts.
    pub(super) fn sign(&self, parts: &[&[u8]], signature: &mut String) {
        let mut mac = self.keyed.clone();
        for part in parts {
            mac.update(part);
        }
        signature.push_str("v1,");
        STANDARD.encode_string(mac.finalize().into_bytes(), signature);
    }
}

/// Compares in constant time: a caller who may change a secret cannot find it out by comparisons.
impl PartialEq for SigningSecret {
    fn eq(&self, other: &Self) -> bool {
        let same_hash = self.keyed.clone().finalize() == other.keyed.clone().finalize();
        same_hash && self.key.len() == other.key.len()
    }
}

impl Eq for SigningSecret {}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    fn text_of(key: &[u8]) -> String {
        format!("whsec_{}", STANDARD.encode(key))
    }

    #[test]
    fn secrets_have_24_to_64_bytes() {
        for len in [24, 32, 63, 64] {
            let text = text_of(&vec![7; len]);
            assert_eq!(SigningSecret::parse(&text).unwrap().reveal(), text);
        }
        for len in [0, 23, 65, 1_000] {
            let refused = SigningSecret::parse(&text_of(&vec![7; len]));
            assert_eq!(refused, Err(InvalidSigningSecret::Length(len)));
        }
    }

    #[test]
    fn an_invalid_secret_is_refused_and_not_repeated() {
        let url_safe = format!("whsec_{}", "-_".repeat(20));
        let unpadded = text_of(&[7; 25]).trim_end_matches('=').to_owned();
        for (bad, error) in [
            ("", InvalidSigningSecret::Prefix),
            ("C2FVsBQIhrscChlQIMV+b5sSYspob7oD", InvalidSigningSecret::Prefix),
            ("WHSEC_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", InvalidSigningSecret::Prefix),
            ("whsec_hush hush", InvalidSigningSecret::Base64),
            (&url_safe, InvalidSigningSecret::Base64),
            (&unpadded, InvalidSigningSecret::Base64),
        ] {
            let refused = SigningSecret::parse(bad).unwrap_err();
            assert!(bad.is_empty() || !refused.to_string().contains(bad), "{refused}");
            assert_eq!(refused, error, "{bad}");
        }
    }

    #[test]
    fn generated_secrets_differ_and_have_32_bytes() {
        let (one, other) = (SigningSecret::generate().unwrap(), SigningSecret::generate().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.key.len(), 32);
        assert_eq!(SigningSecret::parse(&one.reveal()), Ok(one));
    }

    #[test]
    fn a_key_padded_with_zeros_is_another_secret() {
        let mut longer = [7; 25];
        longer[24] = 0;
        assert_ne!(SigningSecret::of([7; 24].into()), SigningSecret::of(longer.into()));
    }

    #[test]
    fn a_request_may_bring_its_own_secret() {
        let read = |request: Value| {
            let request: Map<_, _> = request.as_object().unwrap().clone();
            let mut fields = Fields::new(&request);
            let secret = SigningSecret::read_or_generate(&mut fields);
            fields.finish().into_result(secret).map_err(|errors| errors.to_string())
        };
        let own = text_of(&[9; 24]);
        assert_eq!(read(json!({"secret": own})).unwrap().unwrap().reveal(), own);
        assert!(read(json!({})).unwrap().is_some());
        assert!(read(json!({"secret": null})).unwrap().is_some());
        assert_eq!(
            read(json!({"secret": 7})),
            Err("`secret` must be a string, not a number".into())
        );
        assert_eq!(read(json!({"secret": "x"})), Err("`secret` must begin with `whsec_`".into()));
    }

    #[test]
    fn a_secret_does_not_print() {
        let secret = SigningSecret::parse(&text_of(&[7; 24])).unwrap();
        assert_eq!(format!("{secret:?} {:#?}", Some(&secret)), "••• Some(\n    •••,\n)");
    }

    proptest! {
        #[test]
        fn no_text_makes_reading_panic(text in "(whsec_)?.{0,100}") {
            if let Ok(secret) = SigningSecret::parse(&text) {
                prop_assert_eq!(secret.reveal(), text);
            }
        }
    }
}
