//! Console links: each opens the console with a key of its own, for an account's own people.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::stored::{parse_scopes, parse_webhook_id};
use super::{Grant, KeyOwner, KeyRequest};
use crate::domain::account::AccountId;
use crate::domain::scope::{Scope, Scopes};
use crate::input::fields::{FieldErrors, Fields, whole_number};

/// The purpose of a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// A program.
    #[default]
    Program,
    /// A link that opens the console.
    ConsoleLink,
}

impl KeyKind {
    /// Whether a program uses the key. The stored form of such a key leaves the kind out.
    pub fn is_program(&self) -> bool {
        *self == Self::Program
    }
}

/// Limits and request of console links.
#[derive(Debug, Clone, Copy)]
pub struct ConsoleLink;

impl ConsoleLink {
    /// The shortest lifetime that may be requested, in seconds.
    pub const MIN_SECONDS: u32 = 60;
    /// The longest, in seconds: a day.
    pub const MAX_SECONDS: u32 = 86_400;
    /// The default lifetime, in seconds.
    pub const DEFAULT_SECONDS: u32 = 3_600;
    /// The most links of an account that have neither expired nor been revoked.
    pub const MAX_LIVE: usize = 200;
    /// The least time for which a link counts towards [`ConsoleLink::MAX_LIVE`], unless it is revoked. So an account
    /// gets at most that many links an hour, which bounds how many expired ones wait for deletion.
    pub const COUNTS_FOR: SignedDuration = SignedDuration::from_hours(1);
    /// The default scopes, as far as the calling key has them.
    pub const DEFAULT_SCOPES: [Scope; 2] = [Scope::WebhooksRead, Scope::DeliveriesRead];
    /// The default name.
    pub const DEFAULT_NAME: &str = "Console link";

    /// Reads a request, made at `now`, for the key of a link of `account`, within the calling key's grant: `name`,
    /// `scopes`, `webhook_id` and `expires_in_seconds`, all of them optional.
    pub fn parse(
        object: &Map<String, Value>,
        account: &AccountId,
        grant: &Grant,
        now: Timestamp,
    ) -> Result<KeyRequest, FieldErrors> {
        let allowed = grant.scopes_for(&KeyOwner::Account(account.clone()));
        let mut fields = Fields::new(object);
        let name = fields.text("name", KeyRequest::MAX_NAME).unwrap_or(Self::DEFAULT_NAME);
        let readable = Self::DEFAULT_SCOPES.into_iter().filter(|scope| allowed.contains(scope));
        let readable: Vec<_> = readable.collect();
        let is_asked_for = fields.value("scopes").is_some();
        if allowed.is_empty() {
            fields.errors.add("scopes", KeyRequest::NOTHING_TO_GRANT);
        } else if !is_asked_for && readable.is_empty() {
            let names = Self::DEFAULT_SCOPES.map(Scope::as_str).join(" nor ");
            fields
                .errors
                .add("scopes", format_args!("is required: the calling key has neither {names}"));
        }
        let scopes = fields.parsed("scopes", |value| parse_scopes(value, &allowed));
        let webhook_id = fields.parsed("webhook_id", parse_webhook_id);
        let expires_at = fields.parsed("expires_in_seconds", |value| {
            let seconds = parse_seconds(value).map_err(|error| error.to_string())?;
            grant.within(after(now, seconds)).map_err(|error| error.to_string())
        });
        // The default lifetime is cut to the grant; a requested one beyond it is an error.
        let latest = after(now, Self::DEFAULT_SECONDS);
        let expires_at =
            expires_at.unwrap_or_else(|| grant.expires_by.unwrap_or(latest).min(latest));
        let request = KeyRequest {
            name: name.to_owned(),
            scopes: scopes.unwrap_or_else(|| Scopes::new(readable)),
            webhook_id,
            kind: KeyKind::ConsoleLink,
            expires_at: Some(expires_at),
            created_by: grant.created_by.clone(),
            generation: grant.generation,
        };
        fields.finish().into_result(request)
    }
}

/// The value is not a lifetime of a link.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "must be a whole number of seconds from {} to {}",
    ConsoleLink::MIN_SECONDS,
    ConsoleLink::MAX_SECONDS
)]
struct InvalidSeconds;

fn parse_seconds(value: &Value) -> Result<u32, InvalidSeconds> {
    let seconds = whole_number(value).and_then(|seconds| u32::try_from(seconds).ok());
    let range = ConsoleLink::MIN_SECONDS..=ConsoleLink::MAX_SECONDS;
    seconds.filter(|seconds| range.contains(seconds)).ok_or(InvalidSeconds)
}

/// The time `seconds` after `now`.
fn after(now: Timestamp, seconds: u32) -> Timestamp {
    now.checked_add(SignedDuration::from_secs(i64::from(seconds))).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
