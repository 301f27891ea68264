//! Identifiers that are UUIDs, each a type of its own so that they cannot be mixed up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text that should be an id and is not.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057")]
pub struct InvalidId;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId)
            }
        }
    };
}

uuid_id! {
    /// A webhook (UUIDv7: ordered by creation).
    WebhookId
}
uuid_id! {
    /// A subscription (UUIDv7: ordered by creation).
    SubscriptionId
}
uuid_id! {
    /// A report (UUIDv8: ordered by the call's end, derived from content; see [`crate::report::id`]).
    ReportId
}

impl WebhookId {
    /// A new id, later than all before it.
    pub fn generate() -> Self {
        Self(Uuid::now_v7())
    }
}

impl SubscriptionId {
    /// A new id, later than all before it.
    pub fn generate() -> Self {
        Self(Uuid::now_v7())
    }
}

impl ReportId {
    pub(crate) fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }

    /// The 16 bytes of the id.
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}
