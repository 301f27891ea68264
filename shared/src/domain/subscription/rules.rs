//! Ranges of keys under which a report's subscriptions are stored.
//!
//! Subscriptions are looked up by event and identity. New identities are stored in normal form; earlier
//! versions stored them as their owner wrote them, and those still count. So a look-up reads a range of
//! stored identities and compares them in normal form. A report needs at most five ranges, one of which
//! is the same for all numbers of the account.

use super::identity::{Identity, Normalized, spelling};
use crate::domain::ids::WebhookId;
use crate::domain::report::Report;

/// A range of stored identities, read with one query.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RuleRange {
    /// `all`.
    All,
    /// A number, with or without a fraction of zeros.
    Number(Normalized),
    /// All numbers stored with a character before their first digit, or with `00`.
    PrefixedNumbers,
    /// A number stored with the same spacing as in a report.
    Spaced(String),
    /// A flow, with or without a fraction of zeros.
    Flow(Normalized),
    /// All sources, in any letter case: there are few.
    Sources,
}

/// A subscribed webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscriber {
    /// The identity to which it subscribes.
    pub identity: Identity,
    /// The webhook.
    pub webhook_id: WebhookId,
}

impl RuleRange {
    /// The ranges of the subscriptions to any of `identities`, those of `report`.
    pub fn of_report(report: &Report, identities: &[Identity]) -> Vec<Self> {
        let mut ranges: Vec<_> = identities.iter().flat_map(Self::of).collect();
        let bridge = report.value("bridge").and_then(spelling);
        let spaced = bridge.and_then(|text| spaced(&text, &ranges));
        ranges.extend(spaced);
        ranges
    }

    /// The ranges of the subscriptions to an identity, except for numbers stored with spacing between
    /// their digits.
    pub fn of(identity: &Identity) -> Vec<Self> {
        match identity {
            Identity::All => vec![Self::All],
            Identity::Number(number) => vec![Self::Number(number.clone()), Self::PrefixedNumbers],
            Identity::Flow(flow) => vec![Self::Flow(flow.clone())],
            Identity::Source(_) => vec![Self::Sources],
        }
    }

    /// The first and the last key, `<identity>#<webhook>`, of the range.
    pub fn bounds(&self) -> (String, String) {
        match self {
            Self::All => exactly("all"),
            Self::Number(number) => with_fraction(&format!("number:{number}")),
            Self::PrefixedNumbers => ("number:!".to_owned(), "number:00~".to_owned()),
            Self::Spaced(text) => exactly(&format!("number:{text}")),
            Self::Flow(flow) => with_fraction(&format!("flow:{flow}")),
            // The character after the colon.
            Self::Sources => ("source:".to_owned(), "source;".to_owned()),
        }
    }

    /// Whether the range contains `key`, `<identity>#<webhook>`.
    fn contains(&self, key: &str) -> bool {
        let (from, to) = self.bounds();
        (from.as_str()..=to.as_str()).contains(&key)
    }

    /// Whether new subscriptions may be stored in it. The other ranges hold only those of earlier versions.
    pub fn accepts_new(&self) -> bool {
        !matches!(self, Self::PrefixedNumbers | Self::Spaced(_))
    }
}

/// The keys of an identity: ids of webhooks are hex digits, which sort before `~`.
fn exactly(identity: &str) -> (String, String) {
    (format!("{identity}#"), format!("{identity}#~"))
}

/// The keys of an identity with or without a fraction: `#` sorts before `.`, and both before digits, so
/// that no other number is in between.
fn with_fraction(identity: &str) -> (String, String) {
    (format!("{identity}#"), format!("{identity}.~"))
}

/// The range of a report's own spelling of its number, if it is a valid identity and in none of
/// `ranges`.
fn spaced(text: &str, ranges: &[RuleRange]) -> Option<RuleRange> {
    let is_normal = |range: &RuleRange| match range {
        RuleRange::Number(number) => number.as_str() == text,
        _ => false,
    };
    // Nearly all numbers are in normal form.
    if ranges.iter().any(is_normal) {
        return None;
    }
    Normalized::checked(text)?;
    let key = format!("number:{text}#");
    let is_found = ranges.iter().any(|range| range.contains(&key));
    (!is_found).then(|| RuleRange::Spaced(text.to_owned()))
}

#[cfg(test)]
mod tests;
