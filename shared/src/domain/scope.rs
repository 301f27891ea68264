//! Scopes of API keys.

use serde::{Deserialize, Serialize};
use strum::VariantArray;

/// A right of a key.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, VariantArray,
)]
pub enum Scope {
    /// Read webhooks and subscriptions.
    #[serde(rename = "webhooks:read")]
    WebhooksRead,
    /// Create, change and delete webhooks and subscriptions.
    #[serde(rename = "webhooks:write")]
    WebhooksWrite,
    /// Submit reports.
    #[serde(rename = "reports:write")]
    ReportsWrite,
    /// Read the log of deliveries: reports, receivers' responses, figures.
    #[serde(rename = "deliveries:read")]
    DeliveriesRead,
    /// Resend and replay deliveries.
    #[serde(rename = "deliveries:write")]
    DeliveriesWrite,
    /// Erase reports for good.
    #[serde(rename = "reports:erase")]
    ReportsErase,
    /// Manage accounts and keys, and act for the account named in `X-Account-Id` within the key's
    /// other scopes.
    #[serde(rename = "platform")]
    Platform,
}

impl Scope {
    /// All scopes.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The scopes that a key of an account may have.
    pub fn of_accounts() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|scope| scope.is_of_accounts())
    }

    /// Whether a key of an account may have it.
    pub fn is_of_accounts(self) -> bool {
        match self {
            Self::WebhooksRead
            | Self::WebhooksWrite
            | Self::ReportsWrite
            | Self::DeliveriesRead
            | Self::DeliveriesWrite
            | Self::ReportsErase => true,
            Self::Platform => false,
        }
    }

    /// The scope with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scope| scope.as_str() == name)
    }

    /// The scope's name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WebhooksRead => "webhooks:read",
            Self::WebhooksWrite => "webhooks:write",
            Self::ReportsWrite => "reports:write",
            Self::DeliveriesRead => "deliveries:read",
            Self::DeliveriesWrite => "deliveries:write",
            Self::ReportsErase => "reports:erase",
            Self::Platform => "platform",
        }
    }
}

/// The scopes of a key, each at most once, in a fixed order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// These scopes.
    pub fn new(scopes: impl IntoIterator<Item = Scope>) -> Self {
        let mut scopes: Vec<_> = scopes.into_iter().collect();
        scopes.sort_unstable();
        scopes.dedup();
        Self(scopes)
    }

    /// All scopes.
    pub fn all() -> Self {
        Self::new(Scope::ALL.iter().copied())
    }

    /// Whether `scope` is among them.
    pub fn contains(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// The scopes as the authorizer passes them on: names separated by spaces.
    pub fn to_words(&self) -> String {
        self.0.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// The inverse of [`Scopes::to_words`]; unknown words are dropped.
    pub fn from_words(words: &str) -> Self {
        Self::new(words.split(' ').filter_map(Scope::named))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_survive_the_authorizer() {
        let scopes = Scopes::new([Scope::ReportsWrite, Scope::WebhooksRead, Scope::ReportsWrite]);
        assert_eq!(scopes.to_words(), "webhooks:read reports:write");
        assert_eq!(Scopes::from_words(&scopes.to_words()), scopes);
        assert!(!Scopes::from_words("webhooks:* Platform").contains(Scope::Platform));
    }
}
