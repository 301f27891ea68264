//! Accounts: the tenants, each one client of the platform.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::fields::{FieldErrors, Fields};

/// An account's id: 1 to 64 of `A–Z a–z 0–9 _ -`, chosen by the platform or generated.
///
/// The alphabet is safe in a key of DynamoDB, in a `MessageGroupId` of SQS and in a header.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountId(String);

/// A text that should be an account id and is not.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be 1 to 64 letters, digits, `_` or `-`")]
pub struct InvalidAccountId;

impl AccountId {
    /// A new id, for a platform that does not bring its own.
    pub fn generate() -> Self {
        Self(Uuid::now_v7().to_string())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccountId {
    type Err = InvalidAccountId;

    fn from_str(text: &str) -> Result<Self, InvalidAccountId> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        if (1..=64).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidAccountId)
        }
    }
}

impl TryFrom<String> for AccountId {
    type Error = InvalidAccountId;

    fn try_from(text: String) -> Result<Self, InvalidAccountId> {
        text.parse()
    }
}

impl From<AccountId> for String {
    fn from(id: AccountId) -> Self {
        id.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The account's id.
    pub id: AccountId,
    /// What people call it.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Account {
    /// Reads a request to make an account: `name`, and `id` if the platform chooses it.
    pub fn from_request(object: &Map<String, Value>, now: Timestamp) -> Result<Self, FieldErrors> {
        let mut fields = Fields::new(object);
        let name = fields.required_text("name", 100).unwrap_or_default().to_owned();
        let id = fields
            .parsed("id", |value| value.as_str().unwrap_or_default().parse())
            .unwrap_or_else(AccountId::generate);
        fields.finish().into_result(Self { id, name, created_at: now })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_short_and_plain() {
        for good in ["a", "client-42", "A_b-9", &"x".repeat(64)] {
            assert_eq!(good.parse::<AccountId>().unwrap().as_str(), good);
        }
        for bad in ["", "a#b", "a b", "ü", &"x".repeat(65), "a/b", "a\n"] {
            assert_eq!(bad.parse::<AccountId>(), Err(InvalidAccountId), "{bad:?}");
        }
    }
}
