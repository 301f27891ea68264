//! Headers of a response, within bounds.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

use http::HeaderMap;
use serde::{Deserialize, Serialize};

use crate::domain::compose::names_a_secret;
use crate::domain::redaction::HIDDEN;

/// Headers of a response, at most [`ResponseHeaders::MAX`] and [`ResponseHeaders::MAX_BYTES`]. Values of cookies
/// and of other headers with names of secrets are `•••`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseHeaders {
    /// Values by name in lower case. Several values of a name are joined by `, `.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    kept: BTreeMap<String, String>,
    /// The values that were left out.
    #[serde(default, skip_serializing_if = "is_zero")]
    left_out: u32,
}

/// Headers that only instruct browsers; they would use up the space of others.
const FOR_BROWSERS: [&str; 10] = [
    "accept-ch",
    "alt-svc",
    "content-security-policy",
    "content-security-policy-report-only",
    "feature-policy",
    "nel",
    "p3p",
    "permissions-policy",
    "report-to",
    "reporting-endpoints",
];

impl ResponseHeaders {
    /// The most names.
    pub const MAX: usize = 30;
    /// The most bytes of names and values together.
    pub const MAX_BYTES: usize = 2 * 1024;
    /// The longest name and value together, in bytes. A longer header is left out, not cut: a secret that the cut splits
    /// could not be redacted.
    pub const MAX_LINE: usize = 1024;

    /// Keeps `headers`, in their order, up to the limits. Secrets of webhooks are not redacted yet.
    pub fn of(headers: &HeaderMap) -> Self {
        let mut kept = Self::default();
        for (name, value) in headers {
            let name = name.as_str();
            if FOR_BROWSERS.contains(&name) || name.len() + value.len() > Self::MAX_LINE {
                kept.left_out = kept.left_out.saturating_add(1);
            } else if names_a_secret(name) {
                kept.insert(name.to_owned(), HIDDEN);
            } else {
                kept.insert(name.to_owned(), &text_of(value.as_bytes()));
            }
        }
        kept
    }

    /// Applies `hide` to each name and value. Headers beyond the limits are left out.
    #[must_use]
    pub fn map(self, mut hide: impl FnMut(String) -> String) -> Self {
        let mut kept = Self { left_out: self.left_out, ..Self::default() };
        for (name, value) in self.kept {
            let value = hide(value);
            kept.insert(hide(name), &value);
        }
        kept
    }

    /// Values by name in lower case.
    pub fn kept(&self) -> &BTreeMap<String, String> {
        &self.kept
    }

    /// How many values were left out: beyond the limits, too long, or for browsers.
    pub fn left_out(&self) -> u32 {
        self.left_out
    }

    /// The bytes of names and values.
    pub fn bytes(&self) -> usize {
        self.kept.iter().map(|(name, value)| name.len() + value.len()).sum()
    }

    fn insert(&mut self, name: String, value: &str) {
        let (is_full, left) =
            (self.kept.len() >= Self::MAX, Self::MAX_BYTES.saturating_sub(self.bytes()));
        match self.kept.entry(name) {
            // Repeated secrets are redacted once.
            Entry::Occupied(entry) if value == HIDDEN && entry.get() == HIDDEN => {}
            Entry::Occupied(mut entry) if ", ".len() + value.len() <= left => {
                let joined = entry.get_mut();
                joined.push_str(", ");
                joined.push_str(value);
            }
            Entry::Vacant(entry) if !is_full && entry.key().len() + value.len() <= left => {
                entry.insert(value.to_owned());
            }
            _ => self.left_out = self.left_out.saturating_add(1),
        }
    }
}

/// Prints the number and the size only: a receiver may write anything into headers.
impl fmt::Debug for ResponseHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (names, bytes) = (self.kept.len(), self.bytes());
        write!(f, "{names} headers of {bytes} bytes, {} left out", self.left_out)
    }
}

/// The text of a value; invalid UTF-8 and control characters are replaced by `U+FFFD`.
fn text_of(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
