//! The headers of an answer, within bounds.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

use http::HeaderMap;
use serde::{Deserialize, Serialize};

use crate::compose::{HIDDEN, names_a_secret};

/// The headers of an answer, at most [`ResponseHeaders::MAX`] and [`ResponseHeaders::MAX_BYTES`]. Values of cookies
/// and of other headers that hold a secret by their names are `•••`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseHeaders {
    /// Values by name in lower case. Several values of a name are joined by `, `.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    kept: BTreeMap<String, String>,
    /// The values that were left out.
    #[serde(default, skip_serializing_if = "is_zero")]
    left_out: u32,
}

/// Headers that tell browsers what to do, and fill the room of others.
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
    /// The longest name and value together, in bytes. A longer one is left out: the beginning of a secret at the end
    /// of a value that was cut could not be hidden.
    pub const MAX_LINE: usize = 1024;

    /// What is kept of `headers`, in their order until the room is taken. Secrets of webhooks are still in it.
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

    /// The same with what `hide` makes of each name and value. What has no room any more is left out.
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

    /// How many values were left out: for want of room, too long ones, and those that are for browsers.
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
            // A secret is as hidden once as twice.
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

/// How many, and how large: a receiver may have written anything into them.
impl fmt::Debug for ResponseHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (names, bytes) = (self.kept.len(), self.bytes());
        write!(f, "{names} headers of {bytes} bytes, {} left out", self.left_out)
    }
}

/// The text of a value: what is not UTF-8, and every control character, is `U+FFFD`.
fn text_of(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
