//! UUID identifiers, each with a type of its own so that they cannot be mixed up.

mod trial;

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

pub use self::trial::{RequestId, TrialId};
use crate::input::fields::kind_of;

/// The text is not a UUID.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057")]
pub struct InvalidId;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The next lower id; `None` for the lowest.
            pub fn predecessor(&self) -> Option<Self> {
                self.0.as_u128().checked_sub(1).map(Uuid::from_u128).map(Self)
            }

            /// The 16 bytes of the id.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

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
    /// A report (UUIDv8: ordered by the end of the call, derived from content; see [`crate::domain::report::id`]).
    ReportId
}

uuid_id! {
    /// A resend of one delivery (UUIDv7: ordered by creation).
    ResendId
}
uuid_id! {
    /// A replay of a range of time (UUIDv7: ordered by creation).
    ReplayId
}

macro_rules! generated {
    ($($name:ident),+) => {$(
        impl $name {
            /// A new id, greater than all earlier ones.
            pub fn generate() -> Self {
                Self(Uuid::now_v7())
            }

            /// When the id was generated; the epoch if it is not a UUIDv7.
            pub fn made_at(&self) -> Timestamp {
                let time = self.0.get_timestamp().map(|time| time.to_unix());
                let (seconds, nanos) = time.unwrap_or_default();
                let seconds = i64::try_from(seconds).unwrap_or(0);
                let nanos = i32::try_from(nanos).unwrap_or(0);
                Timestamp::new(seconds, nanos).unwrap_or_default()
            }
        }
    )+};
}

generated!(WebhookId, SubscriptionId, ResendId, ReplayId);

impl WebhookId {
    /// A bound below the id of every webhook: no UUIDv7 is all zeros.
    pub const fn lowest() -> Self {
        Self(Uuid::nil())
    }
}

impl ReportId {
    pub(crate) fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }

    /// The lowest id of a report with the time `millis`, in milliseconds since the epoch.
    pub fn lowest_at(millis: u64) -> Self {
        let time = u128::from(millis.min((1 << 48) - 1));
        Self(Uuid::from_u128(time << 80))
    }

    /// A bound above the id of every report: no UUIDv8 is all ones.
    pub const fn upper_bound() -> Self {
        Self(Uuid::max())
    }

    /// Whether Callhook can have generated the id: it is a UUID of version 8.
    pub fn is_generated(&self) -> bool {
        self.0.get_version_num() == 8
    }
}

/// Reads a webhook's id from a field of a request.
pub(crate) fn parse_webhook_id(value: &Value) -> Result<WebhookId, String> {
    let text = value.as_str().ok_or_else(|| format!("{InvalidId}, not {}", kind_of(value)))?;
    text.parse().map_err(|error: InvalidId| error.to_string())
}
