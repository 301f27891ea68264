//! What makes a request go out.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::VariantArray;

use crate::ids::{ReplayId, ResendId};

/// What makes a request go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Trigger {
    /// The report's arrival, and the retry schedule.
    #[default]
    Automatic,
    /// Somebody asked for this delivery: one request, which no retry follows.
    Resend {
        /// Tells one resend from another, so that a repeated message does not repeat it.
        id: ResendId,
    },
    /// Somebody asked for a range of time: the retry schedule holds again.
    Replay {
        /// Which replay.
        id: ReplayId,
        /// Which deliveries it is for.
        only: ReplayScope,
    },
}

/// Which deliveries of a range of time a replay sends again.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, VariantArray,
)]
#[serde(rename_all = "snake_case")]
pub enum ReplayScope {
    /// Those that ended without being taken: failed and skipped.
    #[default]
    Failed,
    /// Those that were taken as well.
    All,
}

impl ReplayScope {
    /// Every scope.
    pub const ALL: &'static [Self] = Self::VARIANTS;
}

impl Trigger {
    /// What clients see.
    pub const NAMES: [&str; 2] = ["automatic", "manual"];

    /// Whether the report's arrival made this request go out.
    pub fn is_automatic(&self) -> bool {
        matches!(self, Self::Automatic)
    }

    /// What clients see: `automatic` or `manual`.
    pub fn name(&self) -> &'static str {
        if self.is_automatic() { "automatic" } else { "manual" }
    }

    /// When the attempts that it makes began: with the report's arrival at `received_at`, or when
    /// somebody asked for them.
    pub fn began_at(&self, received_at: Timestamp) -> Timestamp {
        match self {
            Self::Automatic => received_at,
            Self::Resend { id } => id.made_at(),
            Self::Replay { id, .. } => id.made_at(),
        }
    }

    /// The replay, if that is what it is.
    pub fn replay(&self) -> Option<ReplayId> {
        match self {
            Self::Replay { id, .. } => Some(*id),
            _ => None,
        }
    }
}
