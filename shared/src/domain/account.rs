//! Accounts: the tenants, each a customer of the platform.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use strum::VariantArray;
use uuid::Uuid;

use crate::domain::ids::WebhookId;
use crate::domain::ids::parse_webhook_id;
use crate::domain::quota::Quotas;
use crate::domain::time_zone::{UnknownTimeZone, time_zone};
use crate::input::fields::{FieldErrors, Fields, whole_number};

/// An account's id: 1 to 64 of `A–Z a–z 0–9 _ -`, chosen by the platform or generated.
///
/// These characters are safe in a DynamoDB key, in a `MessageGroupId` of SQS and in a header.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountId(String);

/// The text is not an account id.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be 1 to 64 letters, digits, `_` or `-`")]
pub struct InvalidAccountId;

impl AccountId {
    /// The longest id, in characters.
    pub const MAX_LEN: usize = 64;

    /// A new id, for a platform that does not choose one.
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
        if (1..=Self::MAX_LEN).contains(&text.len()) && text.bytes().all(allowed) {
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
    /// Its display name.
    pub name: String,
    /// The zone of the times in its reports, which name none.
    #[serde(default)]
    pub time_zone: AccountZone,
    /// How long its deliveries are kept.
    #[serde(default)]
    pub retention_days: Retention,
    /// The webhook that receives the account's operational events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operational_webhook_id: Option<WebhookId>,
    /// Its quotas.
    #[serde(default)]
    pub quotas: Quotas,
    /// Its status.
    #[serde(default)]
    pub status: AccountStatus,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The status of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// It is in use.
    #[default]
    Active,
    /// All its data are being deleted, and then the account itself.
    Erasing,
}

impl AccountStatus {
    /// Every status.
    pub const ALL: &'static [Self] = Self::VARIANTS;
}

/// How long the log keeps a delivery after its last change: 1 to 365 days, 30 by default. A delivery
/// that has not ended may be kept longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Retention(u16);

/// The number is not a retention.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be a whole number of days from 1 to 365")]
pub struct InvalidRetention;

impl Retention {
    /// The longest, in days.
    pub const MAX_DAYS: u16 = 365;
    /// The longest.
    pub const MAX: Duration = Duration::from_hours(Self::MAX_DAYS as u64 * 24);
    const SECONDS_PER_DAY: i64 = 24 * 60 * 60;

    /// When an item that changed at `at` expires, in seconds since the epoch.
    pub fn expiry(self, at: Timestamp) -> i64 {
        at.as_second() + i64::from(self.0) * Self::SECONDS_PER_DAY
    }
}

impl Default for Retention {
    fn default() -> Self {
        Self(30)
    }
}

impl TryFrom<u16> for Retention {
    type Error = InvalidRetention;

    fn try_from(days: u16) -> Result<Self, InvalidRetention> {
        if (1..=Self::MAX_DAYS).contains(&days) { Ok(Self(days)) } else { Err(InvalidRetention) }
    }
}

impl From<Retention> for u16 {
    fn from(retention: Retention) -> Self {
        retention.0
    }
}

/// The IANA name of a time zone, such as `Asia/Kolkata`; `UTC` by default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountZone {
    name: String,
    zone: TimeZone,
}

impl AccountZone {
    /// The zone's rules.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

impl Default for AccountZone {
    fn default() -> Self {
        Self { name: "UTC".to_owned(), zone: TimeZone::UTC }
    }
}

impl TryFrom<String> for AccountZone {
    type Error = UnknownTimeZone;

    fn try_from(name: String) -> Result<Self, UnknownTimeZone> {
        let zone = time_zone(&name)?;
        Ok(Self { name, zone })
    }
}

impl From<AccountZone> for String {
    fn from(zone: AccountZone) -> Self {
        zone.name
    }
}

impl Account {
    /// The longest name, in characters.
    pub const MAX_NAME: usize = 100;

    /// Reads a request to create an account.
    pub fn from_request(object: &Map<String, Value>, now: Timestamp) -> Result<Self, FieldErrors> {
        let mut fields = Fields::new(object);
        let name = fields.required_text("name", Self::MAX_NAME).unwrap_or_default().to_owned();
        let time_zone = fields.parsed("time_zone", parse_zone).unwrap_or_default();
        let retention_days = fields.parsed("retention_days", parse_retention).unwrap_or_default();
        let operational_webhook_id = fields.parsed("operational_webhook_id", parse_webhook_id);
        let quotas = Quotas::default().changed(&mut fields);
        let id = fields
            .parsed("id", |value| value.as_str().unwrap_or_default().parse())
            .unwrap_or_else(AccountId::generate);
        fields.finish().into_result(Self {
            id,
            name,
            time_zone,
            retention_days,
            operational_webhook_id,
            quotas,
            status: AccountStatus::Active,
            created_at: now,
        })
    }

    /// Applies the fields of `patch`; `null` resets a field to its default.
    pub fn patched(&self, patch: &Map<String, Value>) -> Result<Self, FieldErrors> {
        let mut fields = Fields::new(patch);
        let mut patched = self.clone();
        if patch.contains_key("name") {
            fields
                .required_text("name", Self::MAX_NAME)
                .unwrap_or_default()
                .clone_into(&mut patched.name);
        }
        if patch.contains_key("time_zone") {
            patched.time_zone = fields.parsed("time_zone", parse_zone).unwrap_or_default();
        }
        if patch.contains_key("retention_days") {
            patched.retention_days =
                fields.parsed("retention_days", parse_retention).unwrap_or_default();
        }
        if patch.contains_key("operational_webhook_id") {
            patched.operational_webhook_id =
                fields.parsed("operational_webhook_id", parse_webhook_id);
        }
        patched.quotas = self.quotas.changed(&mut fields);
        fields.ignore(&["id", "status", "created_at"]);
        fields.finish().into_result(patched)
    }
}

fn parse_zone(value: &Value) -> Result<AccountZone, UnknownTimeZone> {
    value.as_str().unwrap_or_default().to_owned().try_into()
}

fn parse_retention(value: &Value) -> Result<Retention, InvalidRetention> {
    let days = whole_number(value).and_then(|days| u16::try_from(days).ok());
    days.ok_or(InvalidRetention)?.try_into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn retention_is_one_to_365_days() {
        let read = |days: Value| {
            let request = json!({"name": "Acme", "retention_days": days});
            Account::from_request(request.as_object().unwrap(), Timestamp::UNIX_EPOCH)
        };
        assert_eq!(read(Value::Null).unwrap().retention_days, Retention(30));
        let account = read(json!(365)).unwrap();
        assert_eq!(account.retention_days.expiry(Timestamp::UNIX_EPOCH), 31_536_000);
        for bad in [json!(0), json!(366), json!(1.5), json!("30"), json!(-1), json!(65_566)] {
            assert!(read(bad.clone()).is_err(), "{bad}");
        }
        let reset = account.patched(json!({"retention_days": null}).as_object().unwrap()).unwrap();
        assert_eq!(reset.retention_days, Retention::default());
    }

    #[test]
    fn a_time_zone_is_an_iana_name() {
        let read = |zone: Value| {
            let request = json!({"name": "Acme", "time_zone": zone});
            Account::from_request(request.as_object().unwrap(), Timestamp::UNIX_EPOCH)
        };
        let account = read(json!("Asia/Kolkata")).unwrap();
        assert_eq!(serde_json::to_value(&account).unwrap()["time_zone"], "Asia/Kolkata");
        assert_eq!(read(Value::Null).unwrap().time_zone, AccountZone::default());
        for bad in [json!("Kolkata"), json!("+05:30"), json!(""), json!(5)] {
            assert!(read(bad.clone()).is_err(), "{bad}");
        }
        let patch = |patch: Value| account.patched(patch.as_object().unwrap());
        assert_eq!(patch(json!({"name": "New"})).unwrap().time_zone, account.time_zone);
        let reset = patch(json!({"time_zone": null})).unwrap();
        assert_eq!((reset.time_zone, reset.name), (AccountZone::default(), "Acme".to_owned()));
        assert!(patch(json!({"name": null})).is_err());
    }

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
