//! Stored keys and requests for new ones.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{ApiKey, Grant, KeyId, KeyKind};
use crate::domain::account::AccountId;
use crate::domain::ids::{InvalidId, WebhookId};
use crate::domain::scope::{Scope, Scopes};
use crate::input::fields::{FieldErrors, Fields, kind_of, whole_number};

/// The owner of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyOwner {
    /// An account.
    Account(AccountId),
    /// The platform.
    Platform,
}

impl From<AccountId> for KeyOwner {
    fn from(account: AccountId) -> Self {
        Self::Account(account)
    }
}

/// A key as it is stored and listed, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredKey {
    /// The public part of the key.
    pub id: KeyId,
    /// The account it belongs to; `None` for a platform key.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub account_id: Option<AccountId>,
    /// The only webhook that it may access; `None` for all of the account.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub webhook_id: Option<WebhookId>,
    /// Its display name.
    pub name: String,
    /// Its purpose.
    #[serde(skip_serializing_if = "KeyKind::is_program", default)]
    pub kind: KeyKind,
    /// Its scopes.
    pub scopes: Scopes,
    /// When it was made.
    pub created_at: Timestamp,
    /// The platform key that made it; `None` if the operator or an earlier version made it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub created_by: Option<KeyId>,
    /// The number of keys between it and the operator, who makes keys of generation 0.
    #[serde(default)]
    pub generation: u8,
    /// When it expires; `None` for never.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expires_at: Option<Timestamp>,
    /// Its last use, updated at most once per [`StoredKey::USE_UPDATE_INTERVAL`].
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub last_used_at: Option<Timestamp>,
    /// Whether its account is being erased; the key grants nothing then.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub erasing: bool,
}

impl StoredKey {
    /// The last generation, whose keys cannot make keys: a chain of keys has to be revoked as a whole.
    pub const MAX_GENERATION: u8 = 10;
    /// The authorizer's `account_status` for a key whose account is being erased.
    pub const ERASING: &str = "erasing";
    /// The least time between two updates of the last use.
    pub const USE_UPDATE_INTERVAL: SignedDuration = SignedDuration::from_hours(1);

    /// The owner of the key.
    pub fn owner(&self) -> KeyOwner {
        self.account_id.clone().map_or(KeyOwner::Platform, KeyOwner::Account)
    }

    /// Whether the key has expired at `now`.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now)
    }

    /// Whether it is a console link that has expired at `now`. Lists leave such links out, and DynamoDB deletes them
    /// within days.
    pub fn is_expired_link(&self, now: Timestamp) -> bool {
        self.kind == KeyKind::ConsoleLink && self.is_expired(now)
    }

    /// Whether a use at `now` has to be stored.
    pub fn needs_use_update(&self, now: Timestamp) -> bool {
        self.last_used_at.is_none_or(|last| now.duration_since(last) >= Self::USE_UPDATE_INTERVAL)
    }
}

/// A request to make a key: `name`; `scopes`, by default all that the owner may have and the maker grants;
/// `expires_at` or `expires_in_days`, by default the latest that the maker grants; for an account `webhook_id`, by
/// default all webhooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRequest {
    pub(super) name: String,
    pub(super) scopes: Scopes,
    pub(super) webhook_id: Option<WebhookId>,
    pub(super) kind: KeyKind,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) created_by: Option<KeyId>,
    pub(super) generation: u8,
}

impl KeyRequest {
    /// The longest name, in characters.
    pub const MAX_NAME: usize = 100;
    /// The most `expires_in_days`: ten years.
    pub const MAX_DAYS: u16 = 3_650;
    /// The error of `scopes` if no scope can be granted.
    pub(super) const NOTHING_TO_GRANT: &str =
        "cannot be granted: the calling key has none that the new one may have";

    /// Reads a request, made at `now`, for a key of `owner` within its maker's grant.
    pub fn parse(
        object: &Map<String, Value>,
        owner: &KeyOwner,
        grant: &Grant,
        now: Timestamp,
    ) -> Result<Self, FieldErrors> {
        let allowed = grant.scopes_for(owner);
        let mut fields = Fields::new(object);
        let name = fields.required_text("name", Self::MAX_NAME).unwrap_or_default().to_owned();
        let scopes = fields
            .parsed("scopes", |value| parse_scopes(value, &allowed))
            .unwrap_or_else(|| Scopes::new(allowed.iter().copied()));
        if allowed.is_empty() {
            fields.errors.add("scopes", Self::NOTHING_TO_GRANT);
        }
        let at = fields.parsed("expires_at", |value| grant.within(parse_expiry(value, now)?));
        let in_days =
            fields.parsed("expires_in_days", |value| grant.within(parse_days(value, now)?));
        if at.is_some() && in_days.is_some() {
            fields.errors.add("expires_in_days", "must be absent if `expires_at` is there");
        }
        let webhook_id = match owner {
            KeyOwner::Account(_) => fields.parsed("webhook_id", parse_webhook_id),
            KeyOwner::Platform => None,
        };
        fields.finish().into_result(Self {
            name,
            scopes,
            webhook_id,
            kind: KeyKind::Program,
            expires_at: at.or(in_days).or(grant.expires_by),
            created_by: grant.created_by.clone(),
            generation: grant.generation,
        })
    }

    /// The webhook to which the key is limited.
    pub fn webhook_id(&self) -> Option<WebhookId> {
        self.webhook_id
    }

    /// The stored form of `key`.
    pub fn into_stored_key(self, key: &ApiKey, owner: &KeyOwner, now: Timestamp) -> StoredKey {
        let account_id = match owner {
            KeyOwner::Account(id) => Some(id.clone()),
            KeyOwner::Platform => None,
        };
        StoredKey {
            id: key.id(),
            account_id,
            webhook_id: self.webhook_id,
            name: self.name,
            kind: self.kind,
            scopes: self.scopes,
            created_at: now,
            created_by: self.created_by,
            generation: self.generation,
            expires_at: self.expires_at,
            last_used_at: None,
            erasing: false,
        }
    }
}

/// Why a requested expiry is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(super) enum InvalidExpiry {
    #[error("must be a time such as 2027-01-31T00:00:00Z (RFC 3339)")]
    NoTime,
    #[error("must be in the future")]
    Past,
    #[error("must be a whole number from 1 to {}", KeyRequest::MAX_DAYS)]
    Days,
    #[error(
        "must be {0} at the latest: a key ends no later than the one that makes it, and lasts no longer than the \
             deployment allows"
    )]
    TooLate(Timestamp),
}

fn parse_expiry(value: &Value, now: Timestamp) -> Result<Timestamp, InvalidExpiry> {
    let time: Timestamp =
        value.as_str().and_then(|text| text.parse().ok()).ok_or(InvalidExpiry::NoTime)?;
    if time > now { Ok(time) } else { Err(InvalidExpiry::Past) }
}

fn parse_days(value: &Value, now: Timestamp) -> Result<Timestamp, InvalidExpiry> {
    let days = whole_number(value).and_then(|days| u16::try_from(days).ok());
    let days = days.filter(|days| (1..=KeyRequest::MAX_DAYS).contains(days));
    let days = days.ok_or(InvalidExpiry::Days)?;
    now.checked_add(SignedDuration::from_hours(24 * i64::from(days)))
        .map_err(|_| InvalidExpiry::Days)
}

impl Grant {
    pub(super) fn within(&self, expires_at: Timestamp) -> Result<Timestamp, InvalidExpiry> {
        match self.expires_by {
            Some(latest) if latest < expires_at => Err(InvalidExpiry::TooLate(latest)),
            _ => Ok(expires_at),
        }
    }
}

pub(super) fn parse_scopes(value: &Value, allowed: &[Scope]) -> Result<Scopes, String> {
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

pub(super) fn parse_webhook_id(value: &Value) -> Result<WebhookId, InvalidId> {
    value.as_str().unwrap_or_default().parse()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_account_cannot_ask_for_a_platform_key() {
        let account = KeyOwner::Account("a".parse().unwrap());
        let json = json!({"name": "n", "scopes": ["webhooks:read", "platform"]});
        let read = |owner| KeyRequest::parse(json.as_object().unwrap(), owner, &all(), NOW);
        let error = read(&account).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`scopes` must hold one or more of webhooks:read, webhooks:write, reports:write, \
             deliveries:read, deliveries:write, reports:erase"
        );
        assert!(read(&KeyOwner::Platform).is_ok());
    }

    const NOW: Timestamp = Timestamp::constant(1_764_205_483, 0);

    fn all() -> Grant {
        Grant::of_operator(Scopes::all())
    }

    fn stored_key(request: &Value) -> Result<StoredKey, FieldErrors> {
        let owner = KeyOwner::Platform;
        let request = KeyRequest::parse(request.as_object().unwrap(), &owner, &all(), NOW)?;
        Ok(request.into_stored_key(&ApiKey::generate().unwrap(), &owner, NOW))
    }

    #[test]
    fn a_key_may_expire_at_a_time_or_after_days() {
        let never = stored_key(&json!({"name": "n"})).unwrap();
        assert!(!never.is_expired(Timestamp::MAX));
        for request in [
            json!({"name": "n", "expires_at": "2025-11-28T02:04:43+01:00"}),
            json!({"name": "n", "expires_in_days": 1}),
        ] {
            let key = stored_key(&request).unwrap();
            let end = NOW + SignedDuration::from_hours(24);
            assert_eq!(key.expires_at, Some(end), "{request}");
            assert!(!key.is_expired(end - SignedDuration::from_nanos(1)));
            assert!(key.is_expired(end));
        }
        for (field, value, why) in [
            ("expires_at", json!("2025-11-27T01:04:43Z"), "must be in the future"),
            ("expires_at", json!("tomorrow"), "RFC 3339"),
            ("expires_at", json!(1_764_205_484), "RFC 3339"),
            ("expires_in_days", json!(0), "from 1 to 3650"),
            ("expires_in_days", json!(3_651), "from 1 to 3650"),
            ("expires_in_days", json!("1"), "from 1 to 3650"),
        ] {
            let error = stored_key(&json!({"name": "n", field: value})).unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{field}`")) && error.contains(why), "{error}");
        }
        let both = json!({"name": "n", "expires_at": "2030-01-01T00:00:00Z", "expires_in_days": 1});
        assert!(stored_key(&both).is_err());
    }

    #[test]
    fn the_last_use_is_updated_once_an_hour() {
        let mut key = stored_key(&json!({"name": "n"})).unwrap();
        assert!(key.needs_use_update(NOW), "never used");
        key.last_used_at = Some(NOW);
        assert!(!key.needs_use_update(NOW + SignedDuration::from_mins(59)));
        assert!(key.needs_use_update(NOW + SignedDuration::from_hours(1)));
    }

    #[test]
    fn a_key_of_an_account_may_be_limited_to_one_webhook() {
        let webhook = "01890a5d-ac96-774b-bcce-b302099a8057";
        let account = KeyOwner::Account("a".parse().unwrap());
        let read = |owner, value| {
            let json = json!({"name": "n", "webhook_id": value});
            let request = KeyRequest::parse(json.as_object().unwrap(), owner, &all(), NOW);
            request.map(|request| request.webhook_id()).map_err(|errors| errors.to_string())
        };
        assert_eq!(read(&account, json!(webhook)), Ok(Some(webhook.parse().unwrap())));
        assert_eq!(read(&account, Value::Null), Ok(None));
        for (owner, wrong) in [
            (&account, json!("x")),
            (&account, json!([webhook])),
            (&account, json!("")),
            (&KeyOwner::Platform, json!(webhook)),
        ] {
            let error = read(owner, wrong).unwrap_err();
            assert!(error.starts_with("`webhook_id`"), "{error}");
        }
    }

    #[test]
    fn keys_stored_before_expiry_existed_are_read() {
        let old = json!({"id": "0123456789ab", "name": "n", "scopes": [], "created_at": NOW});
        let key: StoredKey = serde_json::from_value(old).unwrap();
        assert_eq!((key.expires_at, key.last_used_at), (None, None));
        assert_eq!((key.webhook_id, key.kind), (None, KeyKind::Program));
        assert_eq!(key.id.prefix(), "chk_0123456789ab");
    }
}
