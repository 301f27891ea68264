//! API keys: what a caller presents, what is stored of it, and what it may do.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::account::AccountId;
use crate::fields::{FieldErrors, Fields, MAX_NAME, kind_of};
use crate::scope::{Scope, Scopes};

/// A key as its owner holds it: `chk_<12 hex digits>_<256 random bits in base64url>`.
///
/// The first part names the key and may be shown; the second is the secret. It is never stored
/// or logged, and prints as its first part only.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

/// A text that cannot be a key of ours; the text itself is not repeated.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("is not an API key: it must look like chk_<12 hex digits>_<43 characters>")]
pub struct InvalidApiKey;

/// The system's source of random bytes failed; no key was made.
#[derive(Debug, thiserror::Error)]
#[error("the system gave no random bytes: {0}")]
pub struct NoRandomness(getrandom::Error);

const PREFIX: &str = "chk_";
const ID_LEN: usize = 12;
const SECRET_LEN: usize = 43;

impl ApiKey {
    /// A new key.
    pub fn generate() -> Result<Self, NoRandomness> {
        let mut id = [0u8; ID_LEN / 2];
        let mut secret = [0u8; 32];
        getrandom::fill(&mut id).map_err(NoRandomness)?;
        getrandom::fill(&mut secret).map_err(NoRandomness)?;
        Ok(Self(format!("{PREFIX}{}_{}", hex(&id), URL_SAFE_NO_PAD.encode(secret))))
    }

    /// The part that names the key.
    pub fn id(&self) -> KeyId {
        KeyId(self.0.chars().skip(PREFIX.len()).take(ID_LEN).collect())
    }

    /// What the key is stored and looked up by. 256 random bits need no slow hash.
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

/// The part of a key that names it: 12 lowercase hex digits.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyId(String);

impl KeyId {
    /// Its length, in characters.
    pub const LEN: usize = ID_LEN;
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

/// SHA-256 of a key, in hex. Looking a key up by it leaks nothing through timing that helps to
/// guess the key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyHash(String);

impl fmt::Display for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whose key it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyOwner {
    /// A client of the platform.
    Account(AccountId),
    /// The platform itself.
    Platform,
}

/// What is stored of a key, and shown in lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRecord {
    /// The part of the key that names it.
    pub id: KeyId,
    /// The account it belongs to; none for a key of the platform.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub account_id: Option<AccountId>,
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// When it was made.
    pub created_at: Timestamp,
}

impl KeyRecord {
    /// Whose key it is.
    pub fn owner(&self) -> KeyOwner {
        self.account_id.clone().map_or(KeyOwner::Platform, KeyOwner::Account)
    }
}

/// A request to make a key: `name`, and `scopes` (all that the owner may have, if absent).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRequest {
    name: String,
    scopes: Scopes,
}

impl KeyRequest {
    /// Reads a request for a key of `owner`.
    pub fn parse(object: &Map<String, Value>, owner: &KeyOwner) -> Result<Self, FieldErrors> {
        let allowed: &[Scope] = match owner {
            KeyOwner::Account(_) => &Scope::OF_ACCOUNTS,
            KeyOwner::Platform => &Scope::ALL,
        };
        let mut fields = Fields::new(object);
        let name = fields.required_text("name", MAX_NAME).unwrap_or_default().to_owned();
        let scopes = fields
            .parsed("scopes", |value| parse_scopes(value, allowed))
            .unwrap_or_else(|| Scopes::new(allowed.iter().copied()));
        fields.finish().into_result(Self { name, scopes })
    }

    /// What will be stored for `key`.
    pub fn record(self, key: &ApiKey, owner: &KeyOwner, now: Timestamp) -> KeyRecord {
        let account_id = match owner {
            KeyOwner::Account(id) => Some(id.clone()),
            KeyOwner::Platform => None,
        };
        KeyRecord {
            id: key.id(),
            account_id,
            name: self.name,
            scopes: self.scopes,
            created_at: now,
        }
    }
}

fn parse_scopes(value: &Value, allowed: &[Scope]) -> Result<Scopes, String> {
    let names = || allowed.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(", ");
    let list = value
        .as_array()
        .ok_or_else(|| format!("must be an array of {}, not {}", names(), kind_of(value)))?;
    let scopes = list
        .iter()
        .map(|item| item.as_str().and_then(Scope::named).filter(|scope| allowed.contains(scope)))
        .collect::<Option<Vec<_>>>()
        .filter(|scopes| !scopes.is_empty())
        .ok_or_else(|| format!("must hold one or more of {}", names()))?;
    Ok(Scopes::new(scopes))
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
    use serde_json::json;

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
    fn what_cannot_be_a_key_is_refused_before_any_look_up() {
        let key = ApiKey::generate().unwrap();
        let good = key.reveal();
        let uppercase_id = good.replacen("chk_", "chk_A", 1);
        for bad in ["", "chk_", "chk__", &good[1..], &good[..good.len() - 1], &uppercase_id] {
            assert_eq!(bad.parse::<ApiKey>(), Err(InvalidApiKey), "{bad}");
        }
        assert!(format!("{good}x").parse::<ApiKey>().is_err());
        assert!(good.replace('_', " ").parse::<ApiKey>().is_err());
    }

    #[test]
    fn an_account_cannot_ask_for_a_platform_key() {
        let account = KeyOwner::Account("a".parse().unwrap());
        let json = json!({"name": "n", "scopes": ["webhooks:read", "platform"]});
        let error = KeyRequest::parse(json.as_object().unwrap(), &account).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`scopes` must hold one or more of webhooks:read, webhooks:write, reports:write, \
             deliveries:read, deliveries:write"
        );
        assert!(KeyRequest::parse(json.as_object().unwrap(), &KeyOwner::Platform).is_ok());
    }
}
