//! What a key may grant to the keys that it makes: no more than it has itself.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};

use super::{KeyId, KeyOwner, KeyRequest, StoredKey};
use crate::domain::scope::{Scope, Scopes};

/// Scopes and lifetime that a maker grants to a new key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub(super) scopes: Scopes,
    pub(super) expires_by: Option<Timestamp>,
    pub(super) created_by: Option<KeyId>,
    pub(super) generation: u8,
}

impl Grant {
    /// The grant of a platform key: its scopes, until it expires itself.
    pub fn of(maker: &StoredKey) -> Self {
        Self {
            scopes: maker.scopes.clone(),
            expires_by: maker.expires_at,
            created_by: Some(maker.id.clone()),
            generation: maker.generation.saturating_add(1),
        }
    }

    /// The grant of the operator, who invokes the function without a key: these scopes, without expiry.
    pub fn of_operator(scopes: Scopes) -> Self {
        Self { scopes, expires_by: None, created_by: None, generation: 0 }
    }

    /// The same grant, limited to the deployment's longest lifetime of a key that is made at `now`.
    #[must_use]
    pub fn limited(mut self, lifetime: KeyLifetime, now: Timestamp) -> Self {
        let end = lifetime.end(now);
        self.expires_by = self.expires_by.into_iter().chain(end).min();
        self
    }

    /// The scopes that a key of `owner` may get.
    pub(super) fn scopes_for(&self, owner: &KeyOwner) -> Vec<Scope> {
        let may_have = |scope: &Scope| match owner {
            KeyOwner::Account(_) => scope.is_of_accounts(),
            KeyOwner::Platform => true,
        };
        let granted = Scope::ALL.iter().copied().filter(|scope| self.scopes.contains(*scope));
        granted.filter(may_have).collect()
    }
}

/// The longest lifetime of a key in a deployment, in days; 0 for no bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeyLifetime(u16);

/// The text is not a lifetime.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be a whole number of days from 0 (no bound) to {}", KeyRequest::MAX_DAYS)]
pub struct InvalidKeyLifetime;

impl KeyLifetime {
    fn end(self, now: Timestamp) -> Option<Timestamp> {
        let hours = 24 * i64::from(self.0);
        (hours > 0).then(|| now.checked_add(SignedDuration::from_hours(hours)).ok()).flatten()
    }
}

impl FromStr for KeyLifetime {
    type Err = InvalidKeyLifetime;

    fn from_str(text: &str) -> Result<Self, InvalidKeyLifetime> {
        let days = text.parse().ok().filter(|days| *days <= KeyRequest::MAX_DAYS);
        days.map(Self).ok_or(InvalidKeyLifetime)
    }
}

#[cfg(test)]
mod tests;
