//! API keys: their text, their stored form and their scopes.

mod grant;
mod link;
mod stored;

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use self::grant::{Grant, InvalidKeyLifetime, KeyLifetime};
pub use self::link::{ConsoleLink, KeyKind};
pub use self::stored::{KeyOwner, KeyRequest, StoredKey};
use crate::domain::random::{NoRandomness, random_bytes};

/// A key as a caller presents it: `chk_<12 hex digits>_<256 random bits in base64url>`.
///
/// The first part is the key's id and may be shown; the second is the secret. The whole key is never stored
/// or logged, and `Debug` prints only its first part.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

/// The text is not a key. The error does not repeat it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("is not an API key: it must look like chk_<12 hex digits>_<43 characters>")]
pub struct InvalidApiKey;

const PREFIX: &str = "chk_";
const ID_LEN: usize = 12;
const SECRET_LEN: usize = 43;

impl ApiKey {
    /// A new key.
    pub fn generate() -> Result<Self, NoRandomness> {
        let id: [u8; ID_LEN / 2] = random_bytes()?;
        let secret: [u8; 32] = random_bytes()?;
        Ok(Self(format!("{PREFIX}{}_{}", hex(&id), URL_SAFE_NO_PAD.encode(secret))))
    }

    /// The public part of the key.
    pub fn id(&self) -> KeyId {
        KeyId(self.0.chars().skip(PREFIX.len()).take(ID_LEN).collect())
    }

    /// The hash by which the key is stored and looked up. 256 random bits need no slow hash.
    pub fn hash(&self) -> KeyHash {
        KeyHash(hex(&Sha256::digest(self.0.as_bytes())))
    }

    /// The whole key, for the one answer that shows it to its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for ApiKey {
    type Err = InvalidApiKey;

    fn from_str(text: &str) -> Result<Self, InvalidApiKey> {
        let (id, secret) =
            text.strip_prefix(PREFIX).and_then(|rest| rest.split_once('_')).ok_or(InvalidApiKey)?;
        let secret_char = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        if KeyId::from_str(id).is_ok()
            && secret.len() == SECRET_LEN
            && secret.bytes().all(secret_char)
        {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidApiKey)
        }
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}_•••", self.id())
    }
}

/// The public part of a key: 12 lowercase hex digits.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyId(String);

impl KeyId {
    /// Its length, in characters.
    pub const LEN: usize = ID_LEN;

    /// The public beginning of the key: `chk_<id>`.
    pub fn prefix(&self) -> String {
        format!("{PREFIX}{self}")
    }
}

impl FromStr for KeyId {
    type Err = InvalidApiKey;

    fn from_str(text: &str) -> Result<Self, InvalidApiKey> {
        let lower_hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        if text.len() == ID_LEN && text.bytes().all(lower_hex) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidApiKey)
        }
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// SHA-256 of a key, in hex. The timing of a look-up by hash reveals nothing that helps to guess the
/// key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyHash(String);

impl fmt::Display for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_holds_256_random_bits_and_reads_back() {
        let key = ApiKey::generate().unwrap();
        let secret = key.reveal().rsplit_once(&format!("{}_", key.id())).unwrap().1;
        assert_eq!(URL_SAFE_NO_PAD.decode(secret).unwrap().len(), 32);
        assert_eq!(key.reveal().parse::<ApiKey>().unwrap(), key);
        assert_ne!(key.hash(), ApiKey::generate().unwrap().hash());
    }

    #[test]
    fn a_key_does_not_print_its_secret() {
        let key = ApiKey::generate().unwrap();
        let printed = format!("{key:?}");
        let secret = &key.reveal()[PREFIX.len() + ID_LEN + 1..];
        assert!(!printed.contains(secret), "{printed}");
        assert!(printed.contains(&key.id().to_string()), "{printed}");
    }

    #[test]
    fn malformed_keys_are_refused_before_any_look_up() {
        let key = ApiKey::generate().unwrap();
        let good = key.reveal();
        let uppercase_id = good.replacen("chk_", "chk_A", 1);
        for bad in ["", "chk_", "chk__", &good[1..], &good[..good.len() - 1], &uppercase_id] {
            assert_eq!(bad.parse::<ApiKey>(), Err(InvalidApiKey), "{bad}");
        }
        assert!(format!("{good}x").parse::<ApiKey>().is_err());
        assert!(good.replace('_', " ").parse::<ApiKey>().is_err());
    }
}
